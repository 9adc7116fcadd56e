"""What a worker needs to judge one answer of a run, read from the rows."""

from collections.abc import Hashable
from dataclasses import dataclass

from rubric_studio.engine.judging.endpoint import Endpoint
from rubric_studio.engine.judging.outcome import Cell
from rubric_studio.grading.answers import content_of
from rubric_studio.grading.cells import calls_of
from rubric_studio.grading.endpoints import endpoint_of
from rubric_studio.grading.leases import Lease
from rubric_studio.grading.models import Grade, Judge, Run, RunAnswer, Status
from rubric_studio.grading.runs import document_of


@dataclass(frozen=True, slots=True)
class Waiting:
    """The grades that one call is for: criterion's key to id, all of one repeat."""

    repeat: int
    grades: dict[str, int]


@dataclass(frozen=True, slots=True)
class Job:
    """The calls to make, and what waits for each one, by the cell's key."""

    lease: Lease
    run: Run
    judge: Judge
    endpoint: Endpoint
    cells: tuple[Cell, ...]
    waiting: dict[Hashable, Waiting]


def load_job(lease: Lease) -> Job:
    """Raises JudgeGone and SecretUnreadable when the judge can't be asked any more."""
    rows = RunAnswer.objects.select_related("run__judge", "run__prompt_rules")
    run_answer = rows.get(pk=lease.run_answer_id)
    run = run_answer.run
    assert run.judge is not None
    rules = run.prompt_rules.text if run.prompt_rules is not None else ""
    document, content = document_of(run), content_of(run_answer)
    pending = {
        (key, repeat): grade_id
        for grade_id, key, repeat in Grade.objects.filter(
            run_answer=run_answer, status=Status.PENDING
        ).values_list("pk", "criterion_key", "repeat")
    }
    cells: list[Cell] = []
    waiting: dict[Hashable, Waiting] = {}
    calls = list(enumerate(calls_of(document, run.criteria_per_call)))
    for repeat in range(run.repeats):
        for number, criteria in calls:
            ids = {
                it.key: pending[it.key, repeat] for it in criteria if (it.key, repeat) in pending
            }
            if ids:
                # Neighbours are asked again too: a verdict belongs to the whole call.
                cell = Cell((number, repeat), document.question, criteria, content, rules)
                cells.append(cell)
                waiting[cell.key] = Waiting(repeat, ids)
    return Job(lease, run, run.judge, endpoint_of(run.judge), tuple(cells), waiting)
