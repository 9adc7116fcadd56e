"""Form fields for what authors type."""

import re
from typing import Any

from django import forms


class NumberField(forms.FloatField):
    """A number as people write it: a true minus sign and a decimal comma are understood."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.strip().replace("\u2212", "-").replace(",", ".").removeprefix("+")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """5.0 is shown as 5."""
        return int(value) if isinstance(value, float) and value.is_integer() else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No type=number: it hides what it can't read, and turns with the mouse wheel."""
        return {}


class TextField(forms.CharField):
    """Text kept to the letter, but for the line ends that browsers send."""

    def __init__(self, *, rows: int = 2, **options: Any) -> None:
        options.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(strip=False, **options)

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value) or ""
        return text.replace("\r\n", "\n")


class TagsField(forms.CharField):
    """Tags, separated by commas, with or without a '#'; a comma inside a tag is written '\\,'."""

    def to_python(self, value: Any) -> Any:
        parts = re.split(r"(?<!\\),", super().to_python(value) or "")
        tags = (part.strip().removeprefix("#").replace("\\,", ",") for part in parts)
        return [*dict.fromkeys(tag for tag in tags if tag)]

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return ", ".join(tag.replace(",", "\\,") for tag in value)
        return value
