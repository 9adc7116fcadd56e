"""Starting, cancelling and resuming a run."""

from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils.timezone import now

from rubric_studio.accounts.models import User
from rubric_studio.engine.document.canonical import canonical_bytes, content_hash
from rubric_studio.engine.document.types import Document
from rubric_studio.engine.document.writing import document_json
from rubric_studio.grading.answers.editing import content_of
from rubric_studio.grading.judges.endpoints import identity_of
from rubric_studio.grading.judges.panels import judges_of, own_cells, part_of, wake_parts
from rubric_studio.grading.judges.prompt_rules import wording_of
from rubric_studio.grading.judges.resting import try_now
from rubric_studio.grading.models import Grade, Judge, Run, RunAnswer, SampleAnswer, Status
from rubric_studio.grading.runs.cells import planned_cells
from rubric_studio.grading.runs.expert_cells import insert_expert_cells
from rubric_studio.grading.runs.finishing import finish_answers, finish_run
from rubric_studio.grading.runs.forecasting import Forecast, forecast, keep_estimate
from rubric_studio.grading.runs.locking import locked_with_parts
from rubric_studio.grading.runs.pinning import (
    MOST_CELLS,
    MOST_CRITERIA_PER_CALL,
    MOST_REPEATS,
    RunRefused,
    chosen_answers,
    document_of,
    pinned_document,
    refuse_bounds,
    refuse_budget,
    refuse_judge,
)
from rubric_studio.grading.runs.queueing import enqueue_checks_on_commit, enqueue_on_commit
from rubric_studio.grading.runs.reusing import insert_cells
from rubric_studio.rubrics.models import Question, Version

__all__ = [
    "MOST_CELLS",
    "MOST_CRITERIA_PER_CALL",
    "MOST_REPEATS",
    "Forecast",
    "RunRefused",
    "cancel_run",
    "document_of",
    "forecast",
    "resume_run",
    "start_run",
]

STOPPABLE = (Run.Status.QUEUED, Run.Status.RUNNING, Run.Status.PAUSED_BUDGET)


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
    document = pinned_document(question, version)
    chosen = chosen_answers(question, answers)
    judges = [] if judge is None else judges_of(judge)
    refuse_bounds(document, len(chosen), repeats, criteria_per_call, len(judges) or 1)
    refuse_judge(judge, budget)
    run = Run(
        question=question,
        judge=judge,
        version=version,
        repeats=repeats,
        criteria_per_call=criteria_per_call,
        budget=budget,
        created_by=user,
    )
    _made(_pinned(run, document), document, chosen)
    parts = _made_parts(run, judges, document, chosen)
    keep_estimate(run, parts, document)
    for it in [*parts, run]:
        _send_or_finish(it)
    return run


@transaction.atomic
def cancel_run(run: Run, user: User | None) -> Run:
    """Stop the run: workers see it within a second, and what was graded is kept."""
    _refuse_part(run)
    run = locked_with_parts(run)
    if run.status not in STOPPABLE:
        raise RunRefused("This run is over; there is nothing left to cancel.")
    for part in [run, *Run.objects.filter(panel=run, status__in=STOPPABLE)]:
        Grade.objects.filter(run=part, status=Status.PENDING).update(status=Status.CANCELLED)
        RunAnswer.objects.filter(run=part, finished_at=None).update(finished_at=now())
        part.status = Run.Status.CANCELLED
        part.cancelled_at = now()
        part.finished_at = part.finished_at or now()
        part.save(update_fields=["status", "cancelled_at", "finished_at"])
    return run


