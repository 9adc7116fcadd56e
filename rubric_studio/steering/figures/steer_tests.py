"""Figure 4: whether verdicts move when they should, and hold still when they should."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from rubric_studio.engine.document.types import Json
from rubric_studio.engine.measuring.intervals import Proportion
from rubric_studio.engine.measuring.steering_edits import (
    MIN_CRITERIA,
    MIN_EDITS,
    MIN_INVARIANCE,
    MIN_WEIGHT,
    SteeringEdits,
    TargetedFlip,
)
from rubric_studio.steering.drawing.steer_figure import SteerDrawing, draw_steer
from rubric_studio.steering.figures.figure import FigureStatus, Group, interval_json
from rubric_studio.steering.findings import Finding
from rubric_studio.steering.material import Material
from rubric_studio.steering.sentences import counted
from rubric_studio.steering.steer_results import EditRef, Named, edits_of, named_criteria


@dataclass(frozen=True, slots=True)
class SteerTestsFigure:
    """Indices in `measured` point into `edits`; `criteria` are those that edits were made for."""

    number: ClassVar[int] = 4
    key: ClassVar[str] = "steer_tests"
    name: ClassVar[str] = "Steer tests"
    group: ClassVar[Group] = "moves"

    measured: SteeringEdits
    edits: tuple[EditRef, ...]
    criteria: tuple[Named, ...]
    orphans: int = 0

    @property
    def status(self) -> FigureStatus:
        found = self.measured
        if any(it.is_low for it in found.tested):
            return "stop"
        is_unsteady = (found.invariance.share or 0.0) < MIN_INVARIANCE
        if found.invariance.n and is_unsteady:
            return "look" if found.needs_invariants else "stop"
        if any(it.is_low for it in found.flips):
            return "look"
        if found.needs or found.weight < MIN_WEIGHT:
            return "none"
        return "ok"

    @property
    def sentence(self) -> str:
        return _sentence(self)

    @property
    def n_line(self) -> str:
        found = self.measured
        said = (
            f"moves {found.sensitivity.hits} of {found.sensitivity.n},"
            f" holds still {found.invariance.hits} of {found.invariance.n}"
        )
        if found.left_out:
            said += f"; {found.left_out} left out: no verdict, or no room to move"
        if self.orphans:
            said += f"; {self.orphans} without their answer in this run"
        return said

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(self._findings())

    @property
    def drawing(self) -> SteerDrawing:
        return draw_steer(self.measured, self.edits, self.criteria)

    def named(self, key: str) -> Named:
        return next(it for it in self.criteria if it.key == key)

    def as_json(self) -> dict[str, Json]:
        found = self.measured
        return {
            "status": self.status,
            "sentence": self.sentence,
            "n": len(self.edits),
            "left_out": found.left_out + self.orphans,
            "needs": found.needs,
            "sensitivity": _share_json(found.sensitivity),
            "invariance": _share_json(found.invariance),
            "weight_tested": found.weight,
            "criteria": [self._flip_json(it) for it in found.flips],
            "unsteady": [self.edits[it].id for it in found.unsteady],
        }

    def _flip_json(self, flip: TargetedFlip) -> dict[str, Json]:
        return {
            "criterion": flip.criterion,
            **_share_json(flip.flips),
            "needs": flip.needs,
            "missed": [self.edits[it].id for it in flip.misses],
        }

    def _findings(self) -> Iterator[Finding]:
        for flip in self.measured.tested:
            if flip.is_low:
                yield self._deaf(flip)
        found = self.measured.invariance
        if found.n >= MIN_EDITS and (found.share or 0.0) < MIN_INVARIANCE:
            first = self.edits[self.measured.unsteady[0]]
            yield Finding(
                kind="flips",
                figure=4,
                title="Verdicts change with the form alone",
                sentence=f"The same said in another form keeps every verdict in only {found.hits}"
                f" of {found.n} edits; {first.letter} is one that does not.",
                probe=first.id,
                action="open_probe",
                weight=1 - (found.share or 0.0),
            )

    def _deaf(self, flip: TargetedFlip) -> Finding:
        criterion = self.named(flip.criterion)
        missed = [self.edits[it] for it in flip.misses]
        kept = [it for it in missed if flip.criterion in it.down]
        halves = [it for it in kept if it.family == "drop_half"]
        follows = f"its verdict follows in only {flip.flips.hits} of {flip.flips.n} edits"
        if len(halves) > len(missed) / 2:
            kind, title = "compound", f"Split criterion {criterion.number} in two"
            why = "It keeps its credit when one of the two things that it asks is left out"
        elif len(kept) >= len(missed) - len(kept):
            kind, title = "over_credit", f"Reword criterion {criterion.number}"
            why = "It keeps its credit when what it asks for is taken out"
        else:
            kind, title = "under_credit", f"Reword criterion {criterion.number}"
            why = "It gets no credit when what it asks for is put in"
        return Finding(
            kind=kind,  # type: ignore[arg-type]
            figure=4,
            title=title,
            sentence=f"{why}: {follows}.",
            criterion=flip.criterion,
            probe=missed[0].id,
            action="split" if kind == "compound" else "reword",
            weight=abs(criterion.points) * (1 - (flip.flips.share or 0.0)),
        )


def measure(material: Material) -> SteerTestsFigure:
    edits = material.once(edits_of)
    known = named_criteria(material)
    used = tuple(known[it.criterion] for it in edits.measured.flips)
    return SteerTestsFigure(edits.measured, edits.refs, used, edits.orphans)


def _share_json(share: Proportion) -> dict[str, Json]:
    return {
        "hits": share.hits,
        "of": share.n,
        "share": share.share,
        "interval": interval_json(share.interval),
    }


def _sentence(figure: SteerTestsFigure) -> str:
    found = figure.measured
    if not figure.edits:
        return (
            "No steer test is graded yet: change one thing about an answer, and say first which"
            " verdict should follow."
        )
    if not found.sensitivity.n and not found.invariance.n:
        return "No graded edit can be compared: their answers lack verdicts, or room to move."
    low = next((it for it in found.flips if it.is_low), None)
    parts = [_of_low(figure, low) if low else _of_all(found)]
    if found.invariance.n:
        kept, n = found.invariance.hits, found.invariance.n
        if kept < n:
            parts.append(
                f"The same said in another form keeps its verdicts in {kept} of {n} cases."
            )
    if not low:
        parts.append(_missing(found))
    return " ".join(it for it in parts if it)


def _of_low(figure: SteerTestsFigure, low: TargetedFlip) -> str:
    others = [it for it in figure.measured.flips if not it.is_low]
    said = (
        f"When you change what criterion {figure.named(low.criterion).number} asks for, its verdict"
        f" follows in only {low.flips.hits} of {counted(low.flips.n, 'edit')}"
    )
    if low.needs:
        said += f"; {low.needs} more would settle it"
    said += "."
    if others:
        said += (
            f" {'The one other follows' if len(others) == 1 else f'{len(others)} others follow'}."
        )
    return said


def _of_all(found: SteeringEdits) -> str:
    if not found.sensitivity.n:
        return "No edit that should move a verdict could be compared yet."
    hits, n = found.sensitivity.hits, found.sensitivity.n
    if hits == n:
        return f"When you change what a criterion asks for, its verdict follows: {hits} of {n}."
    return f"When you change what a criterion asks for, its verdict follows in {hits} of {n} cases."


def _missing(found: SteeringEdits) -> str:
    parts = []
    if found.needs_criteria:
        tested = f"{MIN_CRITERIA} criteria with {MIN_EDITS} edits each"
        parts.append(f"{found.needs_criteria} of {tested} are missing")
    elif found.weight < MIN_WEIGHT:
        parts.append(f"the criteria tested carry {found.weight:.0%} of the points; half is needed")
    if found.needs_invariants:
        parts.append(f"{counted(found.needs_invariants, 'edit')} that should change nothing")
    if not parts:
        return ""
    said = "; ".join(parts)
    return f"Still to come: {said}."
