"""Scores of a run's answers, from the judge's verdicts or from experts' labels."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from rubric_studio.accounts.models import User
from rubric_studio.engine.document.scoring import (
    NOT_APPLICABLE,
    Score,
    Scorer,
    ScoreUndefined,
    Verdict,
    exact,
)
from rubric_studio.engine.document.types import Document
from rubric_studio.grading.answers.editing import answer_hash, content_of
from rubric_studio.grading.labelling.holding import adjudications_of, holding
from rubric_studio.grading.labels import Consensus, Rater, consensus, labels_of
from rubric_studio.grading.models import Grade, Run, RunAnswer, SampleAnswer, Status
from rubric_studio.grading.runs.starting import document_of

LabelsFrom = Literal["labels", "adjudicated"] | User | Rater
VerdictsFrom = Literal["run"] | LabelsFrom
AnswerVerdicts = dict[str, Verdict]  # by criterion key; absent: no verdict
CellVerdict = tuple[str, float | None]  # status, value


@dataclass(frozen=True, slots=True)
class AnswerScore:
    """`score` is None where nothing can be scored: no criterion with positive points applies."""

    answer: SampleAnswer
    score: Score | None


def scores_of(run: Run, *, verdicts_from: VerdictsFrom = "run") -> tuple[AnswerScore, ...]:
    """The run's answers in order, each with its score under the run's own document.

    `verdicts_from`: the run's own grades, what all current labels say together, what was settled
    and else what experts agree on, or one person's labels.
    """
    document = document_of(run)
    run_answers = list(run.run_answers.select_related("answer"))
    if verdicts_from == "run":
        verdicts = verdicts_of(run)
    else:
        verdicts = label_verdicts(run, document, run_answers, verdicts_from)
    return score_answers(document, [it.answer for it in run_answers], verdicts)


def score_answers(
    document: Document,
    answers: Iterable[SampleAnswer],
    verdicts: dict[Any, AnswerVerdicts],
) -> tuple[AnswerScore, ...]:
    """Each answer with its score; `verdicts` by the answers' ids."""
    scorer = Scorer(document)
    return tuple(AnswerScore(it, _score(scorer, verdicts.get(it.pk, {}))) for it in answers)


def verdicts_of(run: Run) -> dict[Any, AnswerVerdicts]:
    """The run's verdicts by answer and criterion. Of repeats the mean, once all have a verdict."""
    rows = Grade.objects.filter(run=run).values_list(
        "run_answer__answer_id", "criterion_key", "status", "value"
    )
    cells: dict[tuple[Any, str], list[CellVerdict]] = {}
    for answer_id, key, status, value in rows:
        cells.setdefault((answer_id, key), []).append((status, value))
    return _by_answer({cell: verdict_of_repeats(given) for cell, given in cells.items()})


def verdict_of_repeats(repeats: Iterable[CellVerdict]) -> Verdict | None:
    """One verdict of all repeats of a cell; None while one of them has none.

    Not applicable needs more than half of them.
    """
    statuses, values = [], []
    for status, value in repeats:
        statuses.append(status)
        if value is not None:
            values.append(exact(value))
    if any(status not in (Status.GRADED, Status.NOT_APPLICABLE) for status in statuses):
        return None
    if 2 * len(values) < len(statuses) or not values:
        return NOT_APPLICABLE
    return sum(values, Fraction(0)) / len(values)


def label_verdicts(
    run: Run, document: Document, run_answers: Iterable[RunAnswer], by: LabelsFrom
) -> dict[Any, AnswerVerdicts]:
    """What labels that are not stale say of the run's cells: everybody's, what holds after
    adjudication, or one person's own. What programs decide they decide here too, as in a run by
    labels; a `User` in place of a Rater has their own labels alone."""
    hashes = {it.answer_id: answer_hash(content_of(it)) for it in run_answers}
    labels = labels_of(run.question)
    if by == "adjudicated":
        settled = adjudications_of(run.question)
        said = holding(document, labels, settled, hashes)
    elif isinstance(by, User):
        own = labels.filter(author=by, imported_from="")
        return _by_answer(_verdicts(consensus(document, own, hashes)))
    elif isinstance(by, Rater):
        said = consensus(
            document, labels.filter(author=by.author_id, imported_from=by.imported_from), hashes
        )
    else:
        said = consensus(document, labels, hashes)
    return _by_answer(_verdicts(said) | _checked(run, hashes))


def _verdicts(said: Mapping[tuple[Any, str], Consensus]) -> dict[tuple[Any, str], Verdict | None]:
    return {cell: _verdict(it) for cell, it in said.items()}


def _checked(run: Run, answers: Container[Any]) -> dict[tuple[Any, str], Verdict | None]:
    rows = Grade.objects.filter(run=run, is_check=True).values_list(
        "run_answer__answer_id", "criterion_key", "value"
    )
    return {(pk, key): value for pk, key, value in rows if pk in answers}


def _verdict(said: Consensus) -> Verdict | None:
    if said.status == Status.NOT_APPLICABLE:
        return NOT_APPLICABLE
    return said.value


def _by_answer(cells: dict[tuple[Any, str], Verdict | None]) -> dict[Any, AnswerVerdicts]:
    verdicts: dict[Any, AnswerVerdicts] = {}
    for (answer_id, key), verdict in cells.items():
        if verdict is not None:
            verdicts.setdefault(answer_id, {})[key] = verdict
    return verdicts


def _score(scorer: Scorer, verdicts: AnswerVerdicts) -> Score | None:
    try:
        return scorer.score(verdicts)
    except ScoreUndefined:
        return None
