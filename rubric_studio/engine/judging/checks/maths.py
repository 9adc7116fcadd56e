"""Whether the final answer means the same as a formula, however either is written."""

from collections.abc import Sequence
from functools import lru_cache

import re2

from rubric_studio.engine.document.problems import Problem
from rubric_studio.engine.judging.answer import AnswerContent

from .child import Child, task
from .final_answer import MARKED_BY, WHERE, final_answer, missing
from .kinds import CheckResult, Field, Kind, Spec, verdict
from .reading import read
from .undecided import Undecided
from .wording import listed, shown

_UNIT = re2.compile(r"\s*\\(?:text|mbox|textrm|mathrm)\s*\{[^{}]*\}(?:\^\{?[0-9]\}?)?\s*$")
_LOOKS_LIKE_MATHS = re2.compile(r"[\\0-9=<>^+*/∞π√]|^\s*[A-Za-z]\s*$")


def problems(spec: Spec) -> Sequence[Problem]:
    found: list[Problem] = []
    for index, text in enumerate(spec["answers"]):
        said = _formula_problem(_bare(text))
        if said:
            found.append(Problem(f"/answers/{index}", said))
    return found


@lru_cache(maxsize=256)
def _formula_problem(text: str) -> str:
    try:
        return str(task(None, "formula_problem", [text]))
    except Undecided as error:
        return error.message


def decide(spec: Spec, answer: AnswerContent, child: Child | None) -> CheckResult:
    reading = read(answer)
    place = final_answer(reading.text, spec)
    if place is None or place[0] == place[1]:
        return verdict(False, missing(spec))
    given = reading.text[place[0] : place[1]]
    quotes = [reading.quote(*place)]
    expected = [_bare(text) for text in spec["answers"]]
    found = task(child, "equivalent", [expected, _bare(given)])
    said = f"The final answer is {shown(given)}"
    if not found["read"]:
        # Words are no formula and so not the right one; a formula that is not read may be.
        if _LOOKS_LIKE_MATHS.search(given):
            raise Undecided("not_maths", f"The final answer cannot be read: {found['said']}")
        return verdict(False, f"{said}, which is no formula.", quotes)
    same = "the same as" if found["equal"] else "not the same as"
    return verdict(found["equal"], f"{said}, {same} {listed(spec['answers'], 'or')}.", quotes)


def _bare(text: str) -> str:
    r"""Without dollar signs, \( \) and \[ \] around it, and a unit written as text after it."""
    bare = text.strip().strip("$").strip()
    for opens, closes in (("\\(", "\\)"), ("\\[", "\\]")):
        if bare.startswith(opens) and bare.endswith(closes):
            bare = bare[2:-2].strip()
    bare = bare.removeprefix("=").strip()
    return _UNIT.sub("", bare) or bare


def describe(spec: Spec) -> str:
    return f"The final answer is mathematically the same as {listed(spec['answers'], 'or')}"


KIND = Kind(
    name="maths",
    title="Is mathematically the same",
    hint="Compares the final answer as mathematics: 1/2, 0.5 and \\frac{1}{2} are the same.",
    fields=(
        Field(
            "answers",
            "Right answers",
            "lines",
            "One a line, in LaTeX or plain: 2x(x+1), \\frac{\\pi}{4}, x = 3, {1, 2}, [0, 1).",
            required=True,
            most=10,
            longest=1000,
        ),
        WHERE,
        MARKED_BY,
    ),
    problems=problems,
    decide=decide,
    describe=describe,
)
