"""How a criterion is decided: by a judge, or by a program whose form its kind describes."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property

from rubric_studio.engine.document.problems import Problem
from rubric_studio.engine.document.types import Json
from rubric_studio.engine.judging.checks import KINDS, Field, Kind
from rubric_studio.rubrics.forms.check_fields import JsonField, form_field

JUDGE, PROGRAM = "judge", "program"
# A spec that no form here can show as it is: it is kept as it was written.
WRITTEN = "written"


class HowForm(forms.Form):
    decided_by = forms.ChoiceField(
        label="Decided by",
        choices=[(JUDGE, "Judge"), (PROGRAM, "Program")],
        widget=forms.RadioSelect,
    )
    check_kind = forms.ChoiceField(label="What it looks for")

    def __init__(self, *args: Any, has_written: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.name, kind.title) for kind in KINDS.values()]
        choice = self.fields["check_kind"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [*kinds, *([(WRITTEN, "As it is written")] if has_written else [])]


class WrittenForm(forms.Form):
    """A whole spec as JSON."""

    name, hint = WRITTEN, "This check holds more than a form here can show."
    spec_json = JsonField(label="The check as JSON")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "prefix": f"check-{WRITTEN}"})

    def spec(self, before: Json) -> Json:
        return self.cleaned_data["spec_json"]

    def field_of(self, problem: Problem) -> str:
        return "spec_json"


class KindForm(forms.Form):
    """The fields of one kind, each named after its field in the spec."""

    def __init__(self, kind: Kind, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "prefix": f"check-{kind.name}"})
        self.kind, self.name, self.hint = kind, kind.name, kind.hint
        for field in kind.fields:
            self.fields[field.name] = form_field(field)
            # What is wrong comes into the page later, so the place for it is named at once.
            name = f"id_{self.prefix}-{field.name}"
            described_by = f"{name}_helptext {name}_error"
            self.fields[field.name].widget.attrs["aria-describedby"] = described_by

    def spec(self, before: Json) -> Json:
        """What is written, as a spec. What is left at its default is left out, unless the spec
        `before` names it: posting an unchanged form changes nothing."""
        is_same_kind = isinstance(before, dict) and before.get("kind") == self.name
        said: Mapping[str, Json] = before if is_same_kind else {}
        written: dict[str, Json] = {"kind": self.name}
        for field in self.kind.fields:
            value = self.cleaned_data.get(field.name)
            if value is None or value == "" or value == []:
                if field.name in said and said[field.name] in (None, "", []):
                    written[field.name] = said[field.name]
            elif field.name in said or value != _default(field):
                written[field.name] = value
        return written

    def field_of(self, problem: Problem) -> str | None:
        """The name of the field that a problem of the spec lies in."""
        steps = problem.pointer.split("/")[1:]
        return steps[0] if steps and steps[0] in self.fields else None


class CheckForm:
    """Both choices, and the fields of every kind: what was typed for one is there when its author
    comes back to it. `spec` is the criterion's as it is, None for a judge."""

    def __init__(self, spec: Json, data: QueryDict | None = None) -> None:
        # A page that knew no checks leaves them as they are.
        self.is_given = data is not None and "decided_by" in data
        self.before = spec
        given = data if self.is_given else None
        is_shown = _is_shown(spec)
        has_written = spec is not None and not is_shown
        kind = spec["kind"] if is_shown else WRITTEN if has_written else next(iter(KINDS))
        self.how = HowForm(
            given,
            has_written=has_written,
            initial={"decided_by": JUDGE if spec is None else PROGRAM, "check_kind": kind},
        )
        self.forms: list[KindForm | WrittenForm] = [
            KindForm(it, given, initial=spec if it.name == kind and is_shown else None)
            for it in KINDS.values()
        ]
        if has_written:
            self.forms.append(WrittenForm(given, initial={"spec_json": spec}))

    @property
    def is_by_program(self) -> bool:
        return bool(self.how["decided_by"].value() == PROGRAM)

    @cached_property
    def chosen(self) -> KindForm | WrittenForm | None:
        """The form of the kind that is chosen."""
        name = self.how["check_kind"].value()
        return next((it for it in self.forms if it.name == name), None)

    def problems(self) -> Iterator[str]:
        """What keeps the form from being read, each with the field that it is about."""
        for messages in self.how.errors.values():
            yield from map(str, messages)
        if self.is_by_program and self.chosen is not None:
            for name, messages in self.chosen.errors.items():
                yield from (f"{self.chosen.fields[name].label}: {it}" for it in messages)

    def spec(self) -> Json:
        """What is written: a spec, or None where a judge decides. Call it on a form without
        problems."""
        if not self.is_by_program or self.chosen is None:
            return None
        return self.chosen.spec(self.before)

    def refuse(self, problem: Problem) -> None:
        """Put a problem of the spec at the field that it lies in, if there is one."""
        if self.chosen is not None and self.is_given:
            self.chosen.add_error(self.chosen.field_of(problem), problem.message)


def _default(field: Field) -> Json:
    return bool(field.default) if field.kind == "flag" else field.default


def _is_shown(spec: Json) -> bool:
    """Whether its kind's form writes exactly this spec when it is posted as it is."""
    kind = KINDS.get(spec["kind"]) if _names_kind(spec) else None
    if kind is None or not isinstance(spec, dict):
        return False
    shown = KindForm(kind, initial=spec)
    data = QueryDict(mutable=True)
    for bound in shown:
        value = bound.value()
        if _is_lost(bound, value):
            return False
        if value is True:
            data[bound.html_name] = "on"
        elif value is not None and value is not False:
            data[bound.html_name] = str(value)
    posted = KindForm(kind, data)
    return posted.is_valid() and _json(posted.spec(spec)) == _json(spec)


def _is_lost(bound: forms.BoundField, value: Json) -> bool:
    """Whether a browser would change it: all line ends become "\n", and one line has none."""
    is_line = isinstance(bound.field.widget, forms.TextInput)
    return isinstance(value, str) and ("\r" in value or (is_line and "\n" in value))


def _names_kind(spec: Json) -> bool:
    return isinstance(spec, dict) and isinstance(spec.get("kind"), str)


def _json(value: Json) -> str:
    # Python takes true for 1; 5.0 and 5 are one number.
    return json.dumps(json.loads(json.dumps(value), parse_float=_plain), sort_keys=True)


def _plain(written: str) -> float | int:
    number = float(written)
    return int(number) if number.is_integer() else number
