"""What the newest finished run says of each criterion, beside it where it is written."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, F, Q

from rubric_studio.accounts.models import User
from rubric_studio.engine.document.canonical import grading_hash
from rubric_studio.engine.document.types import Criterion, Document
from rubric_studio.grading.answers.editing import answer_hash, content_of
from rubric_studio.grading.answers.pins import pinned_of
from rubric_studio.grading.labelling.blindness import open_run
from rubric_studio.grading.labels import labels_of, level_values
from rubric_studio.grading.models import Grade, Label, Run, SampleAnswer
from rubric_studio.grading.page.faces import agreement, cell_mark
from rubric_studio.grading.page.table import tier_order
from rubric_studio.grading.runs.starting import document_of
from rubric_studio.grading.scores import CellVerdict
from rubric_studio.grading.tryout.cards import Opinion, word_of
from rubric_studio.rubrics.drawing.marks import Mark, mark_of
from rubric_studio.rubrics.models import Question

REWORDED = mark_of("stale")
EDITED = Mark(REWORDED.shape, "the answer has changed since it was judged")
NOT_JUDGED = Mark(REWORDED.shape, "not judged")


@dataclass(frozen=True)
class Tested:
    """An answer of the run; `is_edited` when its text is no longer the one that was judged."""

    answer: SampleAnswer
    run_answer: int
    is_edited: bool


@dataclass(frozen=True)
class TestedCell:
    """One answer under one criterion. `quote` is the first that the answer really holds."""

    tested: Tested
    mark: Mark
    starts_tier: bool
    is_pinned: bool
    reason: str = ""
    quote: str = ""
    opinion: Opinion | None = None  # on a pinned answer's verdict, where there is one

    @property
    def answer(self) -> SampleAnswer:
        return self.tested.answer

    @property
    def is_probe(self) -> bool:
        return self.answer.origin == SampleAnswer.Origin.PROBE

    @property
    def words(self) -> str:
        """Met, Partly, Not met."""
        return self.mark.words.partition(",")[0].partition(":")[0].capitalize()


@dataclass(frozen=True)
class Alike:
    """In how many of the labels under this wording judge and expert say the same."""

    same: int
    labels: int


@dataclass(frozen=True)
class CriterionTried:
    """`cells` in tier order, none where the run did not have the criterion."""

    run: Run
    criterion: Criterion
    cells: Sequence[TestedCell]
    is_reworded: bool
    alike: Alike | None

    @property
    def own(self) -> list[TestedCell]:
        return [cell for cell in self.cells if not cell.is_probe]

    @property
    def probes(self) -> list[TestedCell]:
        return [cell for cell in self.cells if cell.is_probe]

    @property
    def shown(self) -> list[TestedCell]:
        """The cells that are told in full."""
        return [cell for cell in self.cells if cell.is_pinned]


@dataclass(frozen=True)
class Tried:
    """The run beside a draft, without the answers that its `reader` has still to label; None: with
    all. Marks of the whole page take three queries, whatever its length."""

    question: Question
    document: Document
    reader: User | None = None

    @cached_property
    def run(self) -> Run | None:
        finished = Run.objects.whole().filter(question=self.question, status__in=Run.FINISHED)
        return finished.select_related("judge").first()

    @cached_property
    def hidden(self) -> frozenset[UUID]:
        """Whoever asks what the run says has opened it."""
        if self.run is None or self.reader is None:
            return frozenset()
        return open_run(self.run, self.reader)

    @cached_property
    def answers(self) -> list[Tested]:
        """The run's answers in tier order, without those held out, hidden or in the trash."""
        if self.run is None:
            return []
        is_same = Q(text=F("answer__text")) | Q(text=None, messages=F("answer__messages"))
        shown = SampleAnswer.objects.live().shown_where_written().filter(question=self.question)
        rows = (
            self.run.run_answers.filter(answer__in=shown)
            .select_related("answer")
            .defer("text", "messages", "answer__text", "answer__messages")
            .annotate(is_same=ExpressionWrapper(is_same, BooleanField()))
        )
        found = [Tested(row.answer, row.pk, not row.is_same) for row in rows]
        seen = [it for it in found if it.answer.pk not in self.hidden]
        return sorted(seen, key=lambda it: tier_order(it.answer))

    @cached_property
    def pinned(self) -> list[Tested]:
        """Those whose verdicts stand on every row, at most three."""
        chosen = pinned_of([it.answer for it in self.answers])
        return [it for it in self.answers if it.answer in chosen]

    def marks(self, criterion: Criterion) -> tuple[tuple[str, Mark], ...]:
        """The pinned answers' letters with their marks; none for a criterion not tried yet."""
        if criterion.key not in self._judged:
            return ()
        return tuple((it.answer.letter, self._mark(it, criterion)) for it in self.pinned)

    def is_reworded(self, criterion: Criterion) -> bool:
        """Whether the criterion, or the question, reads otherwise than when it was judged."""
        before = self._judged.get(criterion.key)
        if before is None:
            return False
        # The hashes decide; what is plainly the same needs none. Equality of checks is not plain:
        # it takes true for 1.
        if before == criterion and criterion.check is None and self._same_question:
            return False
        return grading_hash(self.document, criterion.key) != grading_hash(
            self._run_document, criterion.key
        )

    def on(self, criterion: Criterion) -> CriterionTried | None:
        """The criterion in all answers of the run; None without a run. Three more queries."""
        if self.run is None:
            return None
        is_reworded = self.is_reworded(criterion)
        rows = self._rows(criterion)
        is_judged = rows and not is_reworded and self.run.source == Run.Source.JUDGE
        labels = self._labels(criterion) if is_judged else []
        cells = self._cells_of(criterion, rows) if rows else []
        if is_judged:
            own = {it.answer_id: it for it in labels if self._is_own(it)}
            cells = [self._with_opinion(it, rows, criterion, own) for it in cells]
        return CriterionTried(self.run, criterion, cells, is_reworded, self._alike(labels, rows))

    @cached_property
    def _run_document(self) -> Document:
        assert self.run is not None
        return document_of(self.run)

    @cached_property
    def _judged(self) -> Mapping[str, Criterion]:
        return {it.key: it for it in self._run_document.criteria} if self.run else {}

    @cached_property
    def _same_question(self) -> bool:
        now, then = self.document.question, self._run_document.question
        return (now.messages, now.reference) == (then.messages, then.reference)

    @cached_property
    def _cells(self) -> Mapping[tuple[int, str], tuple[CellVerdict, ...]]:
        """The pinned answers' cells, with their repeats."""
        rows = Grade.objects.filter(run_answer__in=[it.run_answer for it in self.pinned])
        cells: defaultdict[tuple[int, str], tuple[CellVerdict, ...]] = defaultdict(tuple)
        for pk, key, status, value in rows.order_by("pk").values_list(
            "run_answer_id", "criterion_key", "status", "value"
        ):
            cells[pk, key] += ((status, value),)
        return cells

    def _mark(self, tested: Tested, criterion: Criterion) -> Mark:
        repeats = self._cells[tested.run_answer, criterion.key]
        return _mark(tested, repeats, criterion, self.is_reworded(criterion))

    def _rows(self, criterion: Criterion) -> Mapping[int, list[Grade]]:
        found: defaultdict[int, list[Grade]] = defaultdict(list)
        for grade in Grade.objects.filter(run=self.run, criterion_key=criterion.key):
            found[grade.run_answer_id].append(grade)
        return found

    def _cells_of(
        self, criterion: Criterion, rows: Mapping[int, list[Grade]]
    ) -> Sequence[TestedCell]:
        cells: list[TestedCell] = []
        is_reworded, tier = self.is_reworded(criterion), object()
        for tested in self.answers:
            grades = rows.get(tested.run_answer, [])
            mark = _mark(tested, _verdicts(grades), criterion, is_reworded)
            first = grades[0] if grades and mark.shape != REWORDED.shape else None
            cells.append(
                TestedCell(
                    tested,
                    mark,
                    starts_tier=tested.answer.tier != tier,
                    is_pinned=tested in self.pinned,
                    reason=first.reason if first else "",
                    quote=_quote(first) if first else "",
                )
            )
            tier = tested.answer.tier
        return cells

    def _labels(self, criterion: Criterion) -> list[Label]:
        """All that was said under this wording of the texts that were judged."""
        assert self.run is not None
        labels = list(labels_of(self.question).filter(criterion_key=criterion.key))
        shown = {it.answer.pk for it in self.answers} & {label.answer_id for label in labels}
        judged = self.run.run_answers.filter(answer__in=shown) if shown else []
        hashes = {it.answer_id: answer_hash(content_of(it)) for it in judged}
        wording = grading_hash(self.document, criterion.key)
        values = level_values(self.document)
        current = []
        for label in labels:
            hash_now = hashes.get(label.answer_id)
            if hash_now is not None and not label.is_stale(wording, hash_now):
                # The level was chosen, not its value: that may have changed since.
                label.value = values.get((criterion.key, label.level), label.value)
                current.append(label)
        return current

    def _alike(self, labels: Sequence[Label], rows: Mapping[int, list[Grade]]) -> Alike | None:
        row_of = {it.answer.pk: it.run_answer for it in self.answers}
        said = [agreement(_verdicts(rows.get(row_of[it.answer_id], [])), it) for it in labels]
        compared = [it for it in said if it is not None]
        return Alike(sum(compared), len(compared)) if compared else None

    def _is_own(self, label: Label) -> bool:
        return self.reader is not None and label.rater_key == (self.reader.pk, "")

    def _with_opinion(
        self,
        cell: TestedCell,
        rows: Mapping[int, list[Grade]],
        criterion: Criterion,
        own: Mapping[UUID, Label],
    ) -> TestedCell:
        """With a way to agree, where the repeats give one verdict on the text as it is now."""
        grades = rows.get(cell.tested.run_answer, [])
        words = {word_of(it.status, it.value, it.level) for it in grades}
        if not cell.is_pinned or cell.tested.is_edited or len(words) != 1 or words == {""}:
            return cell
        opinion = Opinion(criterion, cell.answer, words.pop(), own.get(cell.answer.pk))
        return replace(cell, opinion=opinion)


def _mark(
    tested: Tested, repeats: tuple[CellVerdict, ...], criterion: Criterion, is_reworded: bool
) -> Mark:
    if is_reworded:
        return REWORDED
    if tested.is_edited:
        return EDITED
    if not repeats:
        return NOT_JUDGED
    return cell_mark(repeats, criterion, is_held=False)


def _verdicts(grades: Iterable[Grade]) -> tuple[CellVerdict, ...]:
    return tuple((grade.status, grade.value) for grade in grades)


def _quote(grade: Grade) -> str:
    return next((str(it["text"]) for it in grade.quotes if it["found"]), "")
