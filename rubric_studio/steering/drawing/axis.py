"""The axis of scores that the rows of a figure share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor

from rubric_studio.rubrics.drawing.numbers import plain

# Room for half a mark at both ends, in percent.
MARGIN = 3.0
MOST_TICKS = 5


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    label: str
    is_zero: bool


def giving_way(ticks: Sequence[Tick]) -> tuple[bool, ...]:
    """Of each tick, whether its label goes where all would touch: every other one, never 0."""
    kept = next((place for place, it in enumerate(ticks) if it.is_zero), 0)
    return tuple((place - kept) % 2 == 1 for place in range(len(ticks)))


@dataclass(frozen=True, slots=True)
class Span:
    """From left to right, in percent."""

    start: float
    end: float

    @property
    def width(self) -> float:
        return round(max(self.end - self.start, 0.5), 2)

    @property
    def middle(self) -> float:
        return round((self.start + self.end) / 2, 2)


@dataclass(frozen=True, slots=True)
class Axis:
    """From `low`, at most 0, to 1."""

    low: float

    @classmethod
    def for_values(cls, values: Iterable[float | None]) -> "Axis":
        """Down to the lowest value, in whole quarters, or whole numbers where it is far below."""
        lowest = min((it for it in values if it is not None), default=0.0)
        step = 0.25 if lowest > -1 else 1
        return cls(min(0.0, floor(lowest / step) * step))

    def at(self, value: float) -> float:
        share = (min(1.0, max(self.low, value)) - self.low) / (1 - self.low)
        return round(MARGIN + (100 - 2 * MARGIN) * share, 2)

    def span(self, a: float, b: float) -> Span:
        return Span(self.at(min(a, b)), self.at(max(a, b)))

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """Counted from 1 downwards in the finest step that leaves the labels room; 0 is one."""
        steps = (0.25, 0.5, 1.0)
        step = next((it for it in steps if (1 - self.low) / it <= MOST_TICKS - 0.9), None)
        if step is None:
            step = float(-floor((self.low - 1) / (MOST_TICKS - 1)))
        below = int(-self.low / step)
        values = [-step * n for n in range(below, 0, -1)]
        values += [step * n for n in range(int(1 / step) + 1)]
        if step > 1:
            values.append(1.0)
        return tuple(Tick(self.at(it), plain(it), it == 0) for it in values)
