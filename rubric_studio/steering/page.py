"""What the report's page shows beside the report itself."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rubric_studio.rubrics.models import Criterion, Question
from rubric_studio.steering.assessment import Report, sign_off
from rubric_studio.steering.figures.figure import GROUPS, Figure
from rubric_studio.steering.findings import Fix
from rubric_studio.steering.leads import headline, lead
from rubric_studio.steering.samples import VerdictsFrom

# Where the criterion is opened for something in particular.
BUTTONS: dict[str, str] = {
    "split": "Split in two",
    "reword": "Reword",
    "reweight": "Change points",
}


@dataclass(frozen=True, slots=True)
class FigureGroup:
    title: str
    figures: tuple[tuple[Figure, str], ...]  # with its template


@dataclass(frozen=True, slots=True)
class FixRow:
    """A fix and its criterion, None where that is not in the draft."""

    fix: Fix
    criterion: UUID | None

    @property
    def button(self) -> str:
        """What stands on the way to the criterion."""
        return BUTTONS.get(self.fix.first.action, "Open criterion")


def page_context(report: Report, question: Question, verdicts_from: VerdictsFrom) -> dict[str, Any]:
    gates = sign_off(report)
    return {
        "report": report,
        "headline": headline(report),
        "lead": lead(report, verdicts_from),
        "fixes": _rows(report, question),
        "groups": figure_groups(report),
        "gates": gates,
        "passed": sum(it.passes for it in gates),
    }


def figure_groups(report: Report) -> tuple[FigureGroup, ...]:
    """The figures under the page's questions; a question without a figure is left out."""
    groups = []
    for group, title in GROUPS.items():
        own = tuple(
            (it, f"steering/figures/{it.key}.html") for it in report.figures if it.group == group
        )
        if own:
            groups.append(FigureGroup(title, own))
    return tuple(groups)


def _rows(report: Report, question: Question) -> list[FixRow]:
    blamed = [it.first.criterion for it in report.fix_first if it.first.criterion]
    ids: dict[str | None, UUID] = {}
    if blamed:
        live = Criterion.objects.live().filter(question=question, key__in=blamed)
        ids = dict(live.values_list("key", "pk"))
    return [FixRow(it, ids.get(it.first.criterion)) for it in report.fix_first]
