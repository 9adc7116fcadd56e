"""What changed between two wordings, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

Op = Literal["same", "removed", "added"]

# Scripts without spaces between words are compared character by character.
_UNSPACED = r"\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+|\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words: in both texts, only in the old one, or only in the new one."""

    op: Op
    text: str


def word_diff(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces that turn `old` into `new`, in reading order, removed before added.

    Same and removed pieces join to `old`, same and added ones to `new`.
    """
    pieces: list[Piece] = []
    for changed, run in groupby(_steps(_WORD.findall(old), _WORD.findall(new)), key=_is_change):
        steps = list(run)
        if changed:
            _append(pieces, "removed", "".join(it.text for it in steps if it.op == "removed"))
            _append(pieces, "added", "".join(it.text for it in steps if it.op == "added"))
        else:
            _append(pieces, "same", "".join(it.text for it in steps))
    return tuple(pieces)


def _steps(old: list[str], new: list[str]) -> Iterator[Piece]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for op, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        gone, come = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        # A lone space kept between two changed words reads worse than one longer change.
        lone_space = gone.isspace() and old_from > 0 and new_from > 0
        if op == "equal" and not lone_space:
            yield Piece("same", gone)
        else:
            yield Piece("removed", gone)
            yield Piece("added", come)


def _is_change(piece: Piece) -> bool:
    return piece.op != "same"


def _append(pieces: list[Piece], op: Op, text: str) -> None:
    if text:
        pieces.append(Piece(op, text))
