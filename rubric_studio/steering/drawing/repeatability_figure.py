"""Figure 9: for each criterion the share of answers on which the judge changed its mind."""

from dataclasses import dataclass

from rubric_studio.engine.measuring.intervals import Proportion
from rubric_studio.steering.drawing.axis import Axis, Span
from rubric_studio.steering.figures.repeatability_rows import RepeatRow

SHOWN = 5


@dataclass(frozen=True, slots=True)
class DrawnRepeat:
    """`row` is None for what stands for all criteria without a row of their own."""

    name: str
    row: RepeatRow | None
    flips: Proportion
    needs: int
    is_flagged: bool
    at: float | None
    interval: Span | None


@dataclass(frozen=True, slots=True)
class RepeatDrawing:
    axis: Axis
    rows: tuple[DrawnRepeat, ...]


def draw_repeats(rows: tuple[RepeatRow, ...]) -> RepeatDrawing:
    """The least steady criteria, at most five; all others in one row."""
    axis = Axis(0.0)
    shown = [it for it in rows if it.measured.flips.hits][:SHOWN]
    drawn = [_drawn(f"{it.number} {it.text}", it, it.measured.flips, axis) for it in shown]
    rest = [it for it in rows if it not in shown]
    if rest:
        together = Proportion(
            sum(it.measured.flips.hits for it in rest), sum(it.measured.flips.n for it in rest)
        )
        name = f"All other {len(rest)}" if shown else f"All {len(rest)} criteria"
        if len(rest) == 1:
            name = f"{rest[0].number} {rest[0].text}"
        drawn.append(_drawn(name, rest[0] if len(rest) == 1 else None, together, axis))
    return RepeatDrawing(axis, tuple(drawn))


def _drawn(name: str, row: RepeatRow | None, flips: Proportion, axis: Axis) -> DrawnRepeat:
    needs = row.measured.needs if row else 0
    is_flagged = row is not None and row.is_flagged
    share, interval = flips.share, flips.interval
    if needs or share is None or interval is None:
        return DrawnRepeat(name, row, flips, needs, is_flagged, None, None)
    span = axis.span(interval.low, interval.high)
    return DrawnRepeat(name, row, flips, 0, is_flagged, axis.at(share), span)
