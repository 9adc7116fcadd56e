"""L15 and L16: criteria that ask the same, and criteria that contradict each other."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cdist

from rubric_studio.engine.document.lint.finding import LintFinding, Rule
from rubric_studio.engine.document.lint.likeness_words import (
    ANTONYMS,
    EMPTY,
    NEGATORS,
    OPENINGS,
    UNITS,
)

DUPLICATE = Rule(
    "L15",
    "duplicate",
    "warning",
    "Nearly the same as another criterion",
    "One thing is paid twice, and the noise of its verdict counts twice.",
)
CONTRADICTION = Rule(
    "L16",
    "contradiction",
    "warning",
    "At odds with another criterion",
    "No answer can have both. Keep one of them, or say when each holds.",
)
ALIKE = 78  # of 100, of the sorted words: below it no pair is looked at
SAME_WORD = 85
WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")
QUOTA = re.compile(
    r"\b(?:at least|at most|more than|fewer than|less than|within|or more|up to|over"
    r"|under)\b",
    re.I,
)
Pair = tuple[int, int]


def find_likeness(texts: Sequence[str], points: Sequence[float]) -> Iterator[tuple[int, int, Rule]]:
    """Pairs of indices with the rule that they break, each pair once, the later one second."""
    for first, second, rule in _pairs(tuple(texts)):
        same_side = (points[first] > 0) == (points[second] > 0)
        # A reward for doing it and a penalty for not doing it pull the same way.
        if rule is CONTRADICTION and not same_side:
            continue
        yield first, second, rule


def likeness_finding(
    rule: Rule, number: int, key: str, text: str, *, is_apart: bool = False
) -> LintFinding:
    """What is said beside the later one of a pair, of the earlier one. Headings of two sections
    tell them apart for people only."""
    where = ", in another section; a judge is shown no headings" if is_apart else ""
    detail = f"Criterion {number}{where}: “{text}”"
    return LintFinding(rule, detail=detail, others=(key,), subject=text)


@lru_cache(maxsize=64)
def _pairs(texts: tuple[str, ...]) -> tuple[tuple[int, int, Rule], ...]:
    if len(texts) < 2:
        return ()
    words = [_telling(it) for it in texts]
    # In either order of words: sorted, “increases” and “decreases” stand in different places.
    alike = _grid([" ".join(it) for it in words]) | _grid([" ".join(sorted(it)) for it in words])
    found = []
    for first, second in zip(*alike.nonzero(), strict=True):
        if first < second and (rule := _rule(texts, words, int(first), int(second))):
            found.append((int(first), int(second), rule))
    return tuple(found)


def _grid(texts: list[str]) -> NDArray[np.bool]:
    return cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=np.uint8) > 0


def _telling(text: str) -> tuple[str, ...]:
    """The words that say what is asked, in order: neither those of every criterion nor its verb."""
    words = [it.lower() for it in WORD.findall(text)]
    if words and words[0] in OPENINGS:
        words = words[1:]
    return tuple(it for it in words if it not in EMPTY)


def _rule(texts: tuple[str, ...], words: list[tuple[str, ...]], a: int, b: int) -> Rule | None:
    first, second = words[a], words[b]
    if min(len(first), len(second)) < 2:
        return DUPLICATE if first == second and first else None
    only_first, only_second = _unmatched(first, second)
    if {*only_first, *only_second} & NEGATORS:
        rest = {*only_first, *only_second} - NEGATORS
        odd = len([it for it in only_first if it in NEGATORS]) != len(
            [it for it in only_second if it in NEGATORS]
        )
        return CONTRADICTION if odd and not rest else None
    if len(only_first) == len(only_second) == 1:
        if frozenset({only_first[0], only_second[0]}) in ANTONYMS:
            return CONTRADICTION
        return (
            CONTRADICTION
            if _numbers_clash(texts[a], texts[b], only_first[0], only_second[0])
            else None
        )
    if only_first and only_second:
        # Something else in the same frame: "the Hopper environment", "the Walker environment".
        return None
    more = only_first or only_second
    shorter = min(len(first), len(second))
    if any(it[0].isdigit() for it in more) or len(more) > shorter / 6:
        return None
    return DUPLICATE


def _unmatched(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Words of each that the other has not, in whatever form."""
    left, only_first = list(second), []
    for word in first:
        twin = next((it for it in left if _is_same(word, it)), None)
        if twin is None:
            only_first.append(word)
        else:
            left.remove(twin)
    return only_first, left


def _is_same(word: str, other: str) -> bool:
    if word == other:
        return True
    if word[0].isdigit() or other[0].isdigit() or word[:3] != other[:3]:
        return False
    if frozenset({word, other}) in ANTONYMS:
        return False
    return len(word) > 3 and len(other) > 3 and fuzz.ratio(word, other) >= SAME_WORD


def _numbers_clash(first: str, second: str, number: str, other: str) -> bool:
    """Two amounts of the same unit where one is meant."""
    if (
        not (number[0].isdigit() and other[0].isdigit())
        or QUOTA.search(first)
        or QUOTA.search(second)
    ):
        return False
    units = []
    for text, amount in ((first, number), (second, other)):
        found = re.search(rf"(?<![\d.,]){re.escape(amount)}\s*(%|[^\W\d_]+)", text)
        units.append(found.group(1).lower() if found else "")
    return units[0] == units[1] and (units[0] in UNITS or units[0] == "%")
