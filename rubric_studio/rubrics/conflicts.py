"""Two texts for one field: what an author sees before choosing."""

from collections.abc import Mapping
from dataclasses import dataclass

from rubric_studio.engine.document.types import Json
from rubric_studio.engine.document.wording import Piece, word_diff
from rubric_studio.rubrics.differences import in_words
from rubric_studio.rubrics.editing.merging import Row, base_content

LABELS = {
    "text": "The sentence",
    "guidance": "Guidance",
    "may_not_apply": "May not apply",
    "pass_mark": "Pass mark",
    "reference": "Reference answer",
}


@dataclass(frozen=True)
class Clash:
    """One field: the change of each side against what both started from."""

    label: str
    before: str
    mine: tuple[Piece, ...]
    theirs: tuple[Piece, ...]


@dataclass(frozen=True)
class Conflict:
    current: Row
    clashes: tuple[Clash, ...]


def conflict_of(
    row: Row, fields: tuple[str, ...], based_on: int, mine: Mapping[str, Json], theirs: Json
) -> Conflict:
    """`mine` and `theirs` are the part's fields as the document writes them."""
    base = base_content(row, based_on) or theirs
    return Conflict(row, tuple(_clash(it, base.get(it), mine.get(it), theirs[it]) for it in fields))


def _clash(field: str, base: Json, mine: Json, theirs: Json) -> Clash:
    before, my_words, their_words = (in_words(field, it) for it in (base, mine, theirs))
    label = LABELS.get(field, field.replace("_", " ").capitalize())
    return Clash(label, before, word_diff(before, my_words), word_diff(before, their_words))
