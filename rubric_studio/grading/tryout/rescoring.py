"""Scores of a run's answers under another document, from verdicts that still count: no call."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from rubric_studio.engine.document.scoring import Score, Scorer
from rubric_studio.engine.document.types import Document
from rubric_studio.grading.labels import grading_hashes, level_values
from rubric_studio.grading.models import Grade, Run, RunAnswer, SampleAnswer
from rubric_studio.grading.page.table import score_or_none, tier_order
from rubric_studio.grading.runs.pinning import document_of
from rubric_studio.grading.scores import AnswerVerdicts, CellVerdict, verdict_of_repeats
from rubric_studio.rubrics.draft import draft_document


@dataclass(frozen=True)
class Rescored:
    """An answer's score as the run gave it, and under the other document. None: nothing can be
    scored; a score without a value lies between its ends until the rest is judged."""

    answer: SampleAnswer
    before: Score | None
    after: Score | None

    @property
    def has_moved(self) -> bool:
        """By what is seen: two digits."""
        return _seen(self.before) != _seen(self.after)


@dataclass(frozen=True)
class Rescoring:
    """`untried`: criteria of the other document whose wording the run did not judge."""

    run: Run
    untried: int
    lines: Sequence[Rescored]

    @property
    def has_moved(self) -> bool:
        return any(it.has_moved for it in self.lines)


def rescored(run: Run, document: Document, answers: Iterable[RunAnswer]) -> Rescoring:
    """These answers of the run, in order, under its own document and under this one; one query
    besides the run's document. Verdicts count where the wording is the same."""
    former = document_of(run)
    hashes, old_hashes = grading_hashes(document), grading_hashes(former)
    same = {key for key, it in hashes.items() if old_hashes.get(key) == it}
    rows = list(answers)
    repeats = _repeats(rows)
    before, after = Scorer(former), Scorer(document)
    values = level_values(document)
    lines = [
        Rescored(
            it.answer,
            score_or_none(before, _verdicts(repeats[it.pk], set(old_hashes), {})),
            score_or_none(after, _verdicts(repeats[it.pk], same, values)),
        )
        for it in rows
    ]
    return Rescoring(run, len(hashes) - len(same), lines)


def rescored_by_draft(run: Run, hidden: Collection[UUID] = ()) -> Rescoring | None:
    """All answers of the run that are not `hidden`, strong ones first, under the question's draft
    as it is now; None where no score moves, or where the draft asks what the run did not."""
    draft = draft_document(run.question)
    if set(grading_hashes(draft).items()) - set(grading_hashes(document_of(run)).items()):
        return None
    rows = run.run_answers.filter(answer__deleted_at=None).exclude(answer__in=hidden)
    light = rows.select_related("answer").defer(
        "text", "messages", "answer__text", "answer__messages"
    )
    found = rescored(run, draft, sorted(light, key=lambda it: tier_order(it.answer)))
    return found if found.has_moved else None


_Repeats = dict[str, list[tuple[str, float | None, str]]]  # by criterion's key: with the level


def _repeats(rows: Sequence[RunAnswer]) -> dict[int, _Repeats]:
    found: defaultdict[int, _Repeats] = defaultdict(lambda: defaultdict(list))
    grades = Grade.objects.filter(run_answer__in=[it.pk for it in rows]).order_by("pk")
    for pk, key, status, value, level in grades.values_list(
        "run_answer_id", "criterion_key", "status", "value", "level"
    ):
        found[pk][key].append((status, value, level))
    return found


def _verdicts(
    repeats: _Repeats, keys: set[str], values: dict[tuple[str, str], float]
) -> AnswerVerdicts:
    """`values`: the levels were chosen, and may be worth something else in this document."""
    verdicts: AnswerVerdicts = {}
    for key in keys & repeats.keys():
        cells: list[CellVerdict] = [
            (status, values.get((key, level), value) if level else value)
            for status, value, level in repeats[key]
        ]
        verdict = verdict_of_repeats(cells)
        if verdict is not None:
            verdicts[key] = verdict
    return verdicts


def _seen(score: Score | None) -> tuple[str, str] | None:
    return None if score is None else (f"{score.low_float:.2f}", f"{score.high_float:.2f}")
