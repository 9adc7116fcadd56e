"""Where a judge's quotes stand in the answer, so that an invented one is seen."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

_QUOTE_MARKS = dict.fromkeys("‘’‚‛′‵`´ʼ", "'") | dict.fromkeys("“”„‟«»″‶", '"')
_MINUS = "\u2212"
_VARIATION_SELECTORS = ("\ufe0e", "\ufe0f")  # judges drop the one after an emoji


@dataclass(frozen=True, slots=True)
class Quote:
    """What a judge quoted. `start` and `end` count code points of the answer; None if invented."""

    text: str
    start: int | None
    end: int | None
    found: bool


def locate_quotes(quotes: Sequence[str], answer_text: str) -> tuple[Quote, ...]:
    """Each quote (blank ones left out) with its first place in the answer's plain text.

    A quote is found word for word, or else when it differs only in white space, case, invisible
    characters, typographic quotes and dashes, or Unicode's compatibility forms. Then
    `normalise(answer_text[start:end]) == normalise(text)`.
    """
    return tuple(_locate(quote, answer_text) for quote in quotes if quote.strip())


def normalise(text: str) -> str:
    """The text as quotes are compared: letters folded, one space between words, none outside."""
    return _fold(text).letters


@dataclass(frozen=True, slots=True)
class _Folded:
    """Folded letters; letter i comes from the code points starts[i]:ends[i] of the text."""

    letters: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def _locate(quote: str, text: str) -> Quote:
    at = text.find(quote)
    if at >= 0:
        return Quote(quote, at, at + len(quote), True)
    wanted = normalise(quote)
    if wanted:
        for start, end in places(wanted, text):
            return Quote(quote, start, end, True)
    return Quote(quote, None, None, False)


def places(wanted: str, text: str) -> Iterator[tuple[int, int]]:
    """Every place of the text that `normalise` makes into `wanted`, itself normalised, in order."""
    folded = _fold_cached(text)
    at = folded.letters.find(wanted)
    while at >= 0:
        last = at + len(wanted) - 1
        start, end = folded.starts[at], folded.ends[last]
        splits_letter = end < len(text) and unicodedata.combining(text[end])
        # A match may begin or end inside what one code point folds to, such as the fi ligature.
        begins_inside = at > 0 and folded.starts[at - 1] == start
        ends_inside = last + 1 < len(folded.ends) and folded.ends[last + 1] == end
        if not splits_letter and not begins_inside and not ends_inside:
            yield start, end
        at = folded.letters.find(wanted, at + 1)


@lru_cache(maxsize=8)
def _fold_cached(text: str) -> _Folded:
    """One answer is looked through for each of its criteria in turn."""
    return _fold(text)


def _fold(text: str) -> _Folded:
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    gap: int | None = None
    for position, character in enumerate(text):
        folded = _fold_character(character)
        if character.isspace():
            gap = position if gap is None else gap
            continue
        if not folded:
            continue
        if gap is not None and letters:
            letters.append(" ")
            starts.append(gap)
            ends.append(position)
        gap = None
        letters += folded
        starts += [position] * len(folded)
        ends += [position + 1] * len(folded)
    return _Folded("".join(letters), tuple(starts), tuple(ends))


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    if character in _QUOTE_MARKS:
        return _QUOTE_MARKS[character]
    category = unicodedata.category(character)
    if category == "Pd" or character == _MINUS:
        return "-"
    if category == "Cf" or character in _VARIATION_SELECTORS:
        return ""
    folded = unicodedata.normalize("NFKD", character).casefold()
    # A lone accent folds to a space and a mark; only white space itself may bring spaces.
    return unicodedata.normalize("NFKD", folded).replace(" ", "")
