"""How steady a judge is: what it says of a cell when it is asked the same again."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from .intervals import Proportion

MIN_VERDICTS = 2  # of a cell, before its repeats can agree or not
SHAKY = 0.2  # a flip above it asks for other words


@dataclass(frozen=True, slots=True)
class Repeatability:
    """`flips`: cells whose repeats do not all say the same, of the cells with 2 or more verdicts.

    `flip` is the mean share of a cell's verdicts that differ from its commonest one, in [0, 0.5]
    where there are two verdicts to choose from; None while no cell has two.
    """

    flips: Proportion
    flip: float | None

    @property
    def is_shaky(self) -> bool:
        """Whether more verdicts flip than a wording that is read one way lets through."""
        return self.flip is not None and self.flip > SHAKY


def flip_rate(cells: Iterable[Sequence[Hashable]]) -> Repeatability:
    """Of each cell its repeats' verdicts (met or unmet, a level, not applicable), without those
    that failed. Cells with fewer than 2 verdicts say nothing and are left out.

    flip = mean over cells of (1 − max share); for met and unmet with p = share met that is
    1 − max(p, 1 − p). Above 0.2 over 5 repeats a criterion counts as shaky. Low flip at
    temperature 0 says nothing about whether the verdicts are right.
    """
    minorities = [
        1 - Counter(verdicts).most_common(1)[0][1] / len(verdicts)
        for verdicts in cells
        if len(verdicts) >= MIN_VERDICTS
    ]
    flips = Proportion(sum(share > 0 for share in minorities), len(minorities))
    return Repeatability(flips, sum(minorities) / len(minorities) if minorities else None)


def is_flipped(verdicts: Sequence[Hashable]) -> bool:
    """Whether a cell's verdicts do not all say the same; False for fewer than two."""
    return len(set(verdicts)) > 1
