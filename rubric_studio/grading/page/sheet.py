"""What stands on the grading page: a run's cells, or the draft's with no verdicts yet."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from rubric_studio.accounts.models import User
from rubric_studio.engine.document.canonical import grading_hash
from rubric_studio.engine.document.types import Document
from rubric_studio.grading.answers.editing import answer_hash, content_of
from rubric_studio.grading.judges.panels import held_answers
from rubric_studio.grading.labels import labels_of, level_values
from rubric_studio.grading.models import Grade, Label, Run, RunAnswer, SampleAnswer, Status
from rubric_studio.grading.runs.progress import Progress
from rubric_studio.grading.runs.starting import document_of
from rubric_studio.grading.scores import AnswerVerdicts, CellVerdict, verdict_of_repeats
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.models import Question

CellKey = tuple[UUID, str]  # answer's id, criterion's key
VERDICTS = (Status.GRADED, Status.NOT_APPLICABLE)


@dataclass(frozen=True)
class Sheet:
    """`cells` hold a cell's repeats; `held` are the answers that a worker is at right now."""

    question: Question
    run: Run | None
    document: Document
    answers: tuple[SampleAnswer, ...]
    cells: Mapping[CellKey, tuple[CellVerdict, ...]]
    held: frozenset[UUID]
    reused: int = 0
    hidden: int = 0  # answers of the run that are left out

    @property
    def source(self) -> str:
        """How addresses name it: the run's id, or "draft"."""
        return str(self.run.pk) if self.run else "draft"

    @cached_property
    def verdicts(self) -> dict[UUID, AnswerVerdicts]:
        found: dict[UUID, AnswerVerdicts] = {}
        for (answer_id, key), repeats in self.cells.items():
            verdict = verdict_of_repeats(repeats)
            if verdict is not None:
                found.setdefault(answer_id, {})[key] = verdict
        return found

    @cached_property
    def progress(self) -> Progress:
        counts = Counter(status for repeats in self.cells.values() for status, _ in repeats)
        return Progress(
            total=counts.total(),
            reused=self.reused,
            **{status.value: counts[status.value] for status in Status},
        )

    @cached_property
    def in_hand(self) -> int:
        """Waiting cells of the answers that workers are at."""
        return sum(
            status == Status.PENDING
            for (answer_id, _), repeats in self.cells.items()
            if answer_id in self.held
            for status, _ in repeats
        )

    @cached_property
    def by_programs(self) -> int:
        """Verdicts that programs gave."""
        checks = {it.key for it in self.document.criteria if it.check is not None}
        return sum(
            status in VERDICTS
            for (_, key), repeats in self.cells.items()
            if key in checks
            for status, _ in repeats
        )


def sheet_of(question: Question, run: Run | None, hidden: Container[UUID] = ()) -> Sheet:
    """Three queries, texts and reasons left where they are. Of a run, the answers that are `hidden`
    are left out."""
    if run is None:
        answers = SampleAnswer.objects.live().filter(question=question).defer("text", "messages")
        return Sheet(question, None, draft_document(question), tuple(answers), {}, frozenset())
    all_answers = list(
        run.run_answers.select_related("answer").defer(
            "text", "messages", "answer__text", "answer__messages"
        )
    )
    run_answers = [it for it in all_answers if it.answer_id not in hidden]
    answer_ids = {it.pk: it.answer_id for it in run_answers}
    rows = Grade.objects.filter(run=run).order_by("pk")
    cells: dict[CellKey, tuple[CellVerdict, ...]] = {}
    reused = 0
    for run_answer_id, key, status, value, was_reused in rows.values_list(
        "run_answer_id", "criterion_key", "status", "value", "reused"
    ):
        if run_answer_id not in answer_ids:
            continue
        cell = (answer_ids[run_answer_id], key)
        cells[cell] = (*cells.get(cell, ()), (status, value))
        reused += was_reused
    held = frozenset(it.answer_id for it in run_answers if it.leased_until and not it.finished_at)
    if run.judge is not None and run.judge.is_panel:
        held = held_answers(run)
    answers_of_run = tuple(it.answer for it in run_answers)
    left_out = len(all_answers) - len(run_answers)
    return Sheet(question, run, document_of(run), answers_of_run, cells, held, reused, left_out)


def own_labels(sheet: Sheet, user: User, only: CellKey | None = None) -> dict[CellKey, Label]:
    """The user's current labels on the sheet's cells that still fit wording and text."""
    labels = labels_of(sheet.question).filter(author=user, imported_from="")
    if only is not None:
        labels = labels.filter(answer_id=only[0], criterion_key=only[1])
    found = list(labels)
    if not found:
        return {}
    hashes = _hashes(sheet, {label.criterion_key for label in found})
    texts = answer_hashes(sheet, {label.answer_id for label in found})
    values = level_values(sheet.document)
    fitting: dict[CellKey, Label] = {}
    for label in found:
        key, answer_id = label.criterion_key, label.answer_id
        if label.is_stale(hashes.get(key, ""), texts.get(answer_id, "")):
            continue
        label.value = values.get((key, label.level), label.value)
        fitting[answer_id, key] = label
    return fitting


def answer_hashes(sheet: Sheet, answer_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The hashes of the texts that the sheet shows: of a run, those it pinned."""
    pinned: Iterable[SampleAnswer | RunAnswer]
    if sheet.run is None:
        pinned = SampleAnswer.objects.filter(pk__in=answer_ids).only("pk", "text", "messages")
        return {it.pk: answer_hash(content_of(it)) for it in pinned}
    pinned = sheet.run.run_answers.filter(answer__in=answer_ids).only(
        "answer_id", "text", "messages"
    )
    return {it.answer_id: answer_hash(content_of(it)) for it in pinned}


def _hashes(sheet: Sheet, keys: Iterable[str]) -> dict[str, str]:
    known = {it.key for it in sheet.document.criteria}
    return {key: grading_hash(sheet.document, key) for key in keys if key in known}
