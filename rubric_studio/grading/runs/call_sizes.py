"""What it changes to ask several criteria in one call, measured on runs that did and did not."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, Sum

from rubric_studio.engine.measuring.intervals import Proportion
from rubric_studio.grading.labels import grading_hashes
from rubric_studio.grading.models import Call, Grade, Judge, Run
from rubric_studio.grading.runs.pinning import document_of
from rubric_studio.rubrics.models import Question

# Cells that both runs have a judge's verdict on, of the same words about the same text.
COMPARE = """
SELECT count(*), count(*) FILTER (
    WHERE one.status <> other.status OR one.value IS DISTINCT FROM other.value)
FROM grading_grade one
JOIN grading_runanswer a ON a.id = one.run_answer_id
JOIN grading_runanswer b ON b.run_id = %s AND b.answer_id = a.answer_id
    AND b.text IS NOT DISTINCT FROM a.text AND b.messages IS NOT DISTINCT FROM a.messages
JOIN grading_grade other ON other.run_answer_id = b.id
    AND other.criterion_key = one.criterion_key AND other.repeat = one.repeat
WHERE one.run_id = %s AND one.criterion_key = ANY(%s) AND NOT one.is_check
  AND one.status IN ('graded', 'not_applicable') AND other.status IN ('graded', 'not_applicable')
"""


@dataclass(frozen=True)
class Side:
    """A run, and the calls that its verdicts rest on, whenever they were made; of repeats as many
    as both runs have."""

    run: Run
    calls: int
    cost: Decimal


@dataclass(frozen=True)
class Difference:
    """Two runs of one judge that put different numbers of criteria into a call, the smaller number
    first; in how many of the cells that both judged the verdicts differ."""

    fewer: Side
    more: Side
    differing: Proportion


@dataclass(frozen=True)
class Comparable:
    """The runs of a question by one judge under one prompt: their calls may hold different
    numbers of criteria, their verdicts are about the same."""

    question: Question
    judge: Judge

    @cached_property
    def runs(self) -> list[Run]:
        rows = Run.objects.filter(question=self.question, judge=self.judge, status__in=Run.FINISHED)
        return list(rows.defer("document")[:50])

    def newest_of_other_size(self, criteria_per_call: int) -> Run | None:
        """The newest run when its calls are of another size: its scores and those of a run with
        this many criteria in a call are not to be compared."""
        newest = next((it for it in self.runs if it.panel_id is None), None)
        differs = newest is not None and newest.criteria_per_call != criteria_per_call
        return newest if differs else None

    def newest_difference(self) -> Difference | None:
        """Between the newest run and the newest before it with calls of another size."""
        return self.difference_of(self.runs[0]) if self.runs else None

    def difference_of(self, run: Run) -> Difference | None:
        """None where no other run of this judge differs in the size of its calls alone."""
        for other in self.runs:
            if other.pk == run.pk or other.criteria_per_call == run.criteria_per_call:
                continue
            if other.prompt_version == run.prompt_version:
                found = _between(run, other)
                if found.differing.n:
                    return found
        return None


def _between(run: Run, other: Run) -> Difference:
    fewer, more = sorted([run, other], key=lambda it: it.criteria_per_call)
    hashes, others = grading_hashes(document_of(fewer)), grading_hashes(document_of(more))
    same = [key for key, words in hashes.items() if others.get(key) == words]
    with connection.cursor() as cursor:
        cursor.execute(COMPARE, [more.pk, fewer.pk, same])
        n, differing = cursor.fetchone()
    repeats = min(run.repeats, other.repeats)
    return Difference(_side(fewer, repeats), _side(more, repeats), Proportion(differing, n))


def _side(run: Run, repeats: int) -> Side:
    theirs = Grade.objects.filter(
        Q(run=run) | Q(run__panel=run), call=OuterRef("pk"), is_check=False
    )
    calls = Call.objects.filter(Exists(theirs), repeat__lt=repeats)
    used = calls.aggregate(calls=Count("pk"), cost=Sum("cost"))
    return Side(run, used["calls"], used["cost"] or Decimal(0))
