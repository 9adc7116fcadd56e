"""The form of one criterion: what an author types, as the document's fields."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from django import forms
from django.http import QueryDict

from rubric_studio.engine.document.problems import Problem
from rubric_studio.engine.document.types import Criterion, Document, Json
from rubric_studio.engine.document.writing import criterion_json
from rubric_studio.rubrics.aspects import TAGS
from rubric_studio.rubrics.forms.check import CheckForm
from rubric_studio.rubrics.forms.fields import NumberField, TagsField, TextField
from rubric_studio.rubrics.forms.problems import add_problems

GATES = [("none", "None"), ("caps", "Caps the score")]
APPLIES = [("", "Always applies"), ("on", "May not apply")]
# How many empty rows a form without JavaScript offers.
SPARE_ROWS = 2


class CriterionForm(forms.Form):
    """`levels` and `examples` are rows of equally named inputs; empty rows are left out."""

    text = TextField(
        label="Criterion", error_messages={"required": "Write what must be true of an answer."}
    )
    guidance = TextField(label="Guidance for the judge", required=False)
    points = NumberField(
        label="Points",
        error_messages={
            "required": "Give points: above 0 rewards, below 0 penalises.",
            "invalid": "Points are a number, such as 5 or −2.",
        },
    )
    may_not_apply = forms.ChoiceField(
        label="If it does not apply", choices=APPLIES, required=False, widget=forms.RadioSelect
    )
    gate = forms.ChoiceField(label="Gate", choices=GATES, widget=forms.RadioSelect, initial="none")
    gate_cap = NumberField(label="at", required=False)
    requires = forms.MultipleChoiceField(label="Requires", required=False)
    guard = forms.BooleanField(
        label="Guard: it may rightly be met by every answer, or by none", required=False
    )
    tags = TagsField(label="Tags", required=False)
    source = TextField(label="Source", required=False, rows=1)
    section = forms.ChoiceField(label="Section", required=False)

    def __init__(self, *args: Any, document: Document, own_key: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = next((it for it in document.criteria if it.key == own_key), None)
        data = self.data if isinstance(self.data, QueryDict) else None
        self.check = CheckForm(own.check if own else None, data)
        sections = [(it.key, it.title) for it in document.sections]
        self._choices("section").choices = [("", "No section"), *sections]
        texts = {it.key: it.text for it in document.criteria if it.key != own_key}
        # Those required come first, in their order, so that posting the form changes nothing.
        keys = dict.fromkeys((*(own.requires if own else ()), *texts))
        self._choices("requires").choices = [(key, texts[key]) for key in keys if key in texts]

    def _choices(self, name: str) -> forms.ChoiceField:
        found = self.fields[name]
        assert isinstance(found, forms.ChoiceField)
        return found

    @classmethod
    def of(cls, criterion: Criterion, document: Document) -> "CriterionForm":
        """The form as the criterion is now."""
        written = criterion_json(criterion)
        initial = {
            **written,
            "may_not_apply": "on" if criterion.may_not_apply else "",
            "gate": "caps" if criterion.gate else "none",
            "gate_cap": None if criterion.gate is None else criterion.gate.cap,
        }
        return cls(initial=initial, document=document, own_key=criterion.key)

    @property
    def aspect_tags(self) -> Sequence[str]:
        """Tags that say what of an agent's work a criterion is about, to choose from."""
        return TAGS

    @property
    def level_rows(self) -> list[dict[str, Any]]:
        if self.is_bound:
            return self._rows("level_label", "level_value", "level_description")
        return [*(self.initial.get("levels") or [])]

    @property
    def example_rows(self) -> list[dict[str, Any]]:
        if self.is_bound:
            return self._rows("example_answer", "example_verdict")
        return [*(self.initial.get("examples") or [])]

    @property
    def verdicts(self) -> list[str]:
        labels = [row["label"] for row in self.level_rows if row["label"]]
        return labels or ["met", "unmet"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("gate") == "caps" and self.cleaned_data.get("gate_cap") is None:
            self.add_error("gate_cap", "Say what the gate caps the score at: 0 is a veto.")
        for row in self._level_rows_given():
            try:
                _number(row["value"])
            except forms.ValidationError as error:
                self.add_error(None, error)
        if self.check.is_given:
            for message in self.check.problems():
                self.add_error(None, message)
        return cleaned

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Put what the engine refused at its fields, those of a check included."""
        problems = list(problems)
        add_problems(self, problems)
        for it in problems:
            if _is_of_check(it):
                self.check.refuse(Problem(it.pointer.removeprefix("/check"), it.message))

    def changes(self) -> dict[str, Json]:
        """Every field of the form as the document writes it."""
        given = self.cleaned_data
        levels = [{**it, "value": _number(it["value"])} for it in self._level_rows_given()]
        written: dict[str, Json] = {
            name: given[name]
            for name in ("text", "guidance", "points", "requires", "guard", "tags", "source")
        }
        written["may_not_apply"] = given["may_not_apply"] == "on"
        written["gate"] = {"cap": given["gate_cap"]} if given["gate"] == "caps" else None
        written["section"] = given["section"] or None
        written["levels"] = levels or None
        if self.check.is_given:
            written["check"] = self.check.spec()
        written["examples"] = [row for row in self.example_rows if row["answer"].strip()]
        return written

    def _level_rows_given(self) -> list[dict[str, str]]:
        return [row for row in self.level_rows if any(value.strip() for value in row.values())]

    def _rows(self, *names: str) -> list[dict[str, str]]:
        assert isinstance(self.data, QueryDict)
        columns: list[Sequence[str]] = [self.data.getlist(name) for name in names]
        return [
            {
                name.partition("_")[2]: value.replace("\r\n", "\n")
                for name, value in zip(names, row, strict=True)
            }
            for row in zip(*columns, strict=False)
        ]


def _is_of_check(problem: Problem) -> bool:
    return problem.pointer.startswith("/check/") or problem.pointer == "/check"


def _number(written: str) -> float | None:
    field = NumberField(
        error_messages={
            "required": "Give each level a value from 0 to 1.",
            "invalid": "A level's value is a number from 0 to 1.",
        }
    )
    number: float | None = field.clean(written)
    return number


class NewCriterionForm(forms.Form):
    """The least that makes a criterion; the rest is added in its editor."""

    text = TextField(
        label="New criterion",
        error_messages={"required": "Write what must be true of an answer."},
    )
    points = NumberField(
        label="Points",
        initial=5,
        error_messages={
            "required": "Give points: above 0 rewards, below 0 penalises.",
            "invalid": "Points are a number, such as 5 or −2.",
        },
    )
    section = forms.ChoiceField(label="Section", required=False)

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        section = self.fields["section"]
        assert isinstance(section, forms.ChoiceField)
        sections = [(it.key, it.title) for it in document.sections]
        section.choices = [("", "No section"), *sections]

    @classmethod
    def empty(
        cls, document: Document, section: str | None, points: str | None = None
    ) -> "NewCriterionForm":
        """For this section; where none is asked for, the last: lists grow at their end. What is
        asked for and is no number of points is left out."""
        last = document.sections[-1].key if document.sections else ""
        initial: dict[str, Any] = {"section": section or last}
        if points:
            with suppress(forms.ValidationError):
                initial["points"] = NumberField().clean(points)
        return cls(initial=initial, document=document)

    def changes(self) -> dict[str, Json]:
        given = self.cleaned_data
        return {**given, "section": given["section"] or None}
