"""What the newest finished run says of a draft that is about to be published."""

from dataclasses import dataclass

from rubric_studio.engine.document.comparing import Comparison, compare
from rubric_studio.engine.document.types import Document
from rubric_studio.grading.models import Run
from rubric_studio.grading.runs.starting import document_of
from rubric_studio.rubrics.models import Question
from rubric_studio.steering.assessment import Verdict
from rubric_studio.steering.leads import headline, lead
from rubric_studio.steering.report import report_of
from rubric_studio.steering.sentences import counted


@dataclass(frozen=True, slots=True)
class TestedDraft:
    """The report on `run` in words; `since` says what of the draft it did not try, "" when it
    tried all of it."""

    run: Run
    verdict: Verdict
    headline: str
    lead: str
    since: str


def tested_draft(question: Question, draft: Document) -> TestedDraft | None:
    """None while no run is finished."""
    runs = Run.objects.whole().filter(question=question, status__in=Run.FINISHED)
    run = runs.select_related("judge").first()
    if run is None:
        return None
    report = report_of(run)
    since = _since(run, compare(document_of(run), draft))
    return TestedDraft(run, report.verdict, headline(report), lead(report, "run"), since)


def _since(run: Run, comparison: Comparison) -> str:
    if comparison.bump in (None, "patch"):
        return ""
    if comparison.bump == "minor":
        return (
            f"Points, gates or sections have changed since run {run.ordinal}: its verdicts still"
            " count, its scores don’t. A new run needs no call for them."
        )
    verdicts = [it for it in comparison.changes if it.consequence == "verdicts"]
    criteria = {it.criterion for it in verdicts}
    if None in criteria:
        return f"The question reads otherwise than in run {run.ordinal}; none of this is tried."
    changed = counted(len(criteria), "criterion has", "criteria have")
    return f"{changed} changed since run {run.ordinal}, so it did not try this draft as it is."
