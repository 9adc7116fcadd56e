"""When an answer, and a run, are over: decided from rows, by whoever looks."""

import uuid

from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils.timezone import now

from rubric_studio.grading.models import Grade, Run, RunAnswer, Status
from rubric_studio.grading.runs.folding import fold
from rubric_studio.grading.runs.locking import lock_run

VERDICTS = [Status.GRADED, Status.NOT_APPLICABLE]


def finish_answers(run_id: uuid.UUID) -> int:
    """Close the run's answers that have no waiting cell; how many. A panel follows its members."""
    closed = _close_answers(run_id)
    _fold(run_id)
    return closed


def finish_run(run_id: uuid.UUID) -> bool:
    """Close the run if it is live and no cell waits: done when every cell has a verdict. So is one
    that was cancelled too late: the calls in flight brought all that was left."""
    is_over = _close_run(run_id)
    if is_over:
        _fold(run_id)
    return is_over


@transaction.atomic
def _close_answers(run_id: uuid.UUID) -> int:
    lock_run(run_id)
    waiting = Grade.objects.filter(run_answer=OuterRef("pk"), status=Status.PENDING)
    unfinished = RunAnswer.objects.filter(run=run_id, finished_at=None)
    return unfinished.filter(~Exists(waiting)).update(finished_at=now())


def _close_run(run_id: uuid.UUID) -> bool:
    cells = Grade.objects.filter(run=OuterRef("pk"))
    # A panel is over after its members, whoever of them is the last.
    members = Run.objects.unfinished().filter(panel=OuterRef("pk"))
    live = Q(status__in=[Run.Status.QUEUED, Run.Status.RUNNING])
    # A part of a panel's run stays cancelled with it: it is the panel that is resumed.
    stopped = Exists(cells.filter(status=Status.CANCELLED))
    missed = Q(~stopped, status=Run.Status.CANCELLED, panel=None)
    waits = Exists(cells.filter(status=Status.PENDING))
    over = Run.objects.filter(live | missed, ~Exists(members), ~waits, pk=run_id)
    status = Case(
        When(Exists(cells.exclude(status__in=VERDICTS)), then=Value(Run.Status.INCOMPLETE)),
        default=Value(Run.Status.DONE),
    )
    return over.update(status=status, cancelled_at=None, finished_at=now()) == 1


def _fold(run_id: uuid.UUID) -> None:
    """What the run's end, or an answer's, means for the panel that it is a part of."""
    panel_id = fold(run_id)
    if panel_id is not None:
        _close_answers(panel_id)
        _close_run(panel_id)
