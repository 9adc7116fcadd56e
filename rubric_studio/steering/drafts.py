"""What the newest finished run says of a draft that is about to be published."""

from dataclasses import dataclass

from rubric_studio.engine.document.comparing import Comparison, compare
from rubric_studio.engine.document.types import Document
from rubric_studio.grading.models import Run
from rubric_studio.grading.runs.starting import document_of
from rubric_studio.rubrics.models import Question
from rubric_studio.steering.assessment import Gate, Verdict, sign_off
from rubric_studio.steering.leads import headline, lead
from rubric_studio.steering.sentences import counted
from rubric_studio.steering.storing import stored_report


@dataclass(frozen=True, slots=True)
class TestedDraft:
    """The report on `run` in words; `since` says what of the draft it did not try, "" when it
    tried all of it."""

    run: Run
    verdict: Verdict
    headline: str
    lead: str
    since: str
    gates: tuple[Gate, ...]

    @property
    def counts(self) -> bool:
        """Whether the run may sign this draft off: it tried it as it is, and its judge was not the
        demo judge, whose verdicts are near chance."""
        return not self.since and not (self.run.judge is not None and self.run.judge.is_demo)

    @property
    def open_gates(self) -> tuple[Gate, ...]:
        """What keeps this draft from being signed off; all gates where the run does not count."""
        return tuple(it for it in self.gates if not (self.counts and it.passes))


def tested_draft(question: Question, draft: Document) -> TestedDraft | None:
    """None while no run is finished."""
    runs = Run.objects.whole().filter(question=question, status__in=Run.FINISHED)
    run = runs.select_related("judge").first()
    if run is None:
        return None
    report = stored_report(run)
    since = _since(run, compare(document_of(run), draft))
    words = headline(report), lead(report, "run"), since
    return TestedDraft(run, report.verdict, *words, sign_off(report))


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
