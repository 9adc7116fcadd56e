"""Form fields for what the engine's kinds of checks ask for."""

import json
from typing import Any

from django import forms

from rubric_studio.engine.document.strict_json import JsonError, loads
from rubric_studio.engine.judging.checks import Field
from rubric_studio.rubrics.forms.fields import NumberField, TextField


class LinesField(TextField):
    """One text a line; lines without a letter are left out."""

    def to_python(self, value: Any) -> Any:
        return [line for line in super().to_python(value).split("\n") if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value


class WholeNumberField(NumberField):
    def to_python(self, value: Any) -> Any:
        number = super().to_python(value)
        if number is None:
            return None
        if not number.is_integer():
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return int(number)


class JsonField(TextField):
    """Any JSON value, kept as it was typed until it can be read."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text.strip():
            return None
        try:
            return loads(text)
        except JsonError as error:
            raise forms.ValidationError(f"This is not JSON. {error}") from error

    def prepare_value(self, value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value
        return json.dumps(value, indent=2, ensure_ascii=False)


def form_field(field: Field) -> forms.Field:
    """The form field of a spec's field; what a value must be is said by the engine."""
    common: dict[str, Any] = {
        "label": field.label,
        "help_text": field.help,
        "initial": field.default,
        "required": False,
    }
    match field.kind:
        case "text":
            return TextField(widget=forms.TextInput(attrs={"autocomplete": "off"}), **common)
        case "lines":
            return LinesField(rows=2, **common)
        case "number":
            return NumberField(
                error_messages={"invalid": "Write a number, such as 5 or 0.1."}, **common
            )
        case "integer":
            invalid = {"invalid": "Write a whole number, such as 3."}
            return WholeNumberField(error_messages=invalid, **common)
        case "choice":
            return forms.ChoiceField(choices=_choices(field), **common)
        case "flag":
            return forms.BooleanField(**common)
        case "json":
            return JsonField(rows=3, **common)


def _choices(field: Field) -> list[tuple[str, str]]:
    """With an empty one where nothing is chosen for the author."""
    empty = [("", "Choose…" if field.required else "Any")] if field.default is None else []
    return [*empty, *field.choices]
