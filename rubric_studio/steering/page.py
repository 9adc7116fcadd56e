"""What the report's page shows beside the report itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rubric_studio.accounts.access import MAY_LABEL
from rubric_studio.grading.models import Run
from rubric_studio.rubrics.models import Question
from rubric_studio.steering.actions import BY_LABELS, Way, Ways
from rubric_studio.steering.assessment import Report, sign_off
from rubric_studio.steering.figures.figure import GROUPS, Figure
from rubric_studio.steering.findings import Finding, Fix
from rubric_studio.steering.leads import headline, lead
from rubric_studio.steering.samples import VerdictsFrom


@dataclass(frozen=True, slots=True)
class FigureGroup:
    title: str
    figures: tuple[tuple[Figure, str], ...]  # with its template


@dataclass(frozen=True, slots=True)
class FixRow:
    """A fix, the button that begins it, and links to what shows the fault."""

    fix: Fix
    button: Way
    links: tuple[Way, ...]


def page_context(
    report: Report, question: Question, run: Run, verdicts_from: VerdictsFrom, role: str | None
) -> dict[str, Any]:
    gates = sign_off(report)
    return {
        "report": report,
        "headline": headline(report),
        "lead": lead(report, verdicts_from),
        "fixes": fix_rows(report.fix_first, question, run, role),
        "groups": figure_groups(report),
        "gates": gates,
        "passed": sum(it.passes for it in gates),
        "may_label": role in MAY_LABEL,
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


def fix_rows(fixes: Sequence[Fix], question: Question, run: Run, role: str | None) -> list[FixRow]:
    """The gravest finding of a fix has the button; each finding may have a link of its own."""
    ways = Ways.of((it for fix in fixes for it in fix.findings), question, run, role)
    rows = []
    for fix in fixes:
        button = ways.first(fix.first)
        links = dict.fromkeys(
            link for number, it in enumerate(fix.findings) for link in _links(ways, it, number)
        )
        rows.append(FixRow(fix, button, tuple(it for it in links if it.url != button.url)[:2]))
    return rows


def _links(ways: Ways, finding: Finding, number: int) -> tuple[Way, ...]:
    """Where the fault shows; labels are asked for also where another finding has the button."""
    asks = number > 0 and finding.action in BY_LABELS and ways.role in MAY_LABEL
    return (*((ways.first(finding),) if asks else ()), *ways.others(finding))
