"""The figures of the collection's page: raters beyond chance, and what a judge's lean hangs on."""

from collections.abc import Iterable
from dataclasses import dataclass

from rubric_studio.engine.measuring.intervals import Interval
from rubric_studio.engine.measuring.pooling import Pooled
from rubric_studio.steering.collection.agreement import (
    CollectionAgreement,
    JudgeAgreement,
    Part,
)
from rubric_studio.steering.drawing.axis import Axis, Span
from rubric_studio.steering.drawing.signed_axis import SignedAxis

LEAST_LEAN = 0.2


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure with its interval; `at` is None where `needs` more pairs are missing, or where the
    data do not carry it."""

    name: str
    n: int
    value: float | None
    bounds: Interval | None
    needs: int
    at: float | None
    span: Span | None
    judge: JudgeAgreement | None = None


@dataclass(frozen=True, slots=True)
class KappaDrawing:
    """`ceiling` is where the experts' own kappas lie."""

    axis: Axis
    ceiling: Span | None
    rows: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class LeanDrawing:
    axis: SignedAxis
    rows: tuple[Mark, ...]


def draw_kappas(found: CollectionAgreement) -> KappaDrawing:
    bounds = [it.pooled.kappa_interval for it in found.judges]
    lows = [it.low for it in [*bounds, found.ceiling] if it is not None]
    axis = Axis.for_values(lows)
    ceiling = None
    if found.ceiling is not None:
        ceiling = axis.span(found.ceiling.low, found.ceiling.high)
    rows = tuple(
        _mark(it.name, it.pooled, it.pooled.counts.kappa, it.pooled.kappa_interval, axis, it)
        for it in found.judges
    )
    return KappaDrawing(axis, ceiling, rows)


def draw_lean(parts: Iterable[Part]) -> LeanDrawing:
    shown = tuple(parts)
    bounds = [it.pooled.bias_interval for it in shown if not it.pooled.counts.needs_for_kappa]
    known = [end for it in bounds if it is not None for end in (it.low, it.high)]
    axis = SignedAxis.for_values(known, -LEAST_LEAN, LEAST_LEAN)
    rows = tuple(
        _mark(it.name, it.pooled, it.pooled.counts.bias, it.pooled.bias_interval, axis)
        for it in shown
    )
    return LeanDrawing(axis, rows)


def _mark(
    name: str,
    pooled: Pooled,
    value: float | None,
    bounds: Interval | None,
    axis: Axis | SignedAxis,
    judge: JudgeAgreement | None = None,
) -> Mark:
    counts = pooled.counts
    if counts.needs_for_kappa or value is None or bounds is None:
        return Mark(name, counts.n, value, bounds, counts.needs_for_kappa, None, None, judge)
    span = axis.span(bounds.low, bounds.high)
    return Mark(name, counts.n, value, bounds, 0, axis.at(value), span, judge)
