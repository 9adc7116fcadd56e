"""What a maker of probes hands back."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["exploit", "steer", "invariant"]
Span = tuple[int, int]  # from, to; code points of the probe's text


@dataclass(frozen=True, slots=True)
class Made:
    """One probe's text. `does` says what it does in one sentence; `could_fool` are the keys of the
    criteria that might be credited for it though they should not; `inserted` is where the words
    stand that its base does not have. `criterion` is the one aimed at, "" for none in particular.
    `title` tells it from others of its family."""

    family: str
    title: str
    text: str
    does: str
    could_fool: tuple[str, ...] = ()
    inserted: tuple[Span, ...] = ()
    criterion: str = ""


@dataclass(frozen=True, slots=True)
class NotMade:
    """Why a family can't be made here, in one sentence."""

    family: str
    why: str


def joined(*pieces: str | tuple[str]) -> tuple[str, tuple[Span, ...]]:
    """The pieces as one text, and where those stand that are given as a tuple of one: the new ones.

    Empty pieces have no span.
    """
    text, spans = "", []
    for piece in pieces:
        words = piece if isinstance(piece, str) else piece[0]
        if not isinstance(piece, str) and words:
            spans.append((len(text), len(text) + len(words)))
        text += words
    return text, tuple(spans)