@transaction.atomic
def resume_run(run: Run, user: User | None, budget: Decimal | None = None) -> Run:
    """Judge the cells that have no verdict because they were cancelled, failed, or had no money.

    `budget` replaces the run's and has to be more than what it stopped at. Verdicts stand: nothing
    that was graded is asked again.
    """
    _refuse_part(run)
    run = locked_with_parts(run)
    refuse_judge(run.judge, budget if budget is not None else run.budget)
    refuse_budget(run, budget)
    if run.judge is not None and run.judge.is_panel:
        wake_parts(run, budget)
    again = Grade.objects.filter(run=run, status__in=[Status.CANCELLED, Status.FAILED])
    if run.judge is None:
        again = again.filter(is_check=True)
        if not again.exists():
            raise RunRefused(
                "This run reads the experts' labels. Start a new one to read them again."
            )
    count = again.update(status=Status.PENDING, error_code="", error="", attempts=0, call=None)
    if not count and run.status != Run.Status.PAUSED_BUDGET:
        raise RunRefused("Every cell of this run has its verdict; there is nothing to judge again.")
    run.budget = budget if budget is not None else run.budget
    waiting = Grade.objects.filter(run=OuterRef("pk"), status=Status.PENDING)
    parts = list(Run.objects.filter(Exists(waiting), panel=run))
    for it in [run, *parts]:
        _reopen(it)
    for it in [*parts, run]:
        _send_or_finish(it)
    return run


def _reopen(run: Run) -> None:
    if run.judge is not None:
        try_now(run.judge)
    run.status = Run.Status.QUEUED
    if run.started_at and run.finished_at:
        run.seconds_before += (run.finished_at - run.started_at).total_seconds()
        run.started_at = now()
    run.cancelled_at = run.finished_at = None
    ends = ["status", "cancelled_at", "started_at", "finished_at", "seconds_before"]
    run.save(update_fields=["budget", *ends])
    unfinished = RunAnswer.objects.filter(run=run, grades__status=Status.PENDING)
    RunAnswer.objects.filter(pk__in=unfinished.values("pk")).update(
        finished_at=None,
        losses=0,
        next_attempt_at=None,
        enqueued_at=None,
        check_tries=0,
        checks_enqueued_at=None,
    )


def _refuse_part(run: Run) -> None:
    if run.panel_id:
        raise RunRefused("This run is one judge's part of a panel's; go to the panel's own run.")


def _pinned(run: Run, document: Document) -> Run:
    """The run bound to the document and, with a judge, to the prompt as they are now."""
    run.document, run.document_hash = (
        canonical_bytes(document_json(document)),
        content_hash(document),
    )
    if run.judge is None:
        run.source, run.repeats, run.criteria_per_call = Run.Source.EXPERTS, 1, 1
        return run
    wording = wording_of(run.question.collection.team)
    run.prompt_version, run.prompt_rules = wording.version, wording.row
    return run


def _made(run: Run, document: Document, answers: list[SampleAnswer]) -> Run:
    """The run with its number, its pinned answers and its cells."""
    last = Run.objects.filter(question=run.question).aggregate(last=Max("ordinal"))["last"]
    run.ordinal = (last or 0) + 1
    run.save(force_insert=True)
    _insert_cells(run, document, _pin_answers(run, answers))
    return run


def _made_parts(
    run: Run, judges: list[Judge], document: Document, answers: list[SampleAnswer]
) -> list[Run]:
    """A panel's judges each with a run of their own; none for a judge by itself."""
    return [
        _made(part_of(run, judge, len(judges)), document, answers)
        for judge in judges
        if judge != run.judge
    ]


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
        identity_of(judges_of(run.judge)[0]),
        run.repeats,
        run.criteria_per_call,
        run.prompt_version,
    )
    team = run.question.collection.team
    insert_cells(run, team, document, run_answers, own_cells(run, cells))


def _send_or_finish(run: Run) -> None:
    """Send what waits to the workers; when nothing does, the run is over already."""
    finish_answers(run.pk)
    unfinished = RunAnswer.objects.filter(run=run, finished_at=None)
    cells = Grade.objects.filter(run_answer=OuterRef("pk"), status=Status.PENDING)
    if run.judge is not None and not run.judge.is_panel:
        waiting = unfinished.filter(Exists(cells.filter(is_check=False)))
        waiting.update(enqueued_at=now())
        enqueue_on_commit(list(waiting.values_list("pk", flat=True)))
    to_check = unfinished.filter(Exists(cells.filter(is_check=True)))
    to_check.update(checks_enqueued_at=now())
    enqueue_checks_on_commit(list(to_check.values_list("pk", flat=True)))
    finish_run(run.pk)
    run.refresh_from_db(fields=["status", "finished_at"])
