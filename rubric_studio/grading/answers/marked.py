"""The sample answers beside a rubric, with what was quoted from them for the criterion in hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from rubric_studio.engine.document.types import Criterion
from rubric_studio.grading.answers.editing import content_of
from rubric_studio.grading.answers.passages import Span
from rubric_studio.grading.answers.readable import Readable
from rubric_studio.grading.models import Grade, Run, SampleAnswer
from rubric_studio.grading.tryout.tried import Tried
from rubric_studio.rubrics.models import Question

MOST_SHOWN = 8


@dataclass(frozen=True)
class Marked:
    """`run` is where the quotes are from; None where nothing is marked."""

    answer: SampleAnswer
    readable: Readable
    run: Run | None


def marked_answers(question: Question, criterion: Criterion | None, tried: Tried) -> list[Marked]:
    """The first answers; marked where the newest finished run judged this very wording of the
    criterion on this very text. Two queries more with a criterion than without."""
    spans = _spans(tried, criterion) if criterion else {}
    found, number = [], 1
    for answer in question.answers.live().shown_where_written()[:MOST_SHOWN]:
        own = spans.get(answer.pk, ())
        run = tried.run if own else None
        found.append(Marked(answer, Readable(content_of(answer), own, number), run))
        number += len(own)
    return found


def _spans(tried: Tried, criterion: Criterion) -> Mapping[UUID, Sequence[Span]]:
    if tried.run is None or tried.is_reworded(criterion):
        return {}
    same = {it.run_answer: it.answer.pk for it in tried.answers if not it.is_edited}
    grades = Grade.objects.filter(
        run=tried.run, criterion_key=criterion.key, repeat=0, run_answer__in=same
    )
    return {
        same[pk]: [(it["start"], it["end"]) for it in quotes if it["found"]]
        for pk, quotes in grades.values_list("run_answer_id", "quotes")
    }
