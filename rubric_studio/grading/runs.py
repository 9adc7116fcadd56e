"""Starting, cancelling and resuming a run."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import now

from rubric_studio.accounts.models import User
from rubric_studio.engine.document.canonical import canonical_bytes, content_hash
from rubric_studio.engine.document.reading import read_document
from rubric_studio.engine.document.strict_json import loads
from rubric_studio.engine.document.types import Document
from rubric_studio.engine.document.writing import document_json
from rubric_studio.engine.judging.prompt import PROMPT_VERSION
from rubric_studio.errors import DomainError
from rubric_studio.grading.answers import content_of
from rubric_studio.grading.cells import planned_cells
from rubric_studio.grading.endpoints import endpoint_of, identity_of
from rubric_studio.grading.expert_cells import insert_expert_cells
from rubric_studio.grading.finishing import finish_answers, finish_run
from rubric_studio.grading.models import Grade, Judge, Run, RunAnswer, SampleAnswer, Status
from rubric_studio.grading.queueing import enqueue_on_commit
from rubric_studio.grading.reusing import insert_cells, known_grades
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.models import Question, Version

MOST_CELLS = 100_000
MOST_REPEATS = 9
MOST_CRITERIA_PER_CALL = 20

Live = Run.Status.QUEUED, Run.Status.RUNNING


class RunRefused(DomainError):
    code = "run_refused"


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a run would be: its cells, and those that need no call because they are known."""

    cells: int
    known: int

    @property
    def to_judge(self) -> int:
        return self.cells - self.known


@transaction.atomic
def start_run(
    question: Question,
    user: User | None,
    *,
    judge: Judge | None,
    version: Version | None,
    answers: list[SampleAnswer] | None = None,
    repeats: int = 1,
    criteria_per_call: int = 1,
    budget: Decimal | None = None,
) -> Run:
    """A run of these answers (None: all) against the version (None: the draft as it is now).

    Without a judge the experts' labels are its verdicts. Document and answers are pinned; what is
    known already is copied; the rest is sent to the workers on commit. Raises RunRefused, and
    JudgeGone or SecretUnreadable for a judge that can't be asked.
    """
    Question.objects.select_for_update(no_key=True).get(pk=question.pk)
    document = _pinned_document(question, version)
    chosen = _chosen_answers(question, answers)
    _refuse_bounds(document, len(chosen), repeats, criteria_per_call)
    _refuse_judge(judge, budget)
    last = Run.objects.filter(question=question).aggregate(last=Max("ordinal"))["last"]
    run = Run.objects.create(
        question=question,
        ordinal=(last or 0) + 1,
        source=Run.Source.EXPERTS if judge is None else Run.Source.JUDGE,
        judge=judge,
        version=version,
        document=canonical_bytes(document_json(document)),
        document_hash=content_hash(document),
        prompt_version="" if judge is None else PROMPT_VERSION,
        repeats=1 if judge is None else repeats,
        criteria_per_call=1 if judge is None else criteria_per_call,
        budget=budget,
        created_by=user,
    )
    _insert_cells(run, document, _pin_answers(run, chosen))
    _send_or_finish(run)
    return run


def forecast(
    question: Question,
    *,
    judge: Judge | None,
    version: Version | None,
    answers: list[SampleAnswer] | None = None,
    repeats: int = 1,
    criteria_per_call: int = 1,
) -> Forecast:
    """What `start_run` would have to judge. Raises RunRefused for what it would refuse."""
    document = _pinned_document(question, version)
    chosen = _chosen_answers(question, answers)
    _refuse_bounds(document, len(chosen), repeats, criteria_per_call)
    if judge is None:
        cells = len(chosen) * len(document.criteria)
        return Forecast(cells, cells)
    planned = planned_cells(
        document,
        [content_of(it) for it in chosen],
        identity_of(judge),
        repeats,
        criteria_per_call,
    )
    fingerprints = [cell.fingerprint for own in planned for cell in own]
    known = known_grades(question.collection.team, fingerprints)
    return Forecast(len(fingerprints), sum(it in known for it in fingerprints))


@transaction.atomic
def cancel_run(run: Run, user: User | None) -> Run:
    """Stop the run: workers see it within a second, and what was graded is kept."""
    run = _locked(run)
    if run.status not in (*Live, Run.Status.PAUSED_BUDGET):
        raise RunRefused("This run is over; there is nothing left to cancel.")
    Grade.objects.filter(run=run, status=Status.PENDING).update(status=Status.CANCELLED)
    RunAnswer.objects.filter(run=run, finished_at=None).update(finished_at=now())
    run.status = Run.Status.CANCELLED
    run.cancelled_at = run.finished_at = now()
    run.save(update_fields=["status", "cancelled_at", "finished_at"])
    return run


