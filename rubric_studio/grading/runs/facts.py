"""What a run was, beside what was expected of it: its calls, its steadiness, its judges."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.db.models import Sum

from rubric_studio.engine.document.types import Document
from rubric_studio.engine.measuring.repeatability import Repeatability
from rubric_studio.grading.judges.panels import Concord, concord_of
from rubric_studio.grading.models import Grade, Run
from rubric_studio.grading.page.sheet import Sheet
from rubric_studio.grading.runs.call_sizes import Comparable, Difference
from rubric_studio.grading.runs.estimating import Estimate
from rubric_studio.grading.runs.repeats import repeatability, repeatability_by_criterion
from rubric_studio.grading.runs.spending import about, grouped, in_words, money
from rubric_studio.rubrics.outline import outline_of


@dataclass(frozen=True)
class Line:
    """A figure as it was expected and as it came; "" where nothing is known."""

    name: str
    expected: str
    actual: str


@dataclass(frozen=True)
class Flipping:
    """A criterion with a cell whose repeats differ."""

    key: str
    number: int
    text: str
    measured: Repeatability


@dataclass(frozen=True)
class Facts:
    """Everything about one run but its verdicts. Eight queries, and two for a panel."""

    sheet: Sheet
    run: Run

    @cached_property
    def spending(self) -> list[Line]:
        expected = Estimate.from_json(self.run.estimate) if self.run.estimate else None
        return [
            Line("Calls", grouped(expected.calls) if expected else "", grouped(self.run.calls)),
            Line("Tokens", _about(expected), grouped(self._tokens)),
            Line("Cost", _cost(expected), money(self.run.cost)),
            Line("Time", _time(expected), self._took),
        ]

    @property
    def unpriced(self) -> int:
        """The panel's judges that were to be called and have no price."""
        return self.run.estimate.get("unpriced", 0) if self.run.estimate else 0

    @property
    def rests_on(self) -> int:
        """The past calls that the estimate was made from."""
        return self.run.estimate["past_calls"] if self.run.estimate else 0

    @cached_property
    def steadiness(self) -> Repeatability:
        return repeatability(self.sheet.cells)

    @cached_property
    def flipping(self) -> list[Flipping]:
        """The criteria that flip, the worst first."""
        measured = repeatability_by_criterion(self.sheet.cells)
        found = [
            Flipping(it.criterion.key, it.number, it.criterion.text, measured[it.criterion.key])
            for it in outline_of(self._document).entries
            if it.criterion.key in measured and measured[it.criterion.key].flips.hits
        ]
        return sorted(found, key=lambda it: (-(it.measured.flip or 0), it.number))

    @cached_property
    def difference(self) -> Difference | None:
        if self.run.judge is None:
            return None
        return Comparable(self.run.question, self.run.judge).difference_of(self.run)

    @cached_property
    def concords(self) -> list[Concord]:
        return concord_of(self.run) if self.run.judge and self.run.judge.is_panel else []

    @property
    def _document(self) -> Document:
        return self.sheet.document

    @cached_property
    def _tokens(self) -> int:
        runs = [self.run.pk, *Run.objects.filter(panel=self.run).values_list("pk", flat=True)]
        used = Grade.objects.filter(run__in=runs, reused=False).aggregate(
            prompt=Sum("prompt_tokens"), completion=Sum("completion_tokens")
        )
        return (used["prompt"] or 0) + (used["completion"] or 0)

    @property
    def _took(self) -> str:
        return in_words(self.run.worked) if self.run.started_at and self.run.finished_at else ""


def _about(expected: Estimate | None) -> str:
    if expected is None:
        return ""
    words = "about" if expected.past_calls or not expected.calls else "at most"
    return f"{words} {about(expected.tokens)}" if expected.tokens else "none"


def _cost(expected: Estimate | None) -> str:
    return "" if expected is None or expected.cost is None else money(expected.cost)


def _time(expected: Estimate | None) -> str:
    if expected is None or expected.seconds is None:
        return ""
    return in_words(timedelta(seconds=max(1.0, expected.seconds)))
