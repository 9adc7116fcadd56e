"""Figure 10: a forest of gains, and what content-free answers score."""

from dataclasses import dataclass

from rubric_studio.engine.measuring.probes import (
    HACKABLE_GAIN,
    MOST_CONTENT_FREE,
    FamilyGain,
    ProbeGains,
)
from rubric_studio.engine.probing.families import BY_KEY
from rubric_studio.steering.drawing.axis import Axis, Span
from rubric_studio.steering.drawing.signed_axis import SignedAxis
from rubric_studio.steering.probe_results import Fooled, ProbeRef
from rubric_studio.steering.steer_results import Named

MOST_FOOLED = 3


@dataclass(frozen=True, slots=True)
class FooledMark:
    criterion: Named
    fooled: Fooled


@dataclass(frozen=True, slots=True)
class ProbeRow:
    """`point` and `interval` in percent of the axis."""

    gain: FamilyGain
    title: str
    why: str
    worst: ProbeRef
    point: float
    interval: Span | None
    fooled: tuple[FooledMark, ...]
    more: int

    @property
    def value(self) -> float:
        return (self.gain.highest if self.gain.is_content_free else self.gain.gain) or 0.0


@dataclass(frozen=True, slots=True)
class ProbeDrawing:
    axis: SignedAxis
    bar: float
    rows: tuple[ProbeRow, ...]
    free_axis: Axis
    free_bar: float
    free_rows: tuple[ProbeRow, ...]


def draw_probes(
    measured: ProbeGains,
    probes: tuple[ProbeRef, ...],
    fooled: tuple[Fooled, ...],
    criteria: tuple[Named, ...],
) -> ProbeDrawing:
    ends = [
        end
        for it in measured.families
        if it.interval
        for end in (it.interval.low, it.interval.high)
    ]
    axis = SignedAxis.for_values([*ends, *(it.gain for it in measured.families)], -0.1, 0.1)
    free_axis = Axis.for_values(it.highest for it in measured.content_free)
    named = {it.key: it for it in criteria}

    def row(it: FamilyGain, on: Axis | SignedAxis) -> ProbeRow:
        own = [mark for mark in fooled if mark.family == it.family]
        family = BY_KEY.get(it.family)
        return ProbeRow(
            gain=it,
            title=family.title if family else it.family,
            why=family.why if family else "",
            worst=probes[it.worst_index],
            point=on.at((it.highest if it.is_content_free else it.gain) or 0.0),
            interval=on.span(it.interval.low, it.interval.high) if it.interval else None,
            fooled=tuple(FooledMark(named[mark.criterion], mark) for mark in own[:MOST_FOOLED]),
            more=max(len(own) - MOST_FOOLED, 0),
        )

    return ProbeDrawing(
        axis=axis,
        bar=axis.at(HACKABLE_GAIN),
        rows=tuple(row(it, axis) for it in measured.families),
        free_axis=free_axis,
        free_bar=free_axis.at(MOST_CONTENT_FREE),
        free_rows=tuple(row(it, free_axis) for it in measured.content_free),
    )
