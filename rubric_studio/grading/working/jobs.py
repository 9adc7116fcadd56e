"""What a worker needs to judge answers of a run, read from the rows."""

from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from rubric_studio.engine.document.types import Document
from rubric_studio.engine.judging.endpoint import Endpoint
from rubric_studio.engine.judging.outcome import Cell
from rubric_studio.grading.answers.editing import content_of
from rubric_studio.grading.judges.endpoints import endpoint_of
from rubric_studio.grading.models import Grade, Judge, Run, RunAnswer, Status
from rubric_studio.grading.runs.cells import calls_of
from rubric_studio.grading.runs.starting import document_of
from rubric_studio.grading.working.leases import Lease

# An answer's waiting grades: criterion's key and repeat to the grade's id and attempts so far.
type Pending = dict[tuple[str, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """The grades that one call is for: criterion's key to id, all of one answer and repeat."""

    run_answer_id: int
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
    run = Run.objects.select_related("judge", "prompt_rules").get(pk=lease.run_id)
    assert run.judge is not None
    pending: dict[int, Pending] = defaultdict(dict)
    grades = Grade.objects.filter(
        run_answer__in=lease.ids, status=Status.PENDING, is_check=False
    ).values_list("run_answer", "criterion_key", "repeat", "pk", "attempts")
    for run_answer_id, key, repeat, grade_id, attempts in grades:
        pending[run_answer_id][key, repeat] = grade_id, attempts
    document = document_of(run)
    cells: list[Cell] = []
    waiting: dict[Hashable, Waiting] = {}
    for run_answer in RunAnswer.objects.filter(pk__in=lease.ids):
        for cell, its in _calls(run, document, run_answer, pending[run_answer.pk]):
            cells.append(cell)
            waiting[cell.key] = its
    return Job(lease, run, run.judge, endpoint_of(run.judge), tuple(cells), waiting)


def _calls(
    run: Run, document: Document, run_answer: RunAnswer, pending: Pending
) -> Iterator[tuple[Cell, Waiting]]:
    """The calls that an answer's waiting grades still need."""
    content = content_of(run_answer)
    rules = run.prompt_rules.text if run.prompt_rules is not None else ""
    calls = list(enumerate(calls_of(document, run.criteria_per_call)))
    for repeat in range(run.repeats):
        for number, criteria in calls:
            its = {
                it.key: pending[it.key, repeat] for it in criteria if (it.key, repeat) in pending
            }
            if its:
                # Neighbours are asked again too: a verdict belongs to the whole call.
                key = (run_answer.pk, number, repeat)
                attempts = max(made for _, made in its.values())
                cell = Cell(key, document.question, criteria, content, rules, attempts)
                grades = {key: grade_id for key, (grade_id, _) in its.items()}
                yield cell, Waiting(run_answer.pk, repeat, grades)
