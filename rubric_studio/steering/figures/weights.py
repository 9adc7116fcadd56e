"""Figure 7: how far the points may move before two answers change places."""

from dataclasses import dataclass
from typing import ClassVar

from rubric_studio.engine.document.types import Json
from rubric_studio.engine.measuring.order import MIN_ANSWERS
from rubric_studio.engine.measuring.stability import (
    MIN_UNCHANGED,
    Edge,
    Room,
    Stability,
    measure_stability,
)
from rubric_studio.steering.drawing.weights_figure import WeightsDrawing, draw_weights
from rubric_studio.steering.figures.criteria_words import percent
from rubric_studio.steering.figures.figure import FigureStatus, Group, interval_json
from rubric_studio.steering.figures.weights_rows import WeightRow
from rubric_studio.steering.findings import Finding
from rubric_studio.steering.material import Material
from rubric_studio.steering.samples import Sample
from rubric_studio.steering.sentences import counted, quoted


@dataclass(frozen=True, slots=True)
class WeightsFigure:
    """`rows` in the rubric's order; edges in `measured` point into `samples`."""

    number: ClassVar[int] = 7
    key: ClassVar[str] = "weights"
    name: ClassVar[str] = "Weight safety"
    group: ClassVar[Group] = "work"

    measured: Stability
    samples: tuple[Sample, ...]
    rows: tuple[WeightRow, ...]

    @property
    def needs(self) -> int:
        """Ranked answers that are missing; pairs in order can't be told beforehand."""
        return max(0, MIN_ANSWERS - self.measured.n)

    @property
    def status(self) -> FigureStatus:
        if self.needs or self.measured.needs:
            return "none"
        return "look" if self.findings else "ok"

    @property
    def sentence(self) -> str:
        found = self.measured
        if self.needs:
            have = counted(found.n, "ranked answer has", "ranked answers have")
            more = f"{self.needs} more {'is' if self.needs == 1 else 'are'}"
            return f"{have} a complete score: {more} needed to see how safe the points are."
        share, tightest = self._share, self._tightest
        if share is None:
            return "No two answers stand in your order yet, so no points keep them in it."
        draws = f"{found.unchanged.n:,}" if found.unchanged else "0"
        off = f"with all points off by up to {percent(found.spread)}"
        if found.unsafe and tightest is not None:
            return f"{self._edge_words(tightest)} {_capital(off)}, {self._kept(share)}."
        if share < MIN_UNCHANGED:
            return f"The points are finely balanced: {off}, {self._kept(share)}."
        if share == 1:
            return (
                f"Fine tuning of points is wasted effort: {off}, the order stays in all"
                f" {draws} draws."
            )
        return f"{_capital(off)}, {self._kept(share)}, and no single weight is near its edge."

    def _kept(self, share: float) -> str:
        draws = f"{self.measured.unchanged.n:,}" if self.measured.unchanged else "0"
        # What only rounds to all is not all.
        said = percent(min(share, 0.99)) if share < 1 else "100 %"
        return f"the order stays in {said} of {draws} draws"

    @property
    def n_line(self) -> str:
        found = self.measured
        said = f"n = {counted(found.n, 'answer')}, {counted(found.pairs, 'pair')} in order"
        if found.unchanged is not None and found.unchanged.interval is not None:
            ends = found.unchanged.interval
            said += (
                f", kept in {found.unchanged.hits:,} of {found.unchanged.n:,} draws"
                f" (95 % interval {ends.low:.3f} to {ends.high:.3f})"
            )
        return said + (f"; {found.left_out} left out" if found.left_out else "")

    @property
    def findings(self) -> tuple[Finding, ...]:
        """One: at the criterion with the least room."""
        tightest, share = self._tightest, self._share
        if self.needs or tightest is None or share is None:
            return ()
        if not self.measured.unsafe and share >= MIN_UNCHANGED:
            return ()
        off = f"With all points off by up to {percent(self.measured.spread)}"
        said = f"{self._edge_words(tightest)} {off}, {self._kept(share)}: {quoted(tightest.text)}"
        return (
            Finding(
                kind="unstable_weight",
                figure=7,
                title=f"Make the order hang less on criterion {tightest.number}",
                sentence=said,
                criterion=tightest.key,
                action="reweight",
                weight=1 - share,
            ),
        )

    @property
    def drawing(self) -> WeightsDrawing:
        return draw_weights(self.rows, set(self.measured.unsafe))

    @property
    def _share(self) -> float | None:
        return None if self.measured.unchanged is None else self.measured.unchanged.share

    @property
    def _tightest(self) -> WeightRow | None:
        at = self.measured.tightest
        return None if at is None else self.rows[at]

    def _edge_words(self, row: WeightRow) -> str:
        edge = nearest(row.room)
        if edge is None:
            return f"Criterion {row.number} may have any points."
        better, worse = self.samples[edge.better], self.samples[edge.worse]
        way = "more" if edge.change > 0 else "fewer"
        return (
            f"With {percent(abs(edge.change))} {way} points on criterion {row.number},"
            f" {worse.letter} draws level with {better.letter}, which you hold to be better."
        )

    def as_json(self) -> dict[str, Json]:
        found = self.measured
        return {
            "status": self.status,
            "sentence": self.sentence,
            "n": found.n,
            "left_out": found.left_out,
            "needs": self.needs,
            "pairs": found.pairs,
            "draws": found.unchanged.n if found.unchanged else 0,
            "spread": found.spread,
            "order_kept": self._share,
            "interval": interval_json(found.unchanged.interval if found.unchanged else None),
            "closed_form": found.closed_form,
            "criteria": [
                {
                    "criterion": it.key,
                    "points": it.points,
                    "fewer": self._edge(it.room.fewer if it.room else None),
                    "more": self._edge(it.room.more if it.room else None),
                    "exact": it.room.exact if it.room else None,
                }
                for it in self.rows
            ],
        }

    def _edge(self, edge: Edge | None) -> dict[str, Json] | None:
        if edge is None:
            return None
        better, worse = self.samples[edge.better], self.samples[edge.worse]
        return {"change": edge.change, "better": better.id, "worse": worse.id}


def measure(material: Material) -> WeightsFigure:
    samples = material.samples
    found = measure_stability(
        material.document,
        [material.verdicts.get(it.id, {}) for it in samples],
        [it.tier for it in samples],
    )
    rows = tuple(
        WeightRow(place + 1, it.key, it.text, float(it.points), found.rooms[place])
        for place, it in enumerate(material.document.criteria)
    )
    return WeightsFigure(found, samples, rows)


def nearest(room: Room | None) -> Edge | None:
    """The nearer of a room's two edges."""
    edges = [it for it in (room.fewer, room.more) if it is not None] if room else []
    return min(edges, key=lambda it: abs(it.change), default=None)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
