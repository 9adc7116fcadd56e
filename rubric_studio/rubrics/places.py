"""JSON pointers as words: where in the rubric a problem lies."""

from collections.abc import Sequence
from dataclasses import dataclass

from rubric_studio.engine.document.problems import Problem
from rubric_studio.engine.document.types import Document

FIELDS = {
    "text": "sentence",
    "may_not_apply": "may not apply",
    "pass_mark": "pass mark",
    "reference": "reference answer",
    "requires": "required criteria",
}


@dataclass(frozen=True)
class Place:
    """A problem with where it lies, in words; `criterion` is the key of the criterion it is in."""

    where: str
    message: str
    criterion: str | None = None


def place(problem: Problem, document: Document) -> Place:
    """A problem of the whole document, in words."""
    steps = problem.pointer.split("/")[1:]
    if len(steps) >= 2 and steps[0] == "criteria" and steps[1].isdecimal():
        criterion = document.criteria[int(steps[1])]
        name = f"Criterion {int(steps[1]) + 1}, “{_short(criterion.text)}”"
        return Place(_with_field(name, steps[2:]), problem.message, criterion.key)
    if len(steps) >= 2 and steps[0] == "sections" and steps[1].isdecimal():
        section = document.sections[int(steps[1])]
        return Place(_with_field(f"Section “{_short(section.title)}”", steps[2:]), problem.message)
    names = {"question": "Question", "scoring": "Scoring", "criteria": "Criteria"}
    return Place(_with_field(names.get(steps[0], ""), steps[1:]) if steps else "", problem.message)


def _with_field(name: str, steps: Sequence[str]) -> str:
    if not steps:
        return name
    field = FIELDS.get(steps[0], steps[0].replace("_", " "))
    number = f" {int(steps[1]) + 1}" if len(steps) > 1 and steps[1].isdecimal() else ""
    return f"{name}, {field}{number}"


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
