"""When an answer, and a run, are over: decided from rows, by whoever looks."""

import uuid

from django.db.models import Case, Exists, OuterRef, Value, When
from django.utils.timezone import now

from rubric_studio.grading.models import Grade, Run, RunAnswer, Status

VERDICTS = [Status.GRADED, Status.NOT_APPLICABLE]


def finish_answers(run_id: uuid.UUID) -> int:
    """Close the run's answers that have no waiting cell; how many."""
    waiting = Grade.objects.filter(run_answer=OuterRef("pk"), status=Status.PENDING)
    unfinished = RunAnswer.objects.filter(run=run_id, finished_at=None)
    return unfinished.filter(~Exists(waiting)).update(finished_at=now())


def finish_run(run_id: uuid.UUID) -> bool:
    """Close the run if it is live and no cell waits: done when every cell has a verdict."""
    cells = Grade.objects.filter(run=OuterRef("pk"))
    runs = Run.objects.unfinished().filter(pk=run_id)
    over = runs.filter(~Exists(cells.filter(status=Status.PENDING)))
    status = Case(
        When(Exists(cells.exclude(status__in=VERDICTS)), then=Value(Run.Status.INCOMPLETE)),
        default=Value(Run.Status.DONE),
    )
    return over.update(status=status, finished_at=now()) == 1
