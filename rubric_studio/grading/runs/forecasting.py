"""What a run would be, said before it starts; and kept with it, to be held against what it was."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Q

from rubric_studio.engine.document.types import Document
from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.grading.answers.editing import content_of
from rubric_studio.grading.judges.endpoints import identity_of
from rubric_studio.grading.judges.panels import judges_of
from rubric_studio.grading.judges.prompt_rules import wording_of
from rubric_studio.grading.models import Grade, Judge, Run, SampleAnswer, Status
from rubric_studio.grading.runs.cells import calls_of, planned_cells, planned_checks
from rubric_studio.grading.runs.estimating import (
    Estimate,
    answer_bytes,
    estimate,
    together,
    waiting_of,
)
from rubric_studio.grading.runs.pinning import chosen_answers, pinned_document, refuse_bounds
from rubric_studio.grading.runs.reusing import known_grades
from rubric_studio.rubrics.models import Question, Version


@dataclass(frozen=True, slots=True)
class Forecast:
    """A run's cells: those that need no call because they are `known`, those that programs decide
    (`checks`), and the rest. `estimate` is what the calls for the rest will use, None unless it
    was asked for."""

    cells: int
    known: int
    checks: int = 0
    estimate: Estimate | None = None

    @property
    def to_judge(self) -> int:
        return self.cells - self.known - self.checks


@dataclass(slots=True)
class _Plan:
    """One judge's part: which cells it knows, and the calls that it would make."""

    known: list[bool] = field(default_factory=list)
    waiting: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))


def forecast(
    question: Question,
    *,
    judge: Judge | None,
    version: Version | None,
    answers: list[SampleAnswer] | None = None,
    repeats: int = 1,
    criteria_per_call: int = 1,
    with_estimate: bool = False,
) -> Forecast:
    """What `start_run` would have to judge. Raises RunRefused for what it would refuse.

    Of a panel a cell is known when each of its judges knows it.
    """
    document = pinned_document(question, version)
    contents = [content_of(it) for it in chosen_answers(question, answers)]
    judges = [] if judge is None else judges_of(judge)
    refuse_bounds(document, len(contents), repeats, criteria_per_call, len(judges) or 1)
    checks = [cell for own in planned_checks(document, contents) for cell in own]
    known = known_grades(question.collection.team, [it.fingerprint for it in checks])
    known_checks = sum(it.fingerprint in known for it in checks)
    undecided = len(checks) - known_checks
    judged = len(contents) * sum(it.check is None for it in document.criteria)
    if judge is None:
        return Forecast(judged + len(checks), judged + known_checks, undecided)
    plans = [_plan(question, document, contents, it, repeats, criteria_per_call) for it in judges]
    known_to_all = sum(map(all, zip(*(it.known for it in plans), strict=True)))
    expected = None
    if with_estimate:
        expected = together(
            [
                estimate(it, document, criteria_per_call, plan.waiting)
                for it, plan in zip(judges, plans, strict=True)
            ]
        )
    cells = judged * repeats + len(checks)
    return Forecast(cells, known_to_all + known_checks, undecided, expected)


def keep_estimate(run: Run, parts: Sequence[Run], document: Document) -> None:
    """Write what is expected of a run that is about to start into its row; `parts` are those of a
    panel's judges, none for any other run."""
    if run.judge is None:
        return
    expected = []
    for it in parts or [run]:
        assert it.judge is not None
        waiting = waiting_of(it, document, list(it.run_answers.all()))
        expected.append(estimate(it.judge, document, it.criteria_per_call, waiting))
        if it.panel_id:
            _keep(it, expected[-1])
    _keep(run, together(expected))


def _keep(run: Run, expected: Estimate) -> None:
    checks = Q(is_check=True, status=Status.PENDING)
    counts = Grade.objects.filter(run=run).aggregate(
        cells=Count("pk"),
        known=Count("pk", filter=Q(reused=True)),
        checks=Count("pk", filter=checks),
    )
    run.estimate = {**counts, **expected.as_json()}
    run.save(update_fields=["estimate"])


def _plan(
    question: Question,
    document: Document,
    contents: Sequence[AnswerContent],
    judge: Judge,
    repeats: int,
    criteria_per_call: int,
) -> _Plan:
    identity = identity_of(judge)
    wording = wording_of(question.collection.team)
    planned = [
        [cell for cell in own if not cell.is_check]
        for own in planned_cells(
            document, contents, identity, repeats, criteria_per_call, wording.version
        )
    ]
    fingerprints = [cell.fingerprint for own in planned for cell in own]
    known = known_grades(question.collection.team, fingerprints)
    number_of = {
        criterion.key: number
        for number, batch in enumerate(calls_of(document, criteria_per_call))
        for criterion in batch
    }
    plan = _Plan()
    for content, own in zip(contents, planned, strict=True):
        plan.known += [cell.fingerprint in known for cell in own]
        asked = {
            (number_of[cell.criterion_key], cell.repeat)
            for cell in own
            if cell.fingerprint not in known
        }
        if asked:
            size = answer_bytes(content)
            for number, _ in asked:
                plan.waiting[number].append(size)
    return plan
