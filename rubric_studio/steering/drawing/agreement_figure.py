"""Figure 8: for each criterion how often judge and experts agree, and all of them together."""

from dataclasses import dataclass

from rubric_studio.engine.measuring.intervals import Interval, Proportion
from rubric_studio.engine.measuring.pooling import Pooled, PooledAlpha
from rubric_studio.steering.drawing.axis import Axis, Span
from rubric_studio.steering.figures.agreement_rows import MIN_RAW, AgreementRow

SHOWN = 6


@dataclass(frozen=True, slots=True)
class ShareMark:
    """A share with its Wilson interval; `needs` more before it is drawn."""

    share: Proportion
    needs: int
    at: float | None
    interval: Span | None


@dataclass(frozen=True, slots=True)
class DrawnRow:
    row: AgreementRow
    judge: ShareMark
    experts: ShareMark


@dataclass(frozen=True, slots=True)
class Beyond:
    """Agreement beyond chance, on its own axis from −1 (or 0) to 1. `needs` more before it is."""

    name: str
    value: float | None
    at: float | None
    interval: Span | None
    bounds: Interval | None
    needs: int


@dataclass(frozen=True, slots=True)
class AgreementDrawing:
    axis: Axis
    bar: float
    rows: tuple[DrawnRow, ...]
    hidden: int
    beyond_axis: Axis
    beyond: tuple[Beyond, ...]


def draw_agreement(
    rows: tuple[AgreementRow, ...], pooled: Pooled, alpha: PooledAlpha
) -> AgreementDrawing:
    """At most six rows, the least agreed on first; the table has them all."""
    axis = Axis(0.0)
    counts = pooled.counts
    bounds = (pooled.kappa_interval, alpha.interval)
    beyond_axis = Axis.for_values(it.low for it in bounds if it is not None)
    beyond = []
    if counts.n:
        kappa = counts.kappa, pooled.kappa_interval, counts.needs_for_kappa
        beyond.append(_beyond("All, judge", *kappa, beyond_axis))
    if alpha.units:
        between = alpha.alpha, alpha.interval, alpha.needs
        beyond.append(_beyond("All, experts", *between, beyond_axis))
    drawn = tuple(_drawn(it, axis) for it in rows[:SHOWN])
    return AgreementDrawing(
        axis, axis.at(MIN_RAW), drawn, len(rows) - len(drawn), beyond_axis, tuple(beyond)
    )


def _drawn(row: AgreementRow, axis: Axis) -> DrawnRow:
    return DrawnRow(
        row,
        _mark(row.judge.raw, row.judge.needs, axis),
        _mark(row.experts.raw, row.experts.needs, axis),
    )


def _mark(share: Proportion, needs: int, axis: Axis) -> ShareMark:
    interval = share.interval
    if needs or interval is None or share.share is None:
        return ShareMark(share, needs, None, None)
    return ShareMark(share, 0, axis.at(share.share), axis.span(interval.low, interval.high))


def _beyond(
    name: str, value: float | None, bounds: Interval | None, needs: int, axis: Axis
) -> Beyond:
    if needs or value is None or bounds is None:
        return Beyond(name, value, None, None, None, needs)
    return Beyond(name, value, axis.at(value), axis.span(bounds.low, bounds.high), bounds, needs)
