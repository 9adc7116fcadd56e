"""What workers do. Arguments are ids; everything may run twice; rows say what is left to do."""

from celery import shared_task

from rubric_studio.grading.runs.sweeping import sweep_runs
from rubric_studio.grading.working import shutdown  # noqa: F401  made before the children are forked
from rubric_studio.grading.working.checking import run_checks
from rubric_studio.grading.working.turns import take_turn


@shared_task(ignore_result=True)
def grade_answer(run_answer_id: int) -> None:
    """Judge what waits of one answer of a run."""
    take_turn(run_answer_id)


@shared_task(ignore_result=True, soft_time_limit=240, time_limit=300)
def check_answer(run_answer_id: int) -> None:
    """Decide what programs decide of one answer of a run. Its queue is `cpu`."""
    run_checks(run_answer_id)


@shared_task(ignore_result=True)
def sweep() -> None:
    """Find what was lost. Sent by beat every GRADING_SWEEP_SECONDS."""
    sweep_runs()
