"""Figure 6: for each criterion the weight it was given and the weight it has."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rubric_studio.steering.drawing.axis import Span
from rubric_studio.steering.figures.criteria_rows import Cell, Row
from rubric_studio.steering.figures.criteria_words import flag_of

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Bars:
    """One criterion's row. `given` and `has` run from `zero`; `has` is None where it is not known.
    `met` is the interval of how many answers meet it, in percent of its own track."""

    row: Row
    zero: float
    given: Span | None
    has: Span | None
    met_at: float | None
    met: Span | None
    flag: str
    works_against: bool
    cells: tuple[tuple[Cell, str], ...]


@dataclass(frozen=True, slots=True)
class CriteriaDrawing:
    """`rows`: those that are flagged and those that do most, `rest` the others."""

    rows: tuple[Bars, ...]
    rest: tuple[Bars, ...]

    @property
    def all(self) -> tuple[Bars, ...]:
        return tuple(sorted((*self.rows, *self.rest), key=lambda it: it.row.number))


def draw_criteria(
    rows: Sequence[Row], letters: Sequence[str], twins: Collection[str], dominant: str | None
) -> CriteriaDrawing:
    shares = [it for row in rows for it in (row.weight.nominal, row.weight.effective)]
    known = [it for it in shares if it is not None]
    low, high = min([0.0, *known]), max([0.01, *known])
    drawn = [
        _bars(
            row,
            letters,
            low,
            high,
            flag_of(row, is_dominant=row.key == dominant, is_twin=row.key in twins),
        )
        for row in rows
    ]
    by_work = sorted(drawn, key=_most_first)
    chosen = {it.row.key for it in [*(it for it in by_work if it.flag), *by_work][:SHOWN]}
    return CriteriaDrawing(
        rows=tuple(it for it in by_work if it.row.key in chosen),
        rest=tuple(it for it in by_work if it.row.key not in chosen),
    )


def _most_first(bars: Bars) -> tuple[float, int]:
    share = bars.row.weight.effective
    return -abs(share if share is not None else bars.row.weight.nominal or 0.0), bars.row.number


def _bars(row: Row, letters: Sequence[str], low: float, high: float, flag: str) -> Bars:
    def at(share: float) -> float:
        return round(100 * (share - low) / (high - low), 2)

    def span(share: float | None) -> Span | None:
        return None if share is None else Span(at(min(0.0, share)), at(max(0.0, share)))

    interval = row.item.met.interval
    mean = row.item.mean
    return Bars(
        row=row,
        zero=at(0),
        given=span(row.weight.nominal),
        has=span(row.weight.effective),
        met_at=None if mean is None else round(100 * mean, 2),
        met=None if interval is None else Span(100 * interval.low, 100 * interval.high),
        flag=flag,
        works_against=row.weight.effective is not None and row.weight.effective < -0.005,
        cells=tuple(zip(row.cells, letters, strict=True)),
    )
