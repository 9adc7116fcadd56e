"""Reads experts' labels and judges' verdicts of a collection, in a number of queries that does not
grow with it."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef

from rubric_studio.engine.document.canonical import grading_hash
from rubric_studio.engine.document.types import Document
from rubric_studio.engine.measuring.items import MET
from rubric_studio.grading.answers.editing import answer_hash, content_of
from rubric_studio.grading.labels import level_values
from rubric_studio.grading.models import Grade, Judge, Label, Run, RunAnswer, SampleAnswer
from rubric_studio.grading.runs.pinning import document_of
from rubric_studio.grading.scores import CellVerdict, verdict_of_repeats
from rubric_studio.rubrics.models import Collection, Question
from rubric_studio.steering.figures.agreement_rows import is_met


class Cell(NamedTuple):
    """What was judged: this answer by this criterion, both as they read then. Verdicts on another
    wording are verdicts on another cell, so nothing stale is ever compared."""

    answer: UUID
    criterion: str
    grading_hash: str
    answer_hash: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A criterion of a question in the newest run that knows it."""

    question: UUID
    key: str
    number: int
    text: str
    points: float


@dataclass(frozen=True, slots=True)
class JudgeCells:
    """The verdicts of one judge's newest finished run of each question; `runs` by question.
    `cost` was paid for `paid` verdicts of these runs."""

    judge: Judge
    met: Mapping[Cell, bool]
    runs: Mapping[UUID, UUID]
    cost: Decimal
    paid: int


@dataclass(frozen=True, slots=True)
class CollectionCells:
    """`experts` hold values in [0, 1] by rater and cell, `names` the raters' names. `labels` are
    all current ones, also those that say neither met nor unmet."""

    questions: Mapping[UUID, Question]
    answers: Mapping[UUID, SampleAnswer]
    criteria: Mapping[tuple[UUID, str], Asked]
    experts: Mapping[str, Mapping[Cell, float]]
    names: Mapping[str, str]
    judges: tuple[JudgeCells, ...]
    labels: int

    @property
    def experts_met(self) -> dict[str, dict[Cell, bool]]:
        return {
            rater: {cell: value >= MET for cell, value in given.items()}
            for rater, given in self.experts.items()
        }


def collection_cells(collection: Collection, hidden: Container[UUID] = ()) -> CollectionCells:
    """Questions and answers in the trash are left out, and so are labels of answers that are
    `hidden`, and probes: they are made to fool. Eight queries at most."""
    questions = {it.pk: it for it in collection.questions.filter(deleted_at=None)}
    labels = [it for it in _labels(collection) if it.answer_id not in hidden]
    answers = _answers(collection) if labels else {}
    runs = _runs(collection) if labels else []
    documents = {run.pk: document_of(run) for run in runs}
    levels = _levels(runs, documents)
    experts: defaultdict[str, dict[Cell, float]] = defaultdict(dict)
    names: dict[str, str] = {}
    for label in labels:
        if label.value is None:
            continue
        rater = ":".join(map(str, label.rater_key))
        names[rater] = label.rater
        question = answers[label.answer_id].question_id
        cell = Cell(label.answer_id, label.criterion_key, label.grading_hash, label.answer_hash)
        known = levels.get(question, {})
        experts[rater][cell] = known.get((label.criterion_key, label.level), label.value)
    labelled = {(it.answer_id, it.criterion_key) for it in labels}
    return CollectionCells(
        questions=questions,
        answers=answers,
        criteria=_criteria(runs, documents),
        experts=dict(experts),
        names=names,
        judges=tuple(_judges(runs, documents, labelled)) if runs else (),
        labels=len(labels),
    )


def _labels(collection: Collection) -> Iterable[Label]:
    return (
        Label.objects.current()
        .filter(
            answer__question__collection=collection,
            answer__question__deleted_at=None,
            answer__deleted_at=None,
        )
        .exclude(answer__origin=SampleAnswer.Origin.PROBE)
        .select_related("author")
        .defer("note")
    )


def _answers(collection: Collection) -> dict[UUID, SampleAnswer]:
    rows = SampleAnswer.objects.live().filter(
        question__collection=collection, question__deleted_at=None
    )
    return {it.pk: it for it in rows.only("question", "ordinal", "name", "origin", "model")}


