"""The one order in which rows of a run are locked, so that no two ever wait for each other: a
panel's run, its judges' runs, then their answers, then their grades.

Whoever writes more than one row of a run takes the run first. A single row needs no lock: nobody
can be waiting for a second one with it.
"""

import uuid
from collections.abc import Collection

from rubric_studio.grading.models import Run, RunAnswer


def lock_run(run_id: uuid.UUID) -> None:
    """Until the end of the transaction nobody else writes rows of this run."""
    Run.objects.select_for_update(no_key=True).only("pk").get(pk=run_id)


def lock_runs_of(run_answer_ids: Collection[int]) -> None:
    """The same for all runs that these answers are in."""
    runs = Run.objects.filter(run_answers__in=run_answer_ids).values("pk")
    locked = Run.objects.select_for_update(no_key=True).filter(pk__in=runs)
    list(locked.order_by("created_at", "pk").values_list("pk", flat=True))


def locked_with_parts(run: Run) -> Run:
    """The run as it is now; nobody else writes rows of it, or of a panel's judges' runs."""
    locked = Run.objects.select_for_update(no_key=True, of=("self",)).select_related("judge")
    whole = locked.get(pk=run.pk)
    parts = Run.objects.select_for_update(no_key=True).filter(panel=run)
    list(parts.order_by("created_at", "pk").values_list("pk", flat=True))
    return whole


def lock_free(run_answer_ids: Collection[int]) -> list[int]:
    """Those of the answers that nobody is writing to right now: never waits."""
    rows = RunAnswer.objects.select_for_update(no_key=True, skip_locked=True)
    return list(rows.filter(pk__in=run_answer_ids).values_list("pk", flat=True))
