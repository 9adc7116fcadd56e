"""An axis of differences or ratios of scores: zero stands out."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor

from rubric_studio.rubrics.drawing.numbers import plain, signed
from rubric_studio.steering.drawing.axis import MARGIN, Span, Tick

STEPS = (0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0)
MOST_STEPS = 5


@dataclass(frozen=True, slots=True)
class SignedAxis:
    """From `low` to `high`; labels carry their sign unless `is_ratio`."""

    low: float
    high: float
    step: float
    is_ratio: bool = False

    @classmethod
    def for_values(
        cls, values: Iterable[float | None], low: float, high: float, *, is_ratio: bool = False
    ) -> "SignedAxis":
        """Wide enough for the values, and from `low` to `high` at least, in whole steps."""
        known = [it for it in values if it is not None]
        low, high = min([*known, low]), max([*known, high])
        wide = float(ceil(high - low))
        step = next((it for it in STEPS if (high - low) / it <= MOST_STEPS), wide)
        return cls(floor(low / step) * step, ceil(high / step) * step, step, is_ratio)

    def at(self, value: float) -> float:
        share = (min(self.high, max(self.low, value)) - self.low) / (self.high - self.low)
        return round(MARGIN + (100 - 2 * MARGIN) * share, 2)

    def span(self, a: float, b: float) -> Span:
        return Span(self.at(min(a, b)), self.at(max(a, b)))

    @property
    def ticks(self) -> tuple[Tick, ...]:
        count = round((self.high - self.low) / self.step)
        values = [self.low + self.step * n for n in range(count + 1)]
        label = plain if self.is_ratio else signed
        return tuple(Tick(self.at(it), label(it), abs(it) < self.step / 2) for it in values)
