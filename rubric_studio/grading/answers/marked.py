"""The sample answers beside a rubric, with what was quoted from them for the criterion in hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from rubric_studio.engine.document.types import Criterion
from rubric_studio.grading.answers.editing import content_of
from rubric_studio.grading.answers.passages import Span
from rubric_studio.grading.answers.readable import Readable
from rubric_studio.grading.models import Grade, Run, SampleAnswer
from rubric_studio.grading.page.faces import cell_mark
from rubric_studio.grading.tryout.tried import Tried
from rubric_studio.rubrics.models import Question

MOST_SHOWN = 8


@dataclass(frozen=True)
class Marked:
    """`run` is where the quotes are from; None where nothing is marked. `verdict` is what it says
    of the criterion here: "met", "not met"."""

    answer: SampleAnswer
    readable: Readable
    run: Run | None
    verdict: str


def marked_answers(question: Question, criterion: Criterion | None, tried: Tried) -> list[Marked]:
    """The first answers, probes only where they are pinned; marked where the newest finished run
    judged this very wording of the criterion on this very text. Two queries more with a criterion
    than without."""
    quoted = _quoted(tried, criterion) if criterion else {}
    found, number = [], 1
    for answer in question.answers.live().shown_where_written().without_loose_probes()[:MOST_SHOWN]:
        spans, verdict = quoted.get(answer.pk, ((), ""))
        run = tried.run if spans else None
        readable = Readable(content_of(answer), spans, number)
        found.append(Marked(answer, readable, run, verdict))
        number += len(spans)
    return found


def _quoted(tried: Tried, criterion: Criterion) -> Mapping[UUID, tuple[Sequence[Span], str]]:
    """Per answer what its first repeat quotes, and the verdict of all of them."""
    if tried.run is None or tried.is_reworded(criterion):
        return {}
    same = {it.run_answer: it.answer.pk for it in tried.answers if not it.is_edited}
    grades = Grade.objects.filter(
        run=tried.run, criterion_key=criterion.key, run_answer__in=same
    ).order_by("run_answer", "repeat")
    found: dict[UUID, tuple[Sequence[Span], str]] = {}
    for pk, repeats in groupby(grades, key=lambda it: it.run_answer_id):
        first, *more = repeats
        spans = [(it["start"], it["end"]) for it in first.quotes if it["found"]]
        cells = tuple((it.status, it.value) for it in (first, *more))
        words = cell_mark(cells, criterion, is_held=False).words
        found[same[pk]] = spans, words.partition(",")[0].partition(":")[0]
    return found
