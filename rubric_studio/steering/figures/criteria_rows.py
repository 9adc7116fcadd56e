"""What figure 6 holds of each criterion."""

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
class Row:
    """A criterion, its `number` in the rubric from 1. `cells` in the order of the figure's
    letters; empty where there are too many answers to show each."""

    number: int
    key: str
    text: str
    item: Item
    weight: Weight
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Twins:
    """Two criteria that got (nearly) the same verdicts on `n` answers."""

    first: Row
    second: Row
    n: int
    phi: float | None
    information: float | None
