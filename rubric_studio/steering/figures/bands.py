"""Figure 3: whether scores fall where the author said they would."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from rubric_studio.engine.document.types import Json
from rubric_studio.engine.measuring.bands import Bands, Expectation, Placed, measure_bands
from rubric_studio.steering.drawing.band_figure import BandDrawing, draw_bands
from rubric_studio.steering.figures.figure import FigureStatus, Group, interval_json
from rubric_studio.steering.findings import Finding
from rubric_studio.steering.lateness import late_json, late_words
from rubric_studio.steering.material import Material
from rubric_studio.steering.samples import Sample
from rubric_studio.steering.sentences import bands_sentence, counted, miss_sentence


@dataclass(frozen=True, slots=True)
class BandsFigure:
    """Indices in `measured` point into `samples`."""

    number: ClassVar[int] = 3
    key: ClassVar[str] = "bands"
    name: ClassVar[str] = "Expected bands and anchors"
    group: ClassVar[Group] = "order"

    measured: Bands
    samples: tuple[Sample, ...]

    @property
    def status(self) -> FigureStatus:
        if self.measured.needs:
            return "none"
        if any(placed.anchor for placed in self.measured.misses):
            return "stop"
        return "look" if self.measured.misses else "ok"

    @property
    def sentence(self) -> str:
        return bands_sentence(self.measured, self.samples)

    @property
    def n_line(self) -> str:
        hits = self.measured.hits
        said = f"n = {counted(hits.n, 'range')}"
        if hits.interval:
            low, high = hits.interval.low, hits.interval.high
            said += f", {hits.hits} hit, 95 % interval {low:.2f} to {high:.2f}"
        if self.measured.left_out:
            said += f"; {self.measured.left_out} left out"
        return said + late_words(self.stated)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(self._findings())

    @property
    def drawing(self) -> BandDrawing:
        return draw_bands(self.measured, self.samples)

    @property
    def untestable(self) -> tuple[Sample, ...]:
        return tuple(self.samples[index] for index in self.measured.untestable)

    @property
    def late(self) -> int:
        return sum(sample.stated_late for sample in self.stated)

    @property
    def stated(self) -> tuple[Sample, ...]:
        """The answers that a band or an anchor was stated for."""
        return tuple(it for it in self.samples if it.band is not None or it.anchor is not None)

    def as_json(self) -> dict[str, Json]:
        bands = self.measured
        return {
            "status": self.status,
            "sentence": self.sentence,
            "n": bands.hits.n,
            "left_out": bands.left_out,
            "needs": bands.needs,
            "hits": bands.hits.hits,
            "rate": bands.hits.share,
            "interval": interval_json(bands.hits.interval),
            "stated_late": self.late,
            "late": late_json(self.stated),
            "untestable": [it.id for it in self.untestable],
            "stated": [self._placed(placed) for placed in (*bands.bands, *bands.anchors)],
        }

    def _findings(self) -> Iterator[Finding]:
        for placed in self.measured.misses:
            sample = self.samples[placed.index]
            generous = (placed.miss or 0) > 0 or placed.strict
            yield Finding(
                kind="anchor_missed" if placed.anchor else "band_missed",
                figure=3,
                title=f"{sample.letter} scores too {'high' if generous else 'low'}",
                sentence=miss_sentence(placed, sample.called),
                answer=sample.id,
                action="open_grades",
                weight=abs(placed.miss or 0.0),
            )

    def _placed(self, placed: Placed) -> dict[str, Json]:
        return {
            "answer": self.samples[placed.index].id,
            "anchor": placed.anchor,
            "low": placed.low,
            "high": placed.high,
            "score": placed.score,
            "miss": placed.miss,
            "hit": placed.is_hit,
        }


def measure(material: Material) -> BandsFigure:
    samples = material.samples
    stated = [Expectation(it.score, it.band, it.anchor, it.tier) for it in samples]
    return BandsFigure(measure_bands(stated), samples)
