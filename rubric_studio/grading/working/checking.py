"""The cells of an answer that programs decide: no judge, no lease, no money.

A program says the same whoever runs it, so two workers at one answer do no harm: the first
verdict stands.
"""

import json
import time
from collections.abc import Sequence

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from rubric_studio.engine.judging.checks import CheckResult, decide
from rubric_studio.grading.answers.editing import content_of
from rubric_studio.grading.models import Grade, Run, RunAnswer, Status
from rubric_studio.grading.runs.finishing import finish_answers, finish_run
from rubric_studio.grading.runs.locking import lock_run
from rubric_studio.grading.runs.pinning import document_of
from rubric_studio.grading.runs.queueing import enqueue_checks
from rubric_studio.grading.working.shutdown import is_stopping

MOST_TRIES = 3
LOST_WORKER = (
    "The worker that ran this check ended without a word, three times. "
    "Look at the worker's log and at the check, then run it again."
)
# Seconds until a batch is written: what is not written yet is decided again after a kill.
PATIENCE = 0.5

WRITE = """
UPDATE grading_grade AS g SET
    status = n.status, value = n.value, reason = n.reason, quotes = n.quotes,
    error_code = n.error_code, error = n.error, graded_at = now()
FROM unnest(%s::bigint[], %s::text[], %s::float8[], %s::text[], %s::jsonb[], %s::text[], %s::text[])
    AS n(id, status, value, reason, quotes, error_code, error)
WHERE g.id = n.id AND g.run_answer_id = %s AND g.status = 'pending' AND g.is_check
"""

Cell = tuple[int, str]  # the grade's id, the criterion's key
Decided = tuple[int, CheckResult]


def run_checks(run_answer_id: int) -> None:
    """Decide what waits of this answer's checks. Safe to call twice, also at the same time."""
    if not _begin(run_answer_id):
        return
    run_answer = RunAnswer.objects.select_related("run").get(pk=run_answer_id)
    waiting = Grade.objects.filter(run_answer=run_answer, is_check=True, status=Status.PENDING)
    cells = list(waiting.order_by("pk").values_list("pk", "criterion_key"))
    # Where a worker was lost once, the other end goes first: only what ends workers is left over.
    is_over = _decide_all(run_answer, cells[::-1] if run_answer.check_tries == 2 else cells)
    _end(run_answer, is_over)


def _begin(run_answer_id: int) -> bool:
    """Count the try before it is made. False: there is nothing to do, or it was tried too often;
    then the sweeper gives it up once nobody is at it any more."""
    rows = RunAnswer.objects.filter(
        pk=run_answer_id, finished_at=None, check_tries__lt=MOST_TRIES
    ).exclude(run__status=Run.Status.CANCELLED)
    begun = rows.update(check_tries=F("check_tries") + 1, checks_enqueued_at=Now())
    run = Run.objects.filter(run_answers=run_answer_id, status=Run.Status.QUEUED)
    run.update(status=Run.Status.RUNNING, started_at=Now())
    return bool(begun)


def _decide_all(run_answer: RunAnswer, cells: Sequence[Cell]) -> bool:
    """Whether nothing is left of them: all have their verdict, or its lack, within a worker's
    turn, or the run was cancelled meanwhile."""
    document, content = document_of(run_answer.run), content_of(run_answer)
    criteria = {it.key: it for it in document.criteria}
    started = written = time.monotonic()
    decided: list[Decided] = []
    for number, (grade_id, key) in enumerate(cells, start=1):
        decided.append((grade_id, decide(criteria[key].check or {}, content)))
        moment = time.monotonic()
        if moment - written > PATIENCE:
            if not _write(run_answer, decided):
                return True
            decided, written = [], moment
        is_turn_over = moment - started > settings.GRADING_TURN_SECONDS or is_stopping()
        if is_turn_over and number < len(cells):
            _write(run_answer, decided)
            return False
    _write(run_answer, decided)
    return True


@transaction.atomic
def _write(run_answer: RunAnswer, decided: Sequence[Decided]) -> bool:
    """The first verdict stands. Also a sign of life, which keeps the sweeper away. False: the
    answer is over, because its run was cancelled."""
    lock_run(run_answer.run_id)
    if decided:
        columns = zip(*(_columns(grade_id, result) for grade_id, result in decided), strict=True)
        with connection.cursor() as cursor:
            cursor.execute(WRITE, [*(list(column) for column in columns), run_answer.pk])
    unfinished = RunAnswer.objects.filter(pk=run_answer.pk, finished_at=None)
    return unfinished.update(checks_enqueued_at=Now()) == 1


def _columns(grade_id: int, result: CheckResult) -> tuple[object, ...]:
    quotes = [
        {"text": it.text, "start": it.start, "end": it.end, "found": it.found}
        for it in result.quotes
    ]
    return (
        grade_id,
        Status.GRADED if result.status == "graded" else Status.FAILED,
        result.value,
        result.reason,
        json.dumps(quotes, ensure_ascii=False),
        result.error_code[:40],
        result.error,
    )


def _end(run_answer: RunAnswer, is_over: bool) -> None:
    """A turn that ended by itself is no loss; what is left goes to the end of the queue."""
    RunAnswer.objects.filter(pk=run_answer.pk).update(check_tries=0)
    finish_answers(run_answer.run_id)
    finish_run(run_answer.run_id)
    if not is_over:
        enqueue_checks([run_answer.pk])
