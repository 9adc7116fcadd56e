"""Figure 7: how far each weight may move, on one axis of changes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rubric_studio.engine.measuring.stability import FARTHEST, MIN_ROOM, Edge
from rubric_studio.steering.drawing.axis import MARGIN, Span, Tick
from rubric_studio.steering.figures.weights_rows import WeightRow

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Bar:
    """One weight. An end without a mark lies beyond the axis, or there is none."""

    row: WeightRow
    span: Span
    fewer: float | None
    more: float | None
    is_tight: bool
    words: str


@dataclass(frozen=True, slots=True)
class WeightsDrawing:
    """`rows` are the tightest, `rest` the others, those that may have any points last."""

    rows: tuple[Bar, ...]
    rest: tuple[Bar, ...]
    as_given: float
    tolerance: Span
    ticks: tuple[Tick, ...]

    @property
    def all(self) -> tuple[Bar, ...]:
        return *self.rows, *self.rest


def draw_weights(rows: Sequence[WeightRow], tight: Collection[int]) -> WeightsDrawing:
    ordered = sorted((it for it in rows if it.room is not None), key=_tightest_first)
    bars = [_bar(it, is_tight=it.number - 1 in tight) for it in ordered]
    return WeightsDrawing(
        rows=tuple(bars[:SHOWN]),
        rest=tuple(bars[SHOWN:]),
        as_given=_at(0),
        tolerance=Span(_at(-MIN_ROOM), _at(MIN_ROOM)),
        ticks=(
            Tick(_at(-1), "none", False),
            Tick(_at(0), "as given", True),
            Tick(_at(1), "twice", False),
            Tick(_at(FARTHEST), "4 times", False),
        ),
    )


def _tightest_first(row: WeightRow) -> tuple[float, float, int]:
    least = row.room.least if row.room else None
    return (float("inf") if least is None else least), -abs(row.points), row.number


def _bar(row: WeightRow, *, is_tight: bool) -> Bar:
    fewer, more = (row.room.fewer, row.room.more) if row.room else (None, None)
    low = -1.0 if fewer is None else max(-1.0, fewer.change)
    high = FARTHEST if more is None else min(FARTHEST, more.change)
    return Bar(
        row=row,
        span=Span(_at(low), _at(high)),
        fewer=_mark(fewer),
        more=_mark(more),
        is_tight=is_tight,
        words=f"{_end(fewer, 'no points')} to {_end(more, 'any number')}",
    )


def _mark(edge: Edge | None) -> float | None:
    return _at(edge.change) if edge is not None and -1 < edge.change < FARTHEST else None


def _end(edge: Edge | None, otherwise: str) -> str:
    return otherwise if edge is None else f"{100 * edge.change:+.0f} %".replace("-", "−")


def _at(change: float) -> float:
    share = (change + 1) / (FARTHEST + 1)
    return round(MARGIN + (100 - 2 * MARGIN) * share, 2)
