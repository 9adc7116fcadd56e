"""Figure 1: the expert's order at the left, the rubric's at the right, swaps as crossing lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from rubric_studio.engine.measuring.order import Order
from rubric_studio.steering.drawing.axis import Span
from rubric_studio.steering.samples import Sample

ROW = 32


@dataclass(frozen=True, slots=True)
class Rank:
    """The answers of one rank: where the expert puts one, where the scores put one."""

    expected: Sample
    scored: Sample


@dataclass(frozen=True, slots=True)
class Slope:
    """From an answer's place in the expert's order to its place by score, in pixels."""

    start: int
    end: int
    swapped: bool


@dataclass(frozen=True, slots=True)
class Track:
    """Concordance from 0 to 100 %. `chance` is as far as luck gets; None where there is none."""

    point: float | None
    chance: float | None
    interval: Span | None


@dataclass(frozen=True, slots=True)
class OrderDrawing:
    ranks: tuple[Rank, ...]
    slopes: tuple[Slope, ...]
    track: Track
    unscored: tuple[Sample, ...]

    @property
    def height(self) -> int:
        return ROW * len(self.ranks)


def draw_order(order: Order, samples: Sequence[Sample]) -> OrderDrawing:
    """Within a tier the expert states no order: there the left side takes the scores', so that
    only lines of different tiers cross, and every crossing is an inversion."""
    ranked = [it for it in samples if it.tier is not None and it.score is not None]
    expected = sorted(ranked, key=lambda it: (-(it.tier or 0), -(it.score or 0)))
    scored = sorted(expected, key=lambda it: -(it.score or 0))
    place = {it.id: number for number, it in enumerate(scored)}
    swapped = {
        samples[index].id for pair in order.inversions for index in (pair.better, pair.worse)
    }
    return OrderDrawing(
        ranks=tuple(Rank(left, right) for left, right in zip(expected, scored, strict=True)),
        slopes=tuple(
            Slope(_middle(number), _middle(place[it.id]), it.id in swapped)
            for number, it in enumerate(expected)
        ),
        track=_track(order),
        unscored=tuple(it for it in samples if it.tier is not None and it.score is None),
    )


def _middle(number: int) -> int:
    return ROW * number + ROW // 2


def _track(order: Order) -> Track:
    if order.needs or order.concordance is None:
        return Track(None, None, None)
    interval = order.interval
    return Track(
        point=_percent(order.concordance),
        chance=None if order.chance is None else _percent(order.chance),
        interval=Span(_percent(interval.low), _percent(interval.high)) if interval else None,
    )


def _percent(share: float) -> float:
    return round(100 * share, 2)
