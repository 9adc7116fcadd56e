"""Figure 5: which verdicts an edit moves besides the one it was made for, and what it pays."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from rubric_studio.engine.document.types import Json
from rubric_studio.engine.measuring.steering_edits import (
    MIN_SPILL_EDITS,
    ScoreGain,
    Spill,
    SteeringEdits,
)
from rubric_studio.steering.drawing.spill_figure import SpillDrawing, draw_spills
from rubric_studio.steering.figures.figure import FigureStatus, Group, interval_json
from rubric_studio.steering.findings import Finding
from rubric_studio.steering.material import Material
from rubric_studio.steering.sentences import counted, quoted
from rubric_studio.steering.steer_results import EditRef, Named, edits_of, named_criteria


@dataclass(frozen=True, slots=True)
class SpilloverFigure:
    """Indices in `measured` point into `edits`; `criteria` are those that edits were made for, or
    moved."""

    number: ClassVar[int] = 5
    key: ClassVar[str] = "spillover"
    name: ClassVar[str] = "Spillover"
    group: ClassVar[Group] = "moves"

    measured: SteeringEdits
    edits: tuple[EditRef, ...]
    criteria: tuple[Named, ...]

    @property
    def spilling(self) -> tuple[Spill, ...]:
        """The worst first."""
        found = [it for it in self.measured.spills if it.is_spilling]
        return tuple(sorted(found, key=lambda it: (-(it.changed.share or 0.0), -it.changed.n)))

    @property
    def moved(self) -> tuple[tuple[Named, Named, Spill], ...]:
        """What was edited for, what moved along, and how often; as the rubric has them."""
        named = {it.key: it for it in self.criteria}
        return tuple(
            (named[it.edited], named[it.other], it)
            for it in self.measured.spills
            if it.changed.hits and it.edited in named and it.other in named
        )

    @property
    def off(self) -> tuple[ScoreGain, ...]:
        return tuple(it for it in self.measured.gains if it.is_off)

    @property
    def needs(self) -> int:
        """Edits of one criterion that are missing to say anything."""
        most = max((it.changed.n for it in self.measured.spills), default=0)
        return max(MIN_SPILL_EDITS - most, 0)

    @property
    def status(self) -> FigureStatus:
        if self.needs:
            return "none"
        return "look" if self.spilling or self.off else "ok"

    @property
    def sentence(self) -> str:
        return _sentence(self)

    @property
    def n_line(self) -> str:
        edited = {it.edited for it in self.measured.spills}
        count = sum(max(it.changed.n for it in self._of(key)) for key in edited)
        return f"n = {counted(count, 'edit')} of {counted(len(edited), 'criterion', 'criteria')}"

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(self._findings())

    @property
    def drawing(self) -> SpillDrawing:
        return draw_spills(self.measured, self.edits, self.criteria)

    def named(self, key: str) -> Named:
        return next(it for it in self.criteria if it.key == key)

    def as_json(self) -> dict[str, Json]:
        return {
            "status": self.status,
            "sentence": self.sentence,
            "n": len(self.edits),
            "needs": self.needs,
            "spillover": [
                {
                    "edited": it.edited,
                    "other": it.other,
                    "changed": it.changed.hits,
                    "of": it.changed.n,
                    "share": it.changed.share,
                    "interval": interval_json(it.changed.interval),
                    "mean": it.mean,
                    "spills": it.is_spilling,
                    "edits": [self.edits[index].id for index in it.edits],
                }
                for it in self.measured.spills
                if it.changed.hits
            ],
            "score_gain": [
                {
                    "criterion": it.criterion,
                    "n": it.n,
                    "mean": it.mean,
                    "interval": interval_json(it.interval),
                    "off": it.is_off,
                }
                for it in self.measured.gains
            ],
        }

    def _of(self, key: str) -> list[Spill]:
        return [it for it in self.measured.spills if it.edited == key]

    def _findings(self) -> Iterator[Finding]:
        for spill in self.spilling:
            edited, other = self.named(spill.edited), self.named(spill.other)
            yield Finding(
                kind="spills",
                figure=5,
                title=f"Part criteria {edited.number} and {other.number}",
                sentence=f"Editing for {edited.number} also moves {other.number},"
                f" {quoted(other.text)}, in {spill.changed.hits} of"
                f" {counted(spill.changed.n, 'edit')} that should not touch it.",
                criterion=spill.other,
                probe=self.edits[spill.edits[0]].id,
                action="open_criterion",
                weight=abs(other.points) * (spill.changed.share or 0.0),
            )


def measure(material: Material) -> SpilloverFigure:
    edits = material.once(edits_of)
    known = named_criteria(material)
    used = {it.edited for it in edits.measured.spills}
    used |= {it.other for it in edits.measured.spills if it.changed.hits}
    used |= {it.criterion for it in edits.measured.gains}
    shown = tuple(it for key, it in known.items() if key in used)
    return SpilloverFigure(edits.measured, edits.refs, shown)


def _sentence(figure: SpilloverFigure) -> str:
    if not figure.measured.spills:
        return "No graded edit shows yet whether one criterion’s verdict moves another’s."
    if figure.spilling:
        worst = figure.spilling[0]
        edited, other = figure.named(worst.edited), figure.named(worst.other)
        said = (
            f"Editing for criterion {edited.number} also moves {other.number} in"
            f" {worst.changed.hits} of {counted(worst.changed.n, 'edit')}."
        )
        more = len(figure.spilling) - 1
        return said + (
            f" {counted(more, 'other pair')} spill{'s' * (more == 1)} too." if more else ""
        )
    if figure.off:
        gain = figure.off[0]
        way = "more" if gain.mean > 1 else "less"
        number = figure.named(gain.criterion).number
        return (
            f"Criterion {number} pays {way} than it is worth: {gain.mean:.2f} for each point due."
        )
    moved = sum(it.changed.hits for it in figure.measured.spills)
    if figure.needs:
        return (
            f"Too few edits to tell: {counted(figure.needs, 'more edit')} of one criterion"
            f" {'is' if figure.needs == 1 else 'are'} needed."
        )
    if moved:
        times = "once" if moved == 1 else f"{moved} times"
        return f"Edits moved a verdict that they should not touch {times}, no pair of them often."
    return "Edits moved the verdicts they were made for, and no others."
