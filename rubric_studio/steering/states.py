"""One word per question on whether its rubric steers, for lists of questions."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any
from uuid import UUID

from rubric_studio.grading.models import Grade, Run, SampleAnswer
from rubric_studio.grading.runs.starting import document_of
from rubric_studio.grading.scores import AnswerVerdicts, CellVerdict, verdict_of_repeats
from rubric_studio.rubrics.models import Question
from rubric_studio.steering.assessment import Verdict
from rubric_studio.steering.models import StoredReport
from rubric_studio.steering.report import Report, report_from
from rubric_studio.steering.samples import answers_of, noise_of

WORDS: dict[Verdict, str] = {
    "not_tested": "Not tested",
    "too_little_data": "Too little data",
    "steers": "Steers",
    "steers_with_warnings": "Steers, warnings",
    "does_not_steer": "Does not steer",
}


@dataclass(frozen=True, slots=True)
class WorstSwap:
    """The pair of answers that stands most against the author's order, by their tiers."""

    worse_tier: int | None
    better_tier: int | None
    sentence: str


@dataclass(frozen=True, slots=True)
class State:
    """The verdict of a question's newest finished run; `run` is None when there is none."""

    verdict: Verdict
    needs: int = 0
    run: Run | None = None
    swap: WorstSwap | None = None

    @property
    def words(self) -> str:
        if self.verdict == "too_little_data":
            return f"Too little data, add {self.needs}"
        return WORDS[self.verdict]

    @property
    def is_demo(self) -> bool:
        """Whether the demo judge gave the verdicts, which are near chance."""
        return self.run is not None and self.run.judge is not None and self.run.judge.is_demo


NOT_TESTED = State("not_tested")

# What a finished run says of its answers hangs on these alone, so it is worked out once in each
# process. Not in the cache: lists must open while the cache is away.
_Key = tuple[UUID, datetime | None, tuple[object, ...]]
_Said = tuple[Verdict, int, WorstSwap | None]
_known: OrderedDict[_Key, _Said] = OrderedDict()
_lock = Lock()
MOST_KNOWN = 4096


def states_of(questions: Iterable[Question]) -> dict[UUID, State]:
    """The state of each question, by its id: in three queries for runs that were seen before, in
    six at most for the others, whatever their number.

    Order, tiers and bands are as they stand now. What warns of the other figures is taken from the
    report as it was last measured, since these take too long for a list.
    """
    ids = [question.pk for question in questions]
    runs = _newest_finished_runs(ids)
    answers = answers_of(runs)
    keys = {run.pk: _key(run, answers[run.pk]) for run in runs}
    with _lock:
        found = {pk: _known[key] for pk, key in keys.items() if key in _known}
    fresh = [run.pk for run in runs if run.pk not in found]
    if fresh:
        worked_out = _work_out(fresh, answers)
        found |= worked_out
        with _lock:
            _known.update((keys[pk], said) for pk, said in worked_out.items())
            while len(_known) > MOST_KNOWN:
                _known.popitem(last=False)
    states = dict.fromkeys(ids, NOT_TESTED)
    warned = _warned(runs)
    for run in runs:
        verdict, needs, swap = found[run.pk]
        if verdict == "steers" and run.pk in warned:
            verdict = "steers_with_warnings"
        states[run.question_id] = State(verdict, needs, run, swap)
    return states


def _work_out(run_ids: list[UUID], answers: Mapping[UUID, list[SampleAnswer]]) -> dict[UUID, _Said]:
    runs = list(Run.objects.filter(pk__in=run_ids))
    documents = {run.pk: document_of(run) for run in runs}
    verdicts, noise = _verdicts(runs), noise_of(runs, documents)
    said: dict[UUID, _Said] = {}
    for run in runs:
        report = report_from(
            run, documents[run.pk], answers[run.pk], verdicts[run.pk], noise.get(run.pk, {})
        )
        said[run.pk] = report.verdict, report.order.measured.needs, _worst_swap(report)
    return said


def _worst_swap(report: Report) -> WorstSwap | None:
    """None also while there are too few answers to speak of an order."""
    order = report.order
    if order.measured.needs or not order.swaps:
        return None
    worst = order.swaps[0]
    return WorstSwap(worst.worse.tier, worst.better.tier, order.findings[0].sentence)


def _warned(runs: Iterable[Run]) -> set[UUID]:
    """The runs whose reports had warnings when they were last measured."""
    kept = StoredReport.objects.filter(
        run__in=[run.pk for run in runs], verdicts_from="run", verdict="steers_with_warnings"
    )
    return set(kept.values_list("run_id", flat=True))


def _key(run: Run, answers: Iterable[SampleAnswer]) -> _Key:
    stated = tuple((it.pk, it.tier, it.band, it.anchor, it.is_held_out) for it in answers)
    return run.pk, run.finished_at, stated


def _newest_finished_runs(question_ids: Sequence[UUID]) -> list[Run]:
    return list(
        Run.objects.whole()
        .filter(question__in=question_ids, status__in=Run.FINISHED)
        .select_related("judge")
        .defer("document")
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