def _runs(collection: Collection) -> list[Run]:
    """The newest finished run of each question by each judge; the newest of all comes first."""
    newest = (
        Run.objects.whole()
        .filter(
            question__collection=collection,
            question__deleted_at=None,
            source=Run.Source.JUDGE,
            status__in=Run.FINISHED,
        )
        .order_by("question_id", "judge_id", "-ordinal")
        .distinct("question_id", "judge_id")
    )
    rows = Run.objects.filter(pk__in=newest.values("pk")).select_related("judge")
    return list(rows.order_by("-created_at", "-pk"))


def _levels(
    runs: Iterable[Run], documents: Mapping[UUID, Document]
) -> dict[UUID, dict[tuple[str, str], float]]:
    """By question, as in its newest run: a level was chosen, its value may have changed since."""
    levels: dict[UUID, dict[tuple[str, str], float]] = {}
    for run in runs:
        if run.question_id not in levels:
            levels[run.question_id] = level_values(documents[run.pk])
    return levels


def _criteria(
    runs: Iterable[Run], documents: Mapping[UUID, Document]
) -> dict[tuple[UUID, str], Asked]:
    criteria: dict[tuple[UUID, str], Asked] = {}
    for run in runs:
        for number, it in enumerate(documents[run.pk].criteria, start=1):
            asked = Asked(run.question_id, it.key, number, it.text, float(it.points))
            criteria.setdefault((run.question_id, it.key), asked)
    return criteria


def _judges(
    runs: list[Run], documents: Mapping[UUID, Document], labelled: set[tuple[UUID, str]]
) -> Iterable[JudgeCells]:
    verdicts, paid = _verdicts(runs, labelled), _paid(runs)
    texts = _texts(runs)
    by_judge: defaultdict[UUID, list[Run]] = defaultdict(list)
    for run in runs:
        assert run.judge is not None
        by_judge[run.judge.pk].append(run)
    for own in by_judge.values():
        met: dict[Cell, bool] = {}
        for run in own:
            hashes: dict[str, str] = {}
            for (answer, key), said in verdicts.get(run.pk, {}).items():
                if key not in hashes:
                    hashes[key] = grading_hash(documents[run.pk], key)
                met[Cell(answer, key, hashes[key], texts[run.pk, answer])] = said
        assert own[0].judge is not None
        yield JudgeCells(
            judge=own[0].judge,
            met=met,
            runs={run.question_id: run.pk for run in own},
            cost=sum((run.cost for run in own), Decimal(0)),
            paid=sum(paid.get(run.pk, 0) for run in own),
        )


def _verdicts(
    runs: list[Run], labelled: set[tuple[UUID, str]]
) -> dict[UUID, dict[tuple[UUID, str], bool]]:
    """By run: met or not of each labelled cell, of repeats together; programs' cells left out."""
    rows = (
        Grade.objects.filter(_is_labelled("run_answer__answer"), run__in=runs, is_check=False)
        .order_by()
        .values_list("run_id", "run_answer__answer_id", "criterion_key", "status", "value")
    )
    cells: defaultdict[tuple[UUID, UUID, str], list[CellVerdict]] = defaultdict(list)
    for run, answer, key, status, value in rows.iterator(chunk_size=5000):
        if (answer, key) in labelled:
            cells[run, answer, key].append((status, value))
    verdicts: defaultdict[UUID, dict[tuple[UUID, str], bool]] = defaultdict(dict)
    for (run, answer, key), repeats in cells.items():
        met = is_met(verdict_of_repeats(repeats))
        if met is not None:
            verdicts[run][answer, key] = met
    return verdicts


def _texts(runs: list[Run]) -> dict[tuple[UUID, UUID], str]:
    """The hash of what was judged, by run and answer."""
    rows = RunAnswer.objects.filter(_is_labelled("answer"), run__in=runs)
    return {
        (it.run_id, it.answer_id): answer_hash(content_of(it))
        for it in rows.only("run", "answer", "text", "messages").order_by()
    }


def _paid(runs: list[Run]) -> dict[UUID, int]:
    """How many verdicts each run asked its judge for: what was copied from before cost nothing."""
    asked = Grade.objects.filter(run__in=runs, is_check=False, reused=False, value__isnull=False)
    return dict(asked.order_by().values_list("run_id").annotate(Count("pk")))


def _is_labelled(answer: str) -> Exists:
    return Exists(Label.objects.current().filter(answer=OuterRef(answer)))
