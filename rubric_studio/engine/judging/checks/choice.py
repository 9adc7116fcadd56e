"""Whether the final answer is one of those that are right: a letter, a word, a phrase."""

from collections.abc import Sequence

import re2

from rubric_studio.engine.document.problems import Problem
from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.engine.judging.evidence import normalise

from .child import Child
from .final_answer import MARKED_BY, WHERE, final_answer, missing
from .kinds import CheckResult, Field, Kind, Spec, verdict
from .reading import read
from .wording import listed, shown

_LETTER = r"[(\[]?([A-Za-z])[)\]]?"
_LETTERS = re2.compile(rf"{_LETTER}(?:\s*(?:,|;|&|/|\band\b)\s*{_LETTER}){{0,11}}")
# A letter with what it stands for: "B) Paris", "(B) Paris", "B: Paris", "B. Paris".
_LABELLED = re2.compile(r"(?:\(([A-Za-z])\)|\[([A-Za-z])\]|([A-Za-z])[).:])(?:[\s*_].*)?")
_WRAPPED = re2.compile(r"\\(?:text|textbf|mathrm|mathbf)\s*\{([^{}]*)\}")


def problems(spec: Spec) -> Sequence[Problem]:
    if not spec["letters"]:
        return [
            Problem(f"/answers/{index}", "This holds nothing that can be compared.")
            for index, answer in enumerate(spec["answers"])
            if not normalise(answer)
        ]
    return [
        Problem(f"/answers/{index}", "Write letters alone, such as B, or A, C for several.")
        for index, answer in enumerate(spec["answers"])
        if not letters_of(answer)
    ]


def letters_of(text: str) -> frozenset[str]:
    """The letters that a final answer names: "(b)", "B. Paris", "A and C"; none for a sentence."""
    bare = text.strip().strip("*_`$ ")
    if _LETTERS.fullmatch(bare):
        found = [part for part in re2.split(r"[^A-Za-z]+|and", bare) if len(part) == 1]
        return frozenset(letter.upper() for letter in found)
    labelled = _LABELLED.fullmatch(bare)
    if labelled:
        return frozenset(group.upper() for group in labelled.groups() if group)
    return frozenset()


def decide(spec: Spec, answer: AnswerContent, child: Child | None) -> CheckResult:
    reading = read(answer)
    place = final_answer(reading.text, spec)
    if place is None or place[0] == place[1]:
        return verdict(False, missing(spec))
    given = _WRAPPED.sub(r"\1", reading.text[place[0] : place[1]][:2000])
    if spec["letters"]:
        letters = letters_of(given)
        is_right = any(letters == letters_of(accepted) for accepted in spec["answers"])
    else:
        is_right = any(_same(given, accepted) for accepted in spec["answers"])
    return verdict(is_right, f"The final answer is {shown(given)}.", [reading.quote(*place)])


def _same(given: str, accepted: str) -> bool:
    return normalise(given).strip(". ") == normalise(accepted).strip(". ")


def describe(spec: Spec) -> str:
    return f"The final answer is {listed(spec['answers'], 'or')}"


KIND = Kind(
    name="choice",
    title="Final answer or multiple choice",
    hint="Compares the final answer with those that are right.",
    fields=(
        Field("answers", "Right answers", "lines", "One a line; any of them.", required=True),
        Field(
            "letters",
            "The answers are letters",
            "flag",
            "B, (b) and “B. Paris” are then the same; “A, C” asks for both.",
            default=False,
        ),
        WHERE,
        MARKED_BY,
    ),
    problems=problems,
    decide=decide,
    describe=describe,
)
