"""Figure 2: whether the tiers stand clear of each other."""

from dataclasses import dataclass
from typing import ClassVar

from rubric_studio.engine.document.types import Json
from rubric_studio.engine.measuring.separation import Margin, Separation, measure_separation
from rubric_studio.steering.drawing.tier_figure import TierDrawing, draw_tiers
from rubric_studio.steering.figures.figure import FigureStatus, Group
from rubric_studio.steering.findings import Finding
from rubric_studio.steering.material import Material
from rubric_studio.steering.samples import Sample
from rubric_studio.steering.sentences import counted, margin_sentence, separation_sentence


@dataclass(frozen=True, slots=True)
class SeparationFigure:
    """Indices in `measured` point into `samples`; `asked` is how often the judge was."""

    number: ClassVar[int] = 2
    key: ClassVar[str] = "separation"
    name: ClassVar[str] = "Tier separation"
    group: ClassVar[Group] = "order"

    measured: Separation
    samples: tuple[Sample, ...]
    asked: int = 1

    @property
    def status(self) -> FigureStatus:
        if self.measured.needs:
            return "none"
        return "ok" if all(margin.is_clear for margin in self.measured.margins) else "look"

    @property
    def sentence(self) -> str:
        return separation_sentence(self.measured, self.samples)

    @property
    def n_line(self) -> str:
        said = f"n = {counted(self.measured.n, 'answer')}"
        if self.measured.noise is not None:
            said += f", {self.asked} repeats, noise {self.measured.noise:.3f}"
        else:
            said += ", noise not known" + (": no repeats" if self.asked == 1 else "")
        return said + (f"; {self.measured.left_out} left out" if self.measured.left_out else "")

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Tiers that stand too close; where they overlap, the swaps say so already."""
        return tuple(
            self._finding(it) for it in self.measured.margins if not it.is_clear and it.worst >= 0
        )

    @property
    def drawing(self) -> TierDrawing:
        return draw_tiers(self.measured, self.samples)

    def as_json(self) -> dict[str, Json]:
        separation = self.measured
        return {
            "status": self.status,
            "sentence": self.sentence,
            "n": separation.n,
            "left_out": separation.left_out,
            "needs": separation.needs,
            "noise": separation.noise,
            "tiers": [
                {
                    "tier": tier.tier,
                    "n": tier.n,
                    "low": tier.low,
                    "high": tier.high,
                    "mean": tier.mean,
                    "noise": tier.noise,
                }
                for tier in separation.tiers
            ],
            "margins": [self._margin(margin) for margin in separation.margins],
        }

    def _finding(self, margin: Margin) -> Finding:
        above, below = self.samples[margin.lowest_above], self.samples[margin.highest_below]
        return Finding(
            kind="tiers_not_separated",
            figure=2,
            title=f"Set {above.letter} clear of {below.letter}",
            sentence=margin_sentence(margin, self.samples),
            answer=above.id,
            action="open_grades",
            weight=-margin.worst,
        )

    def _margin(self, margin: Margin) -> dict[str, Json]:
        return {
            "upper": margin.upper,
            "lower": margin.lower,
            "lowest_above": self.samples[margin.lowest_above].id,
            "highest_below": self.samples[margin.highest_below].id,
            "worst": margin.worst,
            "mean": margin.mean,
            "z": margin.z,
            "clear": margin.is_clear,
        }


def measure(material: Material) -> SeparationFigure:
    samples = material.samples
    scores, tiers = [it.score for it in samples], [it.tier for it in samples]
    separation = measure_separation(scores, tiers, [it.noise for it in samples])
    asked = material.asked if material.verdicts_from == "run" else 1
    return SeparationFigure(separation, samples, asked)
