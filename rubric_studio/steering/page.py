"""What the report's page shows beside the report itself."""

from dataclasses import dataclass
from typing import Any

from rubric_studio.grading.models import Run
from rubric_studio.rubrics.models import Question
from rubric_studio.steering.actions import Way, Ways
from rubric_studio.steering.assessment import Report, sign_off
from rubric_studio.steering.figures.figure import GROUPS, Figure
from rubric_studio.steering.findings import Fix
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
    report: Report, question: Question, run: Run, verdicts_from: VerdictsFrom
) -> dict[str, Any]:
    gates = sign_off(report)
    return {
        "report": report,
        "headline": headline(report),
        "lead": lead(report, verdicts_from),
        "fixes": _rows(report, question, run),
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


def _rows(report: Report, question: Question, run: Run) -> list[FixRow]:
    """The gravest finding of a fix has the button; each finding may have a link of its own."""
    ways = Ways.of((it for fix in report.fix_first for it in fix.findings), question, run)
    rows = []
    for fix in report.fix_first:
        button = ways.first(fix.first)
        links = dict.fromkeys(link for it in fix.findings for link in ways.others(it))
        rows.append(FixRow(fix, button, tuple(it for it in links if it.url != button.url)[:2]))
    return rows
