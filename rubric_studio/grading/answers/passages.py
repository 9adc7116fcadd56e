"""Quoted passages in a text: what is highlighted where, whether or not quotes overlap."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

Span = tuple[int, int]  # a quote's start and end in code points of the whole text


@dataclass(frozen=True)
class Piece:
    """A stretch of text that the same quotes cover. `quotes` are their numbers, from 1; `begins`
    those that begin here."""

    text: str
    quotes: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()

    @property
    def is_quoted(self) -> bool:
        return bool(self.quotes)


@dataclass(frozen=True)
class Quoted:
    """A quote's place in the whole text; its anchor stands at `anchor`, its first shown letter."""

    number: int
    start: int
    end: int
    anchor: int


def pieces_of(text: str, spans: Iterable[Span]) -> list[Piece]:
    """The text in order, cut wherever a quote begins or ends. Put together again, the pieces of a
    quote are `text[start:end]`."""
    numbered = enumerate(spans, start=1)
    quoted = [Quoted(number, start, end, start) for number, (start, end) in numbered]
    return pieces_between(text, 0, len(text), quoted)


def pieces_between(text: str, start: int, end: int, quoted: Sequence[Quoted]) -> list[Piece]:
    """The same of `text[start:end]`; quotes that begin before or end after it are cut there."""
    here = [it for it in quoted if max(it.start, start) < min(it.end, end)]
    inner = {at for it in here for at in (it.start, it.end) if start < at < end}
    cuts = sorted({start, end} | inner)
    found = []
    for low, high in pairwise(cuts):
        quotes = tuple(it.number for it in here if it.start <= low and high <= it.end)
        begins = tuple(it.number for it in here if it.anchor == low and it.number in quotes)
        found.append(Piece(text[low:high], quotes, begins))
    return found


def draw_pieces(pieces: Iterable[Piece]) -> SafeString:
    """The pieces as HTML: what is quoted in <mark>, named by its quotes' numbers, with the id
    "quote-2" where quote 2 begins."""
    return format_html_join("", "{}", ((_drawn(piece),) for piece in pieces))


def _drawn(piece: Piece) -> SafeString | str:
    if not piece.quotes:
        return conditional_escape(piece.text)
    first, others = piece.begins[:1], piece.begins[1:]
    return format_html(
        '{}<mark data-quotes="{}"{}>{}</mark>',
        format_html_join("", '<span id="quote-{}"></span>', ((it,) for it in others)),
        " ".join(map(str, piece.quotes)),
        format_html(' id="quote-{}" tabindex="-1"', first[0]) if first else "",
        piece.text,
    )
