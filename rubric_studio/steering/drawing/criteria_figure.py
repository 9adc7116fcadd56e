"""Figure 6: for each criterion the weight it was given and the weight it has."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import sqrt

from rubric_studio.steering.drawing.axis import Span
from rubric_studio.steering.figures.criteria_rows import Cell, Row, TierShare
from rubric_studio.steering.figures.criteria_words import flag_of, percent

SHOWN = 12
# A tier's dot in pixels, where all of the tier meets the criterion, and the room for it.
DOT, COLUMN = 8.0, 24
MOST_TIERS = 6


@dataclass(frozen=True, slots=True)
class TierDot:
    """How far a tier meets the criterion: its area is the share. In pixels."""

    x: int
    radius: float
    share: TierShare


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
    dots: tuple[TierDot, ...] = ()

    @property
    def dots_words(self) -> str:
        """The dots for those who hear them."""
        return ", ".join(f"tier {it.tier}: {percent(it.mean)} of {it.n}" for it in self.row.tiers)


@dataclass(frozen=True, slots=True)
class CriteriaDrawing:
    """`rows`: those that are flagged and those that do most, `rest` the others."""

    rows: tuple[Bars, ...]
    rest: tuple[Bars, ...]
    tiers: tuple[int, ...]  # that have a column of dots, the best first

    @property
    def width(self) -> int:
        return COLUMN * len(self.tiers)

    @property
    def all(self) -> tuple[Bars, ...]:
        return tuple(sorted((*self.rows, *self.rest), key=lambda it: it.row.number))


def draw_criteria(
    rows: Sequence[Row], letters: Sequence[str], twins: Collection[str], dominant: str | None
) -> CriteriaDrawing:
    shares = [it for row in rows for it in (row.weight.nominal, row.weight.effective)]
    known = [it for it in shares if it is not None]
    low, high = min([0.0, *known]), max([0.01, *known])
    tiers = tuple(sorted({it.tier for row in rows for it in row.tiers}, reverse=True))[:MOST_TIERS]
    drawn = []
    for row in rows:
        flag = flag_of(row, is_dominant=row.key == dominant, is_twin=row.key in twins)
        drawn.append(_bars(row, letters, low, high, flag, _dots(row, tiers)))
    by_work = sorted(drawn, key=_most_first)
    chosen = {it.row.key for it in [*(it for it in by_work if it.flag), *by_work][:SHOWN]}
    return CriteriaDrawing(
        rows=tuple(it for it in by_work if it.row.key in chosen),
        rest=tuple(it for it in by_work if it.row.key not in chosen),
        tiers=tiers,
    )


def _dots(row: Row, tiers: Sequence[int]) -> tuple[TierDot, ...]:
    return tuple(
        TierDot(tiers.index(it.tier) * COLUMN + COLUMN // 2, round(DOT * sqrt(it.mean), 1), it)
        for it in row.tiers
        if it.tier in tiers
    )


def _most_first(bars: Bars) -> tuple[float, int]:
    share = bars.row.weight.effective
    return -abs(share if share is not None else bars.row.weight.nominal or 0.0), bars.row.number


def _bars(
    row: Row, letters: Sequence[str], low: float, high: float, flag: str, dots: tuple[TierDot, ...]
) -> Bars:
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
        dots=dots,
    )
