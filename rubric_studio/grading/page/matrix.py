"""The grading page's table: criteria down in their sections, answers across in their tiers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal
from urllib.parse import urlencode
from uuid import UUID

from django.utils.html import escape
from django.utils.safestring import SafeString

from rubric_studio.engine.document.scoring import (
    NOT_APPLICABLE,
    NotApplicable,
    Score,
    Scorer,
    SectionPoints,
)
from rubric_studio.engine.document.types import Criterion
from rubric_studio.engine.measuring.repeatability import Repeatability
from rubric_studio.grading.models import Label, SampleAnswer
from rubric_studio.grading.page.faces import (
    UNLABELLED,
    Face,
    agreement,
    cell_mark,
    draw_cell,
    label_mark,
)
from rubric_studio.grading.page.sheet import CellKey, Sheet
from rubric_studio.grading.page.table import (
    Column,
    Group,
    Row,
    is_flat,
    score_or_none,
    standing,
    tier_order,
)
from rubric_studio.grading.runs.repeats import repeatability_by_criterion
from rubric_studio.grading.scores import AnswerVerdicts
from rubric_studio.rubrics.aspects import aspect_of, aspects_document, by_aspect
from rubric_studio.rubrics.drawing.numbers import score, signed
from rubric_studio.rubrics.outline import Entry, Outline, outline_of
from rubric_studio.rubrics.outline import Group as OutlineGroup

Show = Literal["judge", "labels", "both"]
Only = Literal["", "disagreements", "open", "flat", "flips"]
By = Literal["section", "aspect"]


@dataclass(frozen=True)
class Matrix:
    """`show`: whose verdicts stand in the cells. `only`: which rows are shown. `by`: what they are
    grouped by."""

    sheet: Sheet
    labels: Mapping[CellKey, Label]
    show: Show = "judge"
    only: Only = ""
    open_code: str = ""
    by: By = "section"

    @cached_property
    def outline(self) -> Outline:
        outline = outline_of(self.sheet.document)
        return by_aspect(outline) if self.by == "aspect" else outline

    @cached_property
    def has_aspects(self) -> bool:
        return any(aspect_of(it) for it in self.sheet.document.criteria)

    @property
    def kept(self) -> str:
        """What the addresses of other views of the page carry on."""
        return "&by=aspect" if self.by == "aspect" else ""

    @cached_property
    def answers(self) -> list[SampleAnswer]:
        return sorted(self.sheet.answers, key=tier_order)

    @cached_property
    def verdicts(self) -> Mapping[UUID, AnswerVerdicts]:
        """What the scores are made of: the judge's verdicts, or one's own."""
        if self.show != "labels":
            return self.sheet.verdicts
        own: dict[UUID, AnswerVerdicts] = {}
        for (answer_id, key), label in self.labels.items():
            if label.status == Label.Status.NOT_APPLICABLE:
                own.setdefault(answer_id, {})[key] = NOT_APPLICABLE
            elif label.value is not None:
                own.setdefault(answer_id, {})[key] = label.value
        return own

    @cached_property
    def columns(self) -> list[Column]:
        """The answers with their scores; heads of the table."""
        columns: list[Column] = []
        total = len(self.sheet.document.criteria)
        for number, answer in enumerate(self.answers):
            before = self.answers[number - 1] if number else answer
            verdicts = self.verdicts.get(answer.pk)
            score = score_or_none(self._scorer, verdicts) if verdicts else self._open_score
            under = standing(answer, score, total)
            columns.append(Column(answer, answer.tier != before.tier, score, under))
        return columns

    @cached_property
    def groups(self) -> list[Group]:
        groups = []
        for group in self.outline.groups:
            rows = [self._row(it) for it in group.entries if self._is_wanted(it.criterion)]
            if rows or not self.only:
                groups.append(self._group(group, rows))
        return groups

    @cached_property
    def disagreeing(self) -> frozenset[str]:
        """Criteria with a cell on which one's own label differs from the judge."""
        return frozenset(
            cell[1]
            for cell, label in self.labels.items()
            if agreement(self.sheet.cells.get(cell, ()), label) is False
        )

    @cached_property
    def disagreements(self) -> int:
        return sum(
            agreement(self.sheet.cells.get(cell, ()), label) is False
            for cell, label in self.labels.items()
        )

    @cached_property
    def open_cells(self) -> list[CellKey]:
        """Cells of the run that are over and have no verdict."""
        judged = self.sheet.verdicts
        return [
            (answer_id, key)
            for (answer_id, key), repeats in self.sheet.cells.items()
            if key not in judged.get(answer_id, {})
            and all(status != "pending" for status, _ in repeats)
        ]

    @cached_property
    def flat(self) -> frozenset[str]:
        """Criteria whose mean verdict is the same in every tier: they tell no tier from another."""
        tiers: dict[int, list[AnswerVerdicts]] = {}
        for answer in self.answers:
            if answer.tier is not None:
                tiers.setdefault(answer.tier, []).append(self.sheet.verdicts.get(answer.pk, {}))
        if len(tiers) < 2 or not self.sheet.run:
            return frozenset()
        keys = (it.key for it in self.sheet.document.criteria)
        return frozenset(key for key in keys if is_flat(key, list(tiers.values())))

    @cached_property
    def repeatability(self) -> Mapping[str, Repeatability]:
        """Of each criterion that was judged more than once, how its repeats stand."""
        if self.sheet.run is None or self.sheet.run.repeats < 2:
            return {}
        return repeatability_by_criterion(self.sheet.cells)

    @cached_property
    def flipping(self) -> frozenset[str]:
        """Criteria with a cell whose repeats do not all say the same."""
        return frozenset(key for key, it in self.repeatability.items() if it.flips.hits)

    @cached_property
    def largest_points(self) -> float:
        return self.outline.largest_points

    @cached_property
    def worst(self) -> float:
        """Where the scores' common axis begins."""
        lows = [it.score.low_float for it in self.columns if it.score]
        bands = [it.answer.band_low for it in self.columns if it.answer.band_low is not None]
        return max(-1.0, min([0.0, *lows, *bands]))

    @property
    def is_dense(self) -> bool:
        return len(self.answers) > 8 or len(self.sheet.document.criteria) >= 100

    @cached_property
    def address(self) -> str:
        """The page's query, without a cell."""
        chosen = {"run": self.sheet.source}
        if self.show != "judge":
            chosen["show"] = self.show
        if self.only:
            chosen["only"] = self.only
        if self.by != "section":
            chosen["by"] = self.by
        return urlencode(chosen)

    def cell(
        self, answer: SampleAnswer, criterion: Criterion, *, is_update: bool = False
    ) -> SafeString:
        """One cell of the table; an update takes its place on a page that is open."""
        code = f"{answer.letter}.{criterion.key}"
        face = self._face(answer, criterion)
        is_open = code == self.open_code
        return draw_cell(code, self._opening, face, is_open=is_open, is_update=is_update)

    def neighbours(self, answer: SampleAnswer, key: str) -> dict[str, str]:
        """The cells around a cell, by direction."""
        keys = [it.criterion.key for it in self.outline.entries]
        row, column = keys.index(key), self.answers.index(answer)
        steps = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}
        found = {}
        for name, (down, right) in steps.items():
            at, to = row + down, column + right
            if 0 <= at < len(keys) and 0 <= to < len(self.answers):
                found[name] = f"{self.answers[to].letter}.{keys[at]}"
        return found

    @cached_property
    def _opening(self) -> str:
        """What the address of every cell begins with, escaped."""
        return escape(f"?{self.address}")

    @cached_property
    def _scorer(self) -> Scorer:
        return Scorer(self.sheet.document)

    @cached_property
    def _section_points(self) -> dict[UUID, dict[str | None, SectionPoints]]:
        if self.sheet.document.scoring.method == "tree":
            return {}
        by_section = self.by == "section"
        scorer = self._scorer if by_section else Scorer(aspects_document(self.outline))
        # Answers without any verdict, as in a new run, are all alike.
        alike: dict[bool, dict[str | None, SectionPoints]] = {}
        found = {}
        for answer in self.answers:
            verdicts = self.verdicts.get(answer.pk, {})
            if verdicts or False not in alike:
                values = scorer.possible_values(verdicts)
                alike[bool(verdicts)] = scorer.section_points(values)
            found[answer.pk] = alike[bool(verdicts)]
        return found

    @cached_property
    def _open_score(self) -> Score | None:
        """The score of an answer without any verdict."""
        return score_or_none(self._scorer, {})

    def _group(self, group: OutlineGroup, rows: list[Row]) -> Group:
        sums = [(answer.letter, self._sum(answer, group)) for answer in self.answers]
        title = group.section.title if group.section else ""
        return Group(group.key, title, group.depth, rows, sums)

    def _sum(self, answer: SampleAnswer, group: OutlineGroup) -> str:
        """+32; "+4 …" while verdicts are missing; of an aspect also its score, "+7 · 0.58"."""
        points = self._section_points.get(answer.pk, {}).get(group.key or None)
        if points is None or not group.section:
            return ""
        if points.earned is not None:
            earned = signed(float(points.earned))
            has_score = self.by == "aspect" and points.possible
            return (
                f"{earned} · {score(float(points.earned / points.possible))}"
                if has_score
                else earned
            )
        verdicts = self.verdicts.get(answer.pk, {})
        known = [
            float(value) * it.criterion.points
            for it in group.entries
            if not isinstance(
                value := verdicts.get(it.criterion.key, NOT_APPLICABLE), NotApplicable
            )
        ]
        return f"{signed(sum(known))} …" if known else "…"

    def _row(self, entry: Entry) -> Row:
        cells = [self.cell(answer, entry.criterion) for answer in self.answers]
        key = entry.criterion.key
        return Row(entry, cells, self.repeatability[key] if key in self.flipping else None)

    def _face(self, answer: SampleAnswer, criterion: Criterion) -> Face:
        cell = (answer.pk, criterion.key)
        repeats, label = self.sheet.cells.get(cell, ()), self.labels.get(cell)
        own = label_mark(label, criterion.points) if label else None
        agrees = agreement(repeats, label) if label else None
        if self.show == "labels" or not repeats:
            return Face(own or UNLABELLED, agrees=agrees)
        judged = cell_mark(repeats, criterion, answer.pk in self.sheet.held)
        if agrees and self.show == "judge" and self.sheet.run and not self.sheet.run.judge_id:
            return Face(judged)  # one's own label is among those that were put together
        face = Face(judged, own, agrees)
        return replace(face, is_double=True) if self.show == "both" and own else face

    def _is_wanted(self, criterion: Criterion) -> bool:
        if not self.only:
            return True
        if self.only == "open":
            return criterion.key in {key for _, key in self.open_cells}
        wanted = {"flat": self.flat, "flips": self.flipping, "disagreements": self.disagreeing}
        return criterion.key in wanted[self.only]
