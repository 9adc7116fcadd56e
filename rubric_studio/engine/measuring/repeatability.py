"""How steady a judge is: what it says of a cell when it is asked the same again."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from statistics import fmean, pvariance

from .intervals import Proportion
from .multiplicity import chance_of_at_least

MIN_VERDICTS = 2  # of a cell, before its repeats can agree or not
SHAKY = 0.2  # a flip above it asks for other words
SPREAD = 0.05  # and so does a variance above it
MIN_CELLS = 3  # with repeats, before a criterion may be called shaky or steady
MIN_FLIPPED = 2  # one cell alone may be one odd answer
RARE_LUCK = 0.05  # that a wording within the bar flips as often
# The share of odd verdicts that has the variance above: p (1 − p) = 0.05.
ODD = (1 - sqrt(1 - 4 * SPREAD)) / 2


@dataclass(frozen=True, slots=True)
class Repeatability:
    """`flips`: cells whose repeats do not all say the same, of the cells with 2 or more verdicts.

    `flip` is the mean share of a cell's verdicts that differ from its commonest one, in [0, 0.5]
    where there are two verdicts to choose from; `variance` the mean variance of a cell's values,
    p(1 − p) for met and unmet, in [0, 0.25]. `luck` is the chance that as many cells flip or more
    where each verdict varies by 0.05, as much as is let through. None while no cell has two
    verdicts.
    """

    flips: Proportion
    flip: float | None
    variance: float | None = None
    luck: float | None = None

    @property
    def is_shaky(self) -> bool:
        """Whether more verdicts flip than a wording that is read one way lets through."""
        return self.flip is not None and self.flip > SHAKY

    @property
    def is_spread(self) -> bool:
        """Whether verdicts vary more than that, on the mean over the cells."""
        return self.variance is not None and self.variance > SPREAD

    @property
    def needs(self) -> int:
        """Cells with repeats that are missing before the criterion is judged: to 3."""
        return max(0, MIN_CELLS - self.flips.n)

    @property
    def is_unsteady(self) -> bool:
        """Whether the wording should be looked at: verdicts flip above 0.2, or vary above 0.05,
        in two cells or more of three or more, and a wording within these bars does so at most 1
        time in 20. Of many criteria one does by luck: see multiplicity.py."""
        if self.needs or self.flips.hits < MIN_FLIPPED:
            return False
        if self.luck is None or self.luck > RARE_LUCK:
            return False
        return self.is_shaky or self.is_spread


def flip_rate(cells: Iterable[Sequence[Hashable]]) -> Repeatability:
    """Of each cell its repeats' verdicts (met or unmet, a level, not applicable), without those
    that failed. Cells with fewer than 2 verdicts say nothing and are left out.

    flip = mean over cells of (1 − max share); for met and unmet with p = share met that is
    1 − max(p, 1 − p). Above 0.2 over 5 repeats a criterion counts as shaky. variance = mean over
    cells of p(1 − p); above 0.05 public tools ask for a rewrite. It is of verdicts that are
    numbers, or (status, number) pairs; others have none. luck = P(X >= cells that flip), a cell of
    R verdicts flipping with chance 1 − q^R − (1 − q)^R, q (1 − q) = 0.05. Source of the bars:
    public tools (autorubric, rubric-reward-lens). Minimum n: 2 verdicts in one cell; 3 cells for
    `is_unsteady`. Low flip at temperature 0 says nothing about whether the verdicts are right.
    No errors.
    """
    repeated = [list(verdicts) for verdicts in cells if len(verdicts) >= MIN_VERDICTS]
    minorities = [
        1 - Counter(verdicts).most_common(1)[0][1] / len(verdicts) for verdicts in repeated
    ]
    spreads = [_spread(values) for it in repeated if len(values := _values(it)) >= MIN_VERDICTS]
    flipped = sum(share > 0 for share in minorities)
    return Repeatability(
        flips=Proportion(flipped, len(minorities)),
        flip=sum(minorities) / len(minorities) if minorities else None,
        variance=fmean(spreads) if spreads else None,
        luck=_luck(flipped, [len(it) for it in repeated]) if repeated else None,
    )


def _luck(flipped: int, asked: Sequence[int]) -> float:
    return chance_of_at_least(flipped, [1 - ODD**times - (1 - ODD) ** times for times in asked])


def is_flipped(verdicts: Sequence[Hashable]) -> bool:
    """Whether a cell's verdicts do not all say the same; False for fewer than two. No errors."""
    return len(set(verdicts)) > 1


def _values(verdicts: Sequence[Hashable]) -> tuple[float, ...]:
    found = (it[-1] if isinstance(it, tuple) and it else it for it in verdicts)
    return tuple(float(it) for it in found if isinstance(it, int | float))


# Exact, and so slow; of thousands of cells only a few say something else.
@lru_cache(maxsize=1024)
def _spread(values: tuple[float, ...]) -> float:
    return pvariance(values)
