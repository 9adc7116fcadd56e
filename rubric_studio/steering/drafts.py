"""What the newest finished run says of a draft that is about to be published."""

from dataclasses import dataclass

from rubric_studio.engine.document.comparing import Comparison, compare
from rubric_studio.engine.document.types import Document
from rubric_studio.grading.models import Run
from rubric_studio.grading.runs.starting import document_of
from rubric_studio.rubrics.models import Question
from rubric_studio.steering.assessment import Gate, Report, sign_off
from rubric_studio.steering.leads import headline, lead
from rubric_studio.steering.reading import read_report
from rubric_studio.steering.sentences import counted


@dataclass(frozen=True, slots=True)
class TestedDraft:
    """The report on `run`, None while the first one is being measured; where it is not
    `is_current` a newer one is. `is_asked`: False while no worker can be asked for it. `since` says
    what of the draft the run did not try, "" when it tried all of it."""

    run: Run
    report: Report | None
    is_current: bool
    is_asked: bool
    since: str

    @property
    def headline(self) -> str:
        return headline(self.report) if self.report else ""

    @property
    def lead(self) -> str:
        return lead(self.report, "run") if self.report else ""

    @property
    def gates(self) -> tuple[Gate, ...]:
        return sign_off(self.report)

    @property
    def may_count(self) -> bool:
        """Whether the run may sign this draft off: it tried it as it is, and its judge was not the
        demo judge, whose verdicts are near chance."""
        return not self.since and not (self.run.judge is not None and self.run.judge.is_demo)

    @property
    def counts(self) -> bool:
        """Whether it does: no other report on it is under way."""
        return self.may_count and self.is_current

    @property
    def under_way(self) -> str:
        """What there is to wait for, as a sentence; "" when nothing is."""
        if self.is_current:
            return ""
        if not self.is_asked:
            return (
                f"The report on run {self.run.ordinal} can’t be measured now: the queue to the"
                " workers can’t be reached."
            )
        if self.report is None:
            return f"A worker is measuring the report on run {self.run.ordinal}."
        return (
            f"Something that the report on run {self.run.ordinal} rests on has changed; a worker"
            " is bringing it up to date."
        )

    @property
    def open_gates(self) -> tuple[Gate, ...]:
        """What keeps this draft from being signed off; all gates where the run does not count."""
        return tuple(it for it in self.gates if not (self.counts and it.passes))


def tested_draft(question: Question, draft: Document) -> TestedDraft | None:
    """None while no run is finished."""
    run = newest_finished_run(question)
    if run is None:
        return None
    reading = read_report(run)
    since = _since(run, compare(document_of(run), draft))
    return TestedDraft(run, reading.report, reading.is_current, reading.is_asked, since)


def newest_finished_run(question: Question) -> Run | None:
    runs = Run.objects.whole().filter(question=question, status__in=Run.FINISHED)
    return runs.select_related("judge").first()


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
