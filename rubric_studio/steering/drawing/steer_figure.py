"""Figure 4: the plane of holding still and moving, and a bar of flips for each criterion."""

from dataclasses import dataclass

from rubric_studio.engine.measuring.intervals import Proportion
from rubric_studio.engine.measuring.steering_edits import (
    MIN_INVARIANCE,
    MIN_SENSITIVITY,
    SteeringEdits,
)
from rubric_studio.steering.drawing.axis import Axis, Span
from rubric_studio.steering.steer_results import EditRef, Named

# The plane in pixels: its corner, its side.
LEFT, TOP, SIDE = 34, 8, 140


@dataclass(frozen=True, slots=True)
class Plane:
    """In pixels. `x` and `y` are None where one of the two is not measured."""

    x: float | None
    y: float | None
    x_low: float
    x_high: float
    y_low: float
    y_high: float
    x_bar: float
    y_bar: float

    left: int = LEFT
    top: int = TOP
    side: int = SIDE

    @property
    def right(self) -> int:
        return self.left + self.side

    @property
    def bottom(self) -> int:
        return self.top + self.side

    @property
    def good_width(self) -> float:
        return round(self.right - self.x_bar, 1)

    @property
    def good_height(self) -> float:
        return round(self.y_bar - self.top, 1)


@dataclass(frozen=True, slots=True)
class FlipRow:
    criterion: Named
    flips: Proportion
    needs: int
    is_low: bool
    point: float | None
    interval: Span | None
    misses: tuple[EditRef, ...]

    @property
    def stops(self) -> bool:
        return self.is_low and not self.needs


@dataclass(frozen=True, slots=True)
class SteerDrawing:
    plane: Plane
    axis: Axis
    bar: float
    rows: tuple[FlipRow, ...]


def draw_steer(
    measured: SteeringEdits, edits: tuple[EditRef, ...], criteria: tuple[Named, ...]
) -> SteerDrawing:
    axis = Axis(0.0)
    named = {it.key: it for it in criteria}
    rows = []
    for flip in measured.flips:
        share, interval = flip.flips.share, flip.flips.interval
        rows.append(
            FlipRow(
                criterion=named[flip.criterion],
                flips=flip.flips,
                needs=flip.needs,
                is_low=flip.is_low,
                point=None if share is None else axis.at(share),
                interval=None if interval is None else axis.span(interval.low, interval.high),
                misses=tuple(edits[it] for it in flip.misses),
            )
        )
    return SteerDrawing(_plane(measured), axis, axis.at(MIN_SENSITIVITY), tuple(rows))


def _plane(measured: SteeringEdits) -> Plane:
    still, moves = measured.invariance, measured.sensitivity
    still_at, moves_at = still.interval, moves.interval
    is_whole = still_at is not None and moves_at is not None
    return Plane(
        x=_x(still.share) if is_whole and still.share is not None else None,
        y=_y(moves.share) if is_whole and moves.share is not None else None,
        x_low=_x(still_at.low) if still_at else 0.0,
        x_high=_x(still_at.high) if still_at else 0.0,
        y_low=_y(moves_at.low) if moves_at else 0.0,
        y_high=_y(moves_at.high) if moves_at else 0.0,
        x_bar=_x(MIN_INVARIANCE),
        y_bar=_y(MIN_SENSITIVITY),
    )


def _x(share: float) -> float:
    return round(LEFT + SIDE * share, 1)


def _y(share: float) -> float:
    return round(TOP + SIDE * (1 - share), 1)
