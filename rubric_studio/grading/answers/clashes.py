"""What two people wrote about one answer, field by field, where it differs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rubric_studio.engine.document.wording import Piece, word_diff
from rubric_studio.grading.answers.editing import FIELDS, fields_of
from rubric_studio.grading.answers.listing import tier_title
from rubric_studio.grading.models import SampleAnswer
from rubric_studio.rubrics.drawing.numbers import score

LABELS = {
    "text": "The answer",
    "messages": "Transcript",
    "name": "Name",
    "origin": "Who wrote it",
    "model": "Which model",
    "tier": "Tier",
    "band": "Expected score",
    "anchor": "Known end of the scale",
    "is_held_out": "Held out",
}
# A longer text is compared as a whole: word by word it would keep the page waiting.
LONGEST_COMPARED = 40_000


@dataclass(frozen=True)
class Clash:
    """One field as it is now; `pieces` lead from there to what was typed."""

    label: str
    pieces: tuple[Piece, ...]
    is_reading: bool


def clashes_of(mine: Mapping[str, Any], current: SampleAnswer) -> tuple[Clash, ...]:
    """The fields in which `mine` differs from the row as it is now."""
    theirs = fields_of(current)
    return tuple(
        Clash(LABELS[name], _pieces(_words(name, theirs[name]), _words(name, mine[name])), is_text)
        for name in FIELDS
        if name in mine and _words(name, theirs[name]) != _words(name, mine[name])
        for is_text in [name in ("text", "messages")]
    )


def _pieces(theirs: str, mine: str) -> tuple[Piece, ...]:
    if len(theirs) + len(mine) > LONGEST_COMPARED:
        return Piece("removed", theirs), Piece("added", mine)
    return word_diff(theirs, mine)


def _words(name: str, value: Any) -> str:
    if value is None or value == "":
        return "" if name in ("text", "messages") else "nothing"
    if name == "is_held_out":
        return "yes" if value else "no"
    if name == "messages":
        return json.dumps(value, ensure_ascii=False, indent=1)
    if name == "tier":
        return tier_title(value)
    if name == "band":
        return f"{score(value[0])} to {score(value[1])}"
    if name == "origin":
        return str(SampleAnswer.Origin(value).label)
    if name == "anchor":
        return str(SampleAnswer.Anchor(value).label)
    return str(value)
