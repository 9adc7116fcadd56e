"""An axis of differences: zero stands out, both directions have room."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor

from rubric_studio.rubrics.drawing.numbers import signed
from rubric_studio.steering.drawing.axis import MARGIN, Span, Tick

STEPS = (0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0)
MOST_STEPS = 5


@dataclass(frozen=True, slots=True)
class SignedAxis:
    low: float
    high: float
    step: float

    @classmethod
    def for_values(cls, values: Iterable[float | None], least: float) -> "SignedAxis":
        """Wide enough for the values and for `least` on both sides of zero, in whole steps."""
        known = [it for it in values if it is not None]
        low, high = min([*known, -least]), max([*known, least])
        step = next(
            (it for it in STEPS if (high - low) / it <= MOST_STEPS), float(ceil(high - low))
        )
        return cls(floor(low / step) * step, ceil(high / step) * step, step)

    def at(self, value: float) -> float:
        share = (min(self.high, max(self.low, value)) - self.low) / (self.high - self.low)
        return round(MARGIN + (100 - 2 * MARGIN) * share, 2)

    def span(self, a: float, b: float) -> Span:
        return Span(self.at(min(a, b)), self.at(max(a, b)))

    @property
    def ticks(self) -> tuple[Tick, ...]:
        count = round((self.high - self.low) / self.step)
        values = [self.low + self.step * n for n in range(count + 1)]
        return tuple(Tick(self.at(it), signed(it), abs(it) < self.step / 2) for it in values)
