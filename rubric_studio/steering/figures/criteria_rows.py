"""What figure 6 holds of each criterion."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rubric_studio.engine.measuring.items import Item
from rubric_studio.engine.measuring.weights import Weight


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer's verdict; "failed" where there is none. `value` is None unless graded."""

    status: Literal["graded", "not_applicable", "failed"]
    value: float | None = None


@dataclass(frozen=True, slots=True)
class TierShare:
    """The mean value, in [0, 1], that the criterion has among a tier's `n` answers."""

    tier: int
    mean: float
    n: int


@dataclass(frozen=True, slots=True)
class Row:
    """A criterion, its `number` in the rubric from 1. `cells` in the order of the figure's
    letters; empty where there are too many answers to show each. `tiers` has the best first, and
    none without two of them."""

    number: int
    key: str
    text: str
    item: Item
    weight: Weight
    cells: tuple[Cell, ...] = ()
    tiers: tuple[TierShare, ...] = ()


@dataclass(frozen=True, slots=True)
class Twins:
    """Two criteria that got (nearly) the same verdicts on `n` answers."""

    first: Row
    second: Row
    n: int
    phi: float | None
    information: float | None


def tier_shares(
    values: Sequence[float | None], tiers: Sequence[int | None]
) -> tuple[TierShare, ...]:
    """The mean value in each tier, the best tier first; answers without a value are left out."""
    found: dict[int, list[float]] = {}
    for value, tier in zip(values, tiers, strict=True):
        if value is not None and tier is not None:
            found.setdefault(tier, []).append(value)
    if len(found) < 2:
        return ()
    return tuple(
        TierShare(tier, sum(given) / len(given), len(given))
        for tier, given in sorted(found.items(), reverse=True)
    )
