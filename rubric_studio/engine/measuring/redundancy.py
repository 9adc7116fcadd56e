"""Criteria whose verdicts go together: two that pay for the same thing, and how much all share."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import comb, log2

import numpy as np
from numpy.typing import NDArray

from .intervals import Proportion
from .multiplicity import stand_out

MET = 0.5
# Answers before a coefficient between two criteria means anything, and what is called redundant.
MIN_ANSWERS = 20
REDUNDANT = 0.9


@dataclass(frozen=True, slots=True)
class Together:
    """Two criteria by index, over the `n` answers on which both have a verdict. `agreement` counts
    equal verdicts; `phi` is their correlation, in [-1, 1]; `information` is what one says of the
    other, in [0, 1] bits. None where one of them never varies. `stands_out` of all pairs: within
    the tiers, where quality makes nothing alike, their verdicts go together beyond luck."""

    first: int
    second: int
    n: int
    agreement: Proportion
    phi: float | None
    information: float | None
    stands_out: bool = False

    @property
    def is_the_same(self) -> bool:
        """Whether all verdicts are equal, and there are some of both kinds."""
        return self.phi is not None and self.agreement.hits == self.n


@dataclass(frozen=True, slots=True)
class Redundancy:
    """`pairs` are those that go together: phi of 0.9 or more, or equal throughout. `compared` pairs
    have verdicts in common. `internal` is KR-20 (Cronbach's alpha where there are levels) over the
    `n` answers with every verdict, at most 1: high mostly means redundancy, and it is no target.
    `needs` more answers are missing to the minimum of 20; below, equal verdicts may be chance."""

    n: int
    compared: int
    pairs: tuple[Together, ...]
    internal: float | None
    needs: int


def together(first: Sequence[float | None], second: Sequence[float | None]) -> Together:
    """Agreement, phi and mutual information of two columns of verdicts, met from 0.5 up; None where
    there is none. phi = (n11 n00 − n10 n01) / √(n1· n0· n·1 n·0); I = Σ p(a,b) log2 p(a,b) /
    (p(a) p(b)), Shannon (1948). Raises ValueError when lengths differ."""
    if len(first) != len(second):
        raise ValueError("Two columns need one length.")
    columns = np.array([first, second], float).reshape(2, -1)
    both, one, other, neither = (int(it[0, 1]) for it in _counts(columns))
    return _together(0, 1, both, one, other, neither)


def measure_redundancy(
    columns: Sequence[Sequence[float | None]], tiers: Sequence[int | None] | None = None
) -> Redundancy:
    """The pairs of criteria whose verdicts go together, over the same answers.

    One column a criterion, values in [0, 1], None where there is no verdict or it does not apply;
    pairs are compared on the answers that both have. Minimum n: 20 answers; below, only pairs with
    equal verdicts throughout are listed, and `needs` is positive. Linear in the answers, quadratic
    in the criteria. `tiers` are the answers': good answers meet many criteria and bad ones few, so
    two criteria may be met by the same answers and yet ask for two things; what shows that they do
    not is that they go together within tiers (`luck_within`). Raises ValueError when lengths
    differ.
    """
    if len({len(column) for column in columns}) > 1:
        raise ValueError("Columns of verdicts need one length.")
    answers = len(columns[0]) if columns else 0
    array = np.array(columns, float).reshape(len(columns), answers)
    both, one, other, neither = _counts(array)
    n = both + one + other + neither
    rooted = np.sqrt((both + one) * (neither + other)) * np.sqrt((both + other) * (neither + one))
    above = both * neither - one * other
    phi = np.divide(above, rooted, out=np.full(n.shape, np.nan), where=rooted > 0)
    equal = (both > 0) & (neither > 0) & (one + other == 0)
    flagged = equal | ((phi >= REDUNDANT) & (n >= MIN_ANSWERS))
    found = [
        _together(
            int(a),
            int(b),
            int(both[a, b]),
            int(one[a, b]),
            int(other[a, b]),
            int(neither[a, b]),
        )
        for a, b in np.argwhere(np.triu(flagged, 1))
    ]
    found = _standing_out(found, array, tiers, int(np.triu(n > 0, 1).sum()))
    full = array[:, ~np.isnan(array).any(axis=0)]
    return Redundancy(
        n=full.shape[1],
        compared=int(np.triu(n > 0, 1).sum()),
        pairs=tuple(sorted(found, key=lambda it: (-(it.phi or 0), -it.n, it.first, it.second))),
        internal=internal_redundancy(full),
        needs=max(0, MIN_ANSWERS - answers),
    )


def internal_redundancy(columns: NDArray[np.float64]) -> float | None:
    """KR-20, K/(K−1) (1 − Σ p_j(1−p_j) / Var(X)), X the sum of an answer's values; with levels it
    is Cronbach's alpha. At most 1, below 0 where criteria work against each other. None below 20
    answers, below 2 criteria and where X does not vary. Kuder and Richardson (1937), Psychometrika
    2:151-160; Cronbach (1951), Psychometrika 16:297-334. No errors."""
    criteria, answers = len(columns), columns.shape[1]
    if criteria < 2 or answers < MIN_ANSWERS:
        return None
    variance = float(columns.sum(axis=0).var())
    if variance <= 1e-12:
        return None
    of_items = float(columns.var(axis=1).sum())
    return criteria / (criteria - 1) * (1 - of_items / variance)


def luck_within(
    first: Sequence[float | None], second: Sequence[float | None], tiers: Sequence[int | None]
) -> float:
    """The chance that two columns are both met by as many answers or more, if the verdicts of each
    are dealt out at random within every tier, in (0, 1]: the exact conditional test of Cochran,
    Mantel and Haenszel. 1 where the tiers leave nothing to chance: in each of them one criterion
    never varies. Answers without a tier take no part. Mantel and Haenszel (1959), Journal of the
    National Cancer Institute 22:719-748. Raises ValueError when lengths differ.
    """
    if not len(first) == len(second) == len(tiers):
        raise ValueError("Two columns and the tiers need one length.")
    a, b = np.array([first, second], float).reshape(2, -1)
    known = ~(np.isnan(a) | np.isnan(b))
    given = np.array([np.nan if it is None else it for it in tiers], float)
    chances, together_met = np.ones(1), 0
    for tier in np.unique(given[~np.isnan(given)]):
        inside = known & (given == tier)
        met, other = a[inside] >= MET, b[inside] >= MET
        fewest, dealt = _dealt(len(met), int(met.sum()), int(other.sum()))
        chances = np.convolve(chances, dealt)
        together_met += int((met & other).sum()) - fewest
    return min(1.0, float(chances[together_met:].sum()))


@lru_cache(maxsize=4096)
def _dealt(n: int, met: int, other: int) -> tuple[int, NDArray[np.float64]]:
    """How many answers have both by luck: the fewest, and the chance of each number from there."""
    fewest, most = max(0, met + other - n), min(met, other)
    ways = [comb(met, k) * comb(n - met, other - k) for k in range(fewest, most + 1)]
    return fewest, np.array([it / comb(n, other) for it in ways])


def _standing_out(
    found: list[Together],
    columns: NDArray[np.float64],
    tiers: Sequence[int | None] | None,
    compared: int,
) -> list[Together]:
    """Those that went together by so much that luck would not, of all pairs that were compared."""
    if tiers is None:
        return found
    lucks = [luck_within(columns[it.first], columns[it.second], tiers) for it in found]
    # The others are not looked at more closely; as comparisons they count.
    beyond = stand_out([*lucks, *[1.0] * (compared - len(found))])
    return [replace(it, stands_out=far) for it, far in zip(found, beyond, strict=False)]


_Counts = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def _counts(columns: NDArray[np.float64]) -> _Counts:
    """For each pair: both met, only the first, only the second, neither."""
    met = (columns >= MET).astype(float)
    unmet = (columns < MET).astype(float)
    both, one, other, neither = met @ met.T, met @ unmet.T, unmet @ met.T, unmet @ unmet.T
    return (
        both.astype(np.int64),
        one.astype(np.int64),
        other.astype(np.int64),
        neither.astype(np.int64),
    )


def _together(first: int, second: int, both: int, one: int, other: int, neither: int) -> Together:
    n = both + one + other + neither
    met_first, met_second = both + one, both + other
    below = met_first * (n - met_first) * met_second * (n - met_second)
    phi = (both * neither - one * other) / below**0.5 if below else None
    return Together(
        first=first,
        second=second,
        n=n,
        agreement=Proportion(both + neither, n),
        phi=phi,
        information=_information(both, one, other, neither) if below else None,
    )


def _information(both: int, one: int, other: int, neither: int) -> float:
    n = both + one + other + neither
    met_first, met_second = both + one, both + other
    cells = (
        (both, met_first, met_second),
        (one, met_first, n - met_second),
        (other, n - met_first, met_second),
        (neither, n - met_first, n - met_second),
    )
    bits = sum(count / n * log2(count * n / (a * b)) for count, a, b in cells if count)
    return max(0.0, bits)
