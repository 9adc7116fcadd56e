"""One word per question on whether its rubric steers, for lists of questions."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rubric_studio.grading.models import Grade, Run, RunAnswer, SampleAnswer
from rubric_studio.grading.runs import document_of
from rubric_studio.grading.scores import AnswerVerdicts, CellVerdict, verdict_of_repeats
from rubric_studio.rubrics.models import Question
from rubric_studio.steering.assessment import Verdict
from rubric_studio.steering.report import report_from
from rubric_studio.steering.samples import noise_of

FINISHED = (Run.Status.DONE, Run.Status.INCOMPLETE)
"""Runs that can be reported on as a whole: every cell has been tried."""

WORDS: dict[Verdict, str] = {
    "not_tested": "Not tested",
    "too_little_data": "Too little data",
    "steers": "Steers",
    "steers_with_warnings": "Steers, warnings",
    "does_not_steer": "Does not steer",
}


@dataclass(frozen=True, slots=True)
class State:
    """The verdict of a question's newest finished run; `run` is None when there is none."""

    verdict: Verdict
    needs: int = 0
    run: Run | None = None

    @property
    def words(self) -> str:
        if self.verdict == "too_little_data":
            return f"Too little data, add {self.needs}"
        return WORDS[self.verdict]


NOT_TESTED = State("not_tested")


def states_of(questions: Iterable[Question]) -> dict[UUID, State]:
    """The state of each question, by its id, in four queries at most, whatever their number."""
    ids = [question.pk for question in questions]
    runs = _newest_finished_runs(ids)
    documents = {run.pk: document_of(run) for run in runs}
    answers: defaultdict[UUID, list[SampleAnswer]] = defaultdict(list)
    for it in RunAnswer.objects.filter(run__in=runs, answer__deleted_at=None).select_related(
        "answer"
    ):
        answers[it.run_id].append(it.answer)
    verdicts, noise = _verdicts(runs), noise_of(runs, documents)
    states = dict.fromkeys(ids, NOT_TESTED)
    for run in runs:
        report = report_from(
            run, documents[run.pk], answers[run.pk], verdicts[run.pk], noise.get(run.pk, {})
        )
        states[run.question_id] = State(report.verdict, report.order.needs, run)
    return states


def _newest_finished_runs(question_ids: Sequence[UUID]) -> list[Run]:
    return list(
        Run.objects.filter(question__in=question_ids, status__in=FINISHED)
        .order_by("question_id", "-created_at", "-pk")
        .distinct("question_id")
    )


def _verdicts(runs: list[Run]) -> defaultdict[UUID, dict[Any, AnswerVerdicts]]:
    rows = (
        Grade.objects.filter(run__in=runs)
        .order_by()
        .values_list("run_id", "run_answer__answer_id", "criterion_key", "status", "value")
    )
    cells: defaultdict[tuple[UUID, UUID, str], list[CellVerdict]] = defaultdict(list)
    for run_id, answer_id, key, status, value in rows:
        cells[run_id, answer_id, key].append((status, value))
    verdicts: defaultdict[UUID, dict[Any, AnswerVerdicts]] = defaultdict(dict)
    for (run_id, answer_id, key), given in cells.items():
        verdict = verdict_of_repeats(given)
        if verdict is not None:
            verdicts[run_id].setdefault(answer_id, {})[key] = verdict
    return verdicts
