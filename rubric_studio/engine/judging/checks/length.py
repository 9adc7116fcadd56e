"""How long the answer is: words, sentences or characters."""

import unicodedata
from collections.abc import Sequence

import re2

from rubric_studio.engine.document.problems import Problem
from rubric_studio.engine.judging.answer import AnswerContent

from .child import Child
from .kinds import CheckResult, Field, Kind, Spec, verdict
from .reading import read
from .wording import counted, ranged

_NO_SPACES = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
# A letter of a script without spaces is a word of its own; a run of others is one, with the
# apostrophes and hyphens within it.
_WORD = re2.compile(
    rf"[{_NO_SPACES}]\pM*|(?:[^\PL{_NO_SPACES}]|[\pN\pM])+"
    rf"(?:[-'’.,_·](?:[^\PL{_NO_SPACES}]|[\pN\pM])+)*"
)
_SENTENCE_END = re2.compile(r"[.!?…]+[\"'”’»)\]]*(?:\s|$)|[。！？｡]+[」』”’）]*|[؟۔।॥]|\n\s*\n|$")
_ABBREVIATIONS = frozenset(
    ("e.g", "i.e", "etc", "vs", "cf", "dr", "mr", "mrs", "ms", "prof", "st", "no", "fig", "approx")
)
MAX_SENTENCE = 5000  # beyond it, no abbreviation is looked for
UNITS = {"words": "word", "sentences": "sentence", "characters": "character"}


def count(text: str, unit: str) -> int:
    """How many words, sentences or characters (as a reader sees them) the text has."""
    if unit == "words":
        return sum(1 for _ in _WORD.finditer(text))
    if unit == "sentences":
        return _sentences(text)
    return _characters(text)


def _sentences(text: str) -> int:
    number, begins = 0, 0
    for match in _SENTENCE_END.finditer(text):
        piece = text[begins : match.start()]
        words = piece.split()[-1:] if len(piece) < MAX_SENTENCE else []
        if text[match.start() : match.start() + 1] == "." and words:
            last = words[-1].lower().strip("([\"'")
            # The point of an abbreviation or of a list's number ends nothing.
            begins_line = piece[: -len(words[-1])].rstrip(" \t")[-1:] in ("", "\n")
            if last in _ABBREVIATIONS or (last.isdigit() and begins_line):
                continue
        if _WORD.search(piece):
            number += 1
        begins = match.end()
    return number


def _characters(text: str) -> int:
    """What a reader counts: an accent or a joined emoji is part of the character before it."""
    number, joined, flag = 0, False, False
    for letter in " ".join(text.split()):
        is_flag = "\U0001f1e6" <= letter <= "\U0001f1ff"
        extends = (
            unicodedata.category(letter) in ("Mn", "Me", "Mc", "Cf")
            or "\U0001f3fb" <= letter <= "\U0001f3ff"
            or joined
            or (is_flag and flag)
        )
        number += not extends
        joined = letter == "\u200d"
        flag = is_flag and not flag
    return number


def problems(spec: Spec) -> Sequence[Problem]:
    return range_problems(spec)


def range_problems(spec: Spec) -> list[Problem]:
    """What is wrong with `at_least` and `at_most` together."""
    least, most = spec["at_least"], spec["at_most"]
    if least is None and most is None:
        return [Problem("/at_least", "Give the least, the most, or both.")]
    if least is not None and most is not None and least > most:
        return [Problem("/at_most", "The most must not be below the least.")]
    return []


def is_within(number: int, spec: Spec) -> bool:
    least, most = spec["at_least"], spec["at_most"]
    return (least is None or number >= least) and (most is None or number <= most)


def decide(spec: Spec, answer: AnswerContent, child: Child | None) -> CheckResult:
    number = count(read(answer).text, spec["unit"])
    said = f"The answer has {counted(number, UNITS[spec['unit']])}."
    return verdict(is_within(number, spec), said)


def describe(spec: Spec) -> str:
    return f"Is {ranged(spec['at_least'], spec['at_most'], UNITS[spec['unit']])} long"


KIND = Kind(
    name="length",
    title="Has a length",
    hint="Counts words, sentences or characters.",
    fields=(
        Field(
            "unit",
            "Counted in",
            "choice",
            "In scripts without spaces every letter counts as a word.",
            choices=tuple((unit, unit.capitalize()) for unit in UNITS),
            default="words",
        ),
        Field("at_least", "At least", "integer", least=0, most=1_000_000),
        Field("at_most", "At most", "integer", least=0, most=1_000_000),
    ),
    problems=problems,
    decide=decide,
    describe=describe,
)
