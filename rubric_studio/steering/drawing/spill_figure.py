"""Figure 5: the matrix of edited criteria and verdicts that moved, and the score's gain."""

from dataclasses import dataclass

from rubric_studio.engine.measuring.steering_edits import (
    GAIN_RANGE,
    ScoreGain,
    Spill,
    SteeringEdits,
    TargetedFlip,
)
from rubric_studio.steering.drawing.axis import Span
from rubric_studio.steering.drawing.signed_axis import SignedAxis
from rubric_studio.steering.steer_results import EditRef, Named

MOST_ROWS, MOST_COLUMNS = 12, 14
SHADES = 4


@dataclass(frozen=True, slots=True)
class HeatCell:
    """`share` of edits that moved the verdict; None where none could. `shade` from 0 to 4."""

    share: float | None
    hits: int
    n: int
    is_own: bool
    is_spilling: bool
    probe: str
    column: Named

    @property
    def shade(self) -> int:
        return 0 if not self.share else max(1, round(self.share * SHADES))

    @property
    def words(self) -> str:
        """As the cell has room for it: .33; nothing for none."""
        if not self.share:
            return ""
        return "1" if self.share == 1 else f"{self.share:.2f}".removeprefix("0")


@dataclass(frozen=True, slots=True)
class HeatRow:
    criterion: Named
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True)
class GainRow:
    criterion: Named
    gain: ScoreGain
    point: float
    interval: Span | None


@dataclass(frozen=True, slots=True)
class SpillDrawing:
    columns: tuple[Named, ...]
    rows: tuple[HeatRow, ...]
    left_out: int
    axis: SignedAxis
    ideal: Span
    gains: tuple[GainRow, ...]


def draw_spills(
    measured: SteeringEdits, edits: tuple[EditRef, ...], criteria: tuple[Named, ...]
) -> SpillDrawing:
    spills = {(it.edited, it.other): it for it in measured.spills}
    flips = {it.criterion: it for it in measured.flips}
    edited = {it.edited for it in measured.spills}
    moved = {it.other for it in measured.spills if it.changed.hits}
    columns = tuple(it for it in criteria if it.key in edited | moved)[:MOST_COLUMNS]
    rows = [it for it in criteria if it.key in edited]
    heat = tuple(
        HeatRow(row, tuple(_cell(row, column, spills, flips, edits) for column in columns))
        for row in rows[:MOST_ROWS]
    )
    axis = SignedAxis.for_values([it.mean for it in measured.gains], 0.0, 2.0, is_ratio=True)
    named = {it.key: it for it in criteria}
    return SpillDrawing(
        columns=columns,
        rows=heat,
        left_out=max(len(rows) - MOST_ROWS, 0),
        axis=axis,
        ideal=axis.span(*GAIN_RANGE),
        gains=tuple(_gain(named[it.criterion], it, axis) for it in measured.gains),
    )


def _cell(
    row: Named,
    column: Named,
    spills: dict[tuple[str, str], Spill],
    flips: dict[str, TargetedFlip],
    edits: tuple[EditRef, ...],
) -> HeatCell:
    if row.key == column.key and row.key in flips:
        own = flips[row.key].flips
        return HeatCell(own.share, own.hits, own.n, True, False, "", column)
    spill = spills.get((row.key, column.key))
    if spill is None:
        return HeatCell(None, 0, 0, False, False, "", column)
    first = edits[spill.edits[0]].id if spill.edits else ""
    changed = spill.changed
    return HeatCell(changed.share, changed.hits, changed.n, False, spill.is_spilling, first, column)


def _gain(criterion: Named, gain: ScoreGain, axis: SignedAxis) -> GainRow:
    interval = gain.interval
    return GainRow(
        criterion=criterion,
        gain=gain,
        point=axis.at(gain.mean),
        interval=None if interval is None else axis.span(interval.low, interval.high),
    )
