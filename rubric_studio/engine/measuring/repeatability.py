"""How steady a judge is: what it says of a cell when it is asked the same again."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, pvariance

from .intervals import Proportion

MIN_VERDICTS = 2  # of a cell, before its repeats can agree or not
SHAKY = 0.2  # a flip above it asks for other words
SPREAD = 0.05  # and so does a variance above it
MIN_CELLS = 3  # with repeats, before a criterion may be called shaky or steady
MIN_FLIPPED = 2  # one cell alone may be one odd answer


@dataclass(frozen=True, slots=True)
class Repeatability:
    """`flips`: cells whose repeats do not all say the same, of the cells with 2 or more verdicts.

    `flip` is the mean share of a cell's verdicts that differ from its commonest one, in [0, 0.5]
    where there are two verdicts to choose from; `variance` the mean variance of a cell's values,
    p(1 − p) for met and unmet, in [0, 0.25]. Both None while no cell has two verdicts.
    """

    flips: Proportion
    flip: float | None
    variance: float | None = None

    @property
    def is_shaky(self) -> bool:
        """Whether more verdicts flip than a wording that is read one way lets through."""
        return self.flip is not None and self.flip > SHAKY

    @property
    def needs(self) -> int:
        """Cells with repeats that are missing before the criterion is judged: to 3."""
        return max(0, MIN_CELLS - self.flips.n)

    @property
    def is_unsteady(self) -> bool:
        """Whether the wording should be looked at: verdicts flip above 0.2, or vary above 0.05,
        in two cells or more of three or more."""
        if self.needs or self.flips.hits < MIN_FLIPPED:
            return False
        return self.is_shaky or (self.variance is not None and self.variance > SPREAD)


def flip_rate(cells: Iterable[Sequence[Hashable]]) -> Repeatability:
    """Of each cell its repeats' verdicts (met or unmet, a level, not applicable), without those
    that failed. Cells with fewer than 2 verdicts say nothing and are left out.

    flip = mean over cells of (1 − max share); for met and unmet with p = share met that is
    1 − max(p, 1 − p). Above 0.2 over 5 repeats a criterion counts as shaky. variance = mean over
    cells of p(1 − p); above 0.05 public tools ask for a rewrite. It is of verdicts that are
    numbers, or (status, number) pairs; others have none. Low flip at temperature 0 says nothing
    about whether the verdicts are right.
    """
    repeated = [list(verdicts) for verdicts in cells if len(verdicts) >= MIN_VERDICTS]
    minorities = [
        1 - Counter(verdicts).most_common(1)[0][1] / len(verdicts) for verdicts in repeated
    ]
    spreads = [pvariance(values) for it in repeated if len(values := _values(it)) >= MIN_VERDICTS]
    return Repeatability(
        flips=Proportion(sum(share > 0 for share in minorities), len(minorities)),
        flip=sum(minorities) / len(minorities) if minorities else None,
        variance=fmean(spreads) if spreads else None,
    )


def is_flipped(verdicts: Sequence[Hashable]) -> bool:
    """Whether a cell's verdicts do not all say the same; False for fewer than two."""
    return len(set(verdicts)) > 1


def _values(verdicts: Sequence[Hashable]) -> list[float]:
    found = (it[-1] if isinstance(it, tuple) and it else it for it in verdicts)
    return [float(it) for it in found if isinstance(it, int | float)]
