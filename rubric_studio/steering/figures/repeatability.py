"""Figure 9: whether the judge says the same when it is asked the same again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from rubric_studio.engine.document.scoring import NotApplicable, Verdict
from rubric_studio.engine.document.types import Json
from rubric_studio.engine.measuring.multiplicity import stand_out
from rubric_studio.engine.measuring.repeatability import (
    MIN_CELLS,
    Repeatability,
    flip_rate,
    is_flipped,
)
from rubric_studio.steering.drawing.repeatability_figure import RepeatDrawing, draw_repeats
from rubric_studio.steering.figures.figure import FigureStatus, Group, interval_json
from rubric_studio.steering.figures.repeatability_rows import Flipped, RepeatRow
from rubric_studio.steering.findings import Finding
from rubric_studio.steering.material import Material
from rubric_studio.steering.sentences import counted, quoted


@dataclass(frozen=True, slots=True)
class RepeatabilityFigure:
    """`rows` has the least steady criterion first; `pooled` are all cells together."""

    number: ClassVar[int] = 9
    key: ClassVar[str] = "repeatability"
    name: ClassVar[str] = "Repeatability"
    group: ClassVar[Group] = "trust"

    rows: tuple[RepeatRow, ...]
    pooled: Repeatability
    asked: int
    by_judge: bool

    @property
    def status(self) -> FigureStatus:
        if not any(not it.measured.needs for it in self.rows):
            return "none"
        return "look" if self.unsteady or self.pooled.is_unsteady else "ok"

    @property
    def unsteady(self) -> tuple[RepeatRow, ...]:
        return tuple(it for it in self.rows if it.is_flagged)

    @property
    def sentence(self) -> str:
        if not self.by_judge:
            return "These verdicts are the experts’ own; nobody was asked the same twice."
        if self.asked < 2:
            return "The judge was asked once, so nothing shows whether it would say it again."
        if not self.pooled.flips.n:
            return "No cell has two verdicts of the judge yet."
        flips = self.pooled.flips
        if self.status == "none":
            most = max(it.measured.flips.n for it in self.rows)
            more = counted(MIN_CELLS - most, "more answer")
            return (
                f"Asked {self.asked} times, the judge changed its mind in {flips.hits} of"
                f" {counted(flips.n, 'cell')}; {more} would say more."
            )
        if self.unsteady:
            return self._unsteady_words()
        if not flips.hits:
            return f"Asked {self.asked} times, the judge said the same in all {flips.n} cells."
        said = f"Asked {self.asked} times, the judge changed its mind in {flips.hits} of {flips.n}"
        if self.pooled.is_unsteady:
            return f"{said} cells, all over the rubric."
        if any(it.measured.is_shaky or it.measured.is_spread for it in self.rows):
            return f"{said} cells, on no criterion so often that it can’t be luck."
        return f"{said} cells, on no criterion often."

    def _unsteady_words(self) -> str:
        first = self.unsteady[0]
        said = (
            f"Asked {self.asked} times, the judge changed its mind on criterion {first.number} in"
            f" {first.measured.flips.hits} of {counted(first.measured.flips.n, 'answer')}."
        )
        others = len(self.unsteady) - 1
        if others:
            return f"{said} {counted(others, 'other criterion is', 'other criteria are')} as shaky."
        elsewhere = [it for it in self.rows if it.measured.flips.hits]
        return said + (" Elsewhere it is steady." if len(elsewhere) == 1 else "")

    @property
    def n_line(self) -> str:
        return f"n = {counted(self.pooled.flips.n, 'cell')}, asked {counted(self.asked, 'time')}"

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(self._finding(it) for it in self.unsteady)

    def _finding(self, row: RepeatRow) -> Finding:
        flips = row.measured.flips
        return Finding(
            kind="flips",
            figure=9,
            title=f"Reword criterion {row.number}: the judge can’t make up its mind",
            sentence=f"{quoted(row.text)} Asked {self.asked} times, the judge changed its"
            f" verdict on {flips.hits} of {counted(flips.n, 'answer')}.",
            answer=row.flipped[0].answer if row.flipped else None,
            criterion=row.key,
            action="reword",
            weight=row.measured.flip or 0.0,
        )

    @property
    def drawing(self) -> RepeatDrawing:
        return draw_repeats(self.rows)

    def as_json(self) -> dict[str, Json]:
        return {
            "status": self.status,
            "sentence": self.sentence,
            "n": self.pooled.flips.n,
            "needs": max(0, 2 - self.asked),
            "asked": self.asked,
            **_measured_json(self.pooled),
            "criteria": [
                {
                    "criterion": it.key,
                    "n": it.measured.flips.n,
                    "needs": it.measured.needs,
                    **_measured_json(it.measured),
                    "flagged": it.is_flagged,
                    "flipped": [flipped.answer for flipped in it.flipped],
                }
                for it in self.rows
            ],
        }


def measure(material: Material) -> RepeatabilityFigure:
    """Cells of ordinary answers whose judge gave two verdicts or more. Where the verdicts are the
    experts', the run's judge is measured all the same: it is the judge's steadiness."""
    cells = _cells(material)
    rows = [
        RepeatRow(
            key=criterion.key,
            number=number,
            text=criterion.text,
            measured=flip_rate(verdicts for _, _, verdicts in cells.get(criterion.key, [])),
            flipped=tuple(
                Flipped(answer, letter)
                for answer, letter, verdicts in cells.get(criterion.key, [])
                if is_flipped(verdicts)
            ),
        )
        for number, criterion in enumerate(material.document.criteria, start=1)
    ]
    repeated = _flagged([it for it in rows if it.measured.flips.n])
    everything = (verdicts for given in cells.values() for _, _, verdicts in given)
    return RepeatabilityFigure(
        rows=tuple(sorted(repeated, key=_least_steady_first)),
        pooled=flip_rate(everything),
        asked=material.asked,
        by_judge=material.by_judge,
    )


def _flagged(rows: Sequence[RepeatRow]) -> list[RepeatRow]:
    beyond = stand_out([None if it.measured.needs else it.measured.luck for it in rows])
    return [
        replace(it, is_flagged=it.measured.is_unsteady and far)
        for it, far in zip(rows, beyond, strict=True)
    ]


def _cells(material: Material) -> dict[str, list[tuple[str, str, list[float | str]]]]:
    """By criterion: each answer's id, letter and verdicts, those that failed left out."""
    cells: dict[str, list[tuple[str, str, list[float | str]]]] = {}
    for sample in material.samples:
        for key, given in material.repeats.get(sample.id, {}).items():
            cells.setdefault(key, []).append((sample.id, sample.letter, _verdicts(given)))
    return cells


def _verdicts(given: Sequence[Verdict | None]) -> list[float | str]:
    return [
        "not_applicable" if isinstance(it, NotApplicable) else float(it)
        for it in given
        if it is not None
    ]


def _least_steady_first(row: RepeatRow) -> tuple[bool, float, float, int]:
    found = row.measured
    return not row.is_flagged, -(found.flip or 0.0), -(found.flips.share or 0.0), row.number


def _measured_json(found: Repeatability) -> dict[str, Json]:
    return {
        "flipped_cells": found.flips.hits,
        "share_flipped": found.flips.share,
        "interval": interval_json(found.flips.interval),
        "flip_rate": found.flip,
        "variance": found.variance,
    }