@transaction.atomic
def resume_run(run: Run, user: User | None, budget: Decimal | None = None) -> Run:
    """Judge the cells that have no verdict because they were cancelled, failed, or had no money.

    `budget` replaces the run's. Verdicts stand: nothing that was graded is asked again.
    """
    run = _locked(run)
    if run.judge is None:
        raise RunRefused("This run reads the experts' labels. Start a new one to read them again.")
    _refuse_judge(run.judge, budget if budget is not None else run.budget)
    again = Grade.objects.filter(run=run, status__in=[Status.CANCELLED, Status.FAILED])
    count = again.update(status=Status.PENDING, error_code="", error="", attempts=0)
    if not count and run.status != Run.Status.PAUSED_BUDGET:
        raise RunRefused("Every cell of this run has its verdict; there is nothing to judge again.")
    run.budget = budget if budget is not None else run.budget
    run.status = Run.Status.QUEUED
    run.cancelled_at = run.finished_at = None
    run.save(update_fields=["budget", "status", "cancelled_at", "finished_at"])
    unfinished = RunAnswer.objects.filter(run=run, grades__status=Status.PENDING)
    RunAnswer.objects.filter(pk__in=unfinished.values("pk")).update(
        finished_at=None, losses=0, next_attempt_at=None, enqueued_at=None
    )
    _send_or_finish(run)
    return run


def document_of(run: Run) -> Document:
    """The document that the run was pinned to."""
    return read_document(loads(bytes(run.document)))


def _pinned_document(question: Question, version: Version | None) -> Document:
    if version is None:
        document = draft_document(question)
    else:
        if version.question_id != question.pk:
            raise RunRefused("This version belongs to another question.")
        document = read_document(loads(bytes(version.document)))
    if not document.criteria:
        raise RunRefused("Add a criterion before you grade.")
    return document


def _chosen_answers(question: Question, answers: list[SampleAnswer] | None) -> list[SampleAnswer]:
    if answers is None:
        answers = list(SampleAnswer.objects.live().filter(question=question))
    if any(answer.question_id != question.pk for answer in answers):
        raise RunRefused("An answer belongs to another question. Choose answers of this one.")
    unique = {answer.pk: answer for answer in answers}
    if not unique:
        raise RunRefused("Add a sample answer before you grade.")
    return sorted(unique.values(), key=lambda answer: answer.ordinal)


def _refuse_bounds(document: Document, answers: int, repeats: int, criteria_per_call: int) -> None:
    if not 1 <= repeats <= MOST_REPEATS:
        raise RunRefused(f"Choose 1 to {MOST_REPEATS} repeats.")
    if not 1 <= criteria_per_call <= MOST_CRITERIA_PER_CALL:
        raise RunRefused(f"Choose 1 to {MOST_CRITERIA_PER_CALL} criteria per call.")
    cells = answers * len(document.criteria) * repeats
    if cells > MOST_CELLS:
        raise RunRefused(
            f"That is {cells:,} cells; a run holds at most {MOST_CELLS:,}. Choose fewer answers."
        )


def _refuse_judge(judge: Judge | None, budget: Decimal | None) -> None:
    if budget is not None and budget <= 0:
        raise RunRefused("A budget must be above 0. Leave it empty for none.")
    if judge is None:
        return
    if judge.deleted_at is not None:
        raise RunRefused("This judge was taken out. Choose another one.")
    endpoint_of(judge)
    if budget is not None and not (judge.price_in or judge.price_out):
        raise RunRefused(
            "This judge has no prices, so a budget can't be kept. Add it again with its prices per "
            "million tokens, or leave the budget empty."
        )


def _pin_answers(run: Run, answers: list[SampleAnswer]) -> list[RunAnswer]:
    return RunAnswer.objects.bulk_create(
        RunAnswer(
            run=run,
            answer=answer,
            ordinal=answer.ordinal,
            text=answer.text,
            messages=answer.messages,
        )
        for answer in answers
    )


def _insert_cells(run: Run, document: Document, run_answers: list[RunAnswer]) -> None:
    if run.judge is None:
        insert_expert_cells(run, document, run_answers)
        return
    cells = planned_cells(
        document,
        [content_of(it) for it in run_answers],
        identity_of(run.judge),
        run.repeats,
        run.criteria_per_call,
    )
    insert_cells(run, run.question.collection.team, document, run_answers, cells)


def _send_or_finish(run: Run) -> None:
    """Send what waits to the workers; when nothing does, the run is over already."""
    finish_answers(run.pk)
    waiting = RunAnswer.objects.filter(run=run, finished_at=None)
    waiting.update(enqueued_at=now())
    enqueue_on_commit(list(waiting.values_list("pk", flat=True)))
    finish_run(run.pk)
    run.refresh_from_db(fields=["status", "finished_at"])


def _locked(run: Run) -> Run:
    return (
        Run.objects.select_for_update(no_key=True, of=("self",))
        .select_related("judge")
        .get(pk=run.pk)
    )
