"""What it takes to bring grades and labels up to date with a document."""

from dataclasses import dataclass

from rubric_studio.engine.document.types import Document
from rubric_studio.grading.answers.editing import answer_hash, content_of
from rubric_studio.grading.labels import grading_hashes, labels_of
from rubric_studio.grading.models import Run, SampleAnswer
from rubric_studio.grading.runs.starting import Forecast, RunRefused, forecast
from rubric_studio.rubrics.models import Question, Version


@dataclass(frozen=True)
class Outdated:
    """`run` is the newest one by a judge that is still there, None without one; `cells` are what
    the same run would be now, None where it would be refused: then `refusal` says why.

    `stale` of the `labels` on the document's criteria were given under other words.
    """

    run: Run | None
    cells: Forecast | None
    refusal: str
    labels: int
    stale: int

    @property
    def is_up_to_date(self) -> bool:
        return not self.stale and not (self.cells and self.cells.to_judge)


def outdated(question: Question, document: Document, version: Version | None) -> Outdated:
    """What of the question's grades and labels does not hold for `document`, which is that of the
    version (None: the draft). Eight queries at most."""
    runs = Run.objects.whole().filter(question=question, source=Run.Source.JUDGE)
    run = runs.filter(judge__deleted_at=None).select_related("judge").defer("document").first()
    cells, refusal = _forecast(question, run, version)
    labels, stale = _labels(question, document)
    return Outdated(run, cells, refusal, labels, stale)


def _forecast(
    question: Question, run: Run | None, version: Version | None
) -> tuple[Forecast | None, str]:
    if run is None:
        return None, ""
    try:
        ahead = forecast(
            question,
            judge=run.judge,
            version=version,
            repeats=run.repeats,
            criteria_per_call=run.criteria_per_call,
        )
    except RunRefused as refusal:
        return None, refusal.message
    return ahead, ""


def _labels(question: Question, document: Document) -> tuple[int, int]:
    """How many labels there are on the document's criteria, and how many of them are stale."""
    hashes = grading_hashes(document)
    labels = [it for it in labels_of(question) if it.criterion_key in hashes]
    answers = SampleAnswer.objects.filter(pk__in={it.answer_id for it in labels})
    texts = {it.pk: answer_hash(content_of(it)) for it in answers} if labels else {}
    stale = sum(it.is_stale(hashes[it.criterion_key], texts[it.answer_id]) for it in labels)
    return len(labels), stale
