"""What the report's page shows beside the report itself."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rubric_studio.rubrics.models import Criterion, Question
from rubric_studio.steering.assessment import Report
from rubric_studio.steering.drawing.band_figure import BandFigure, draw_bands
from rubric_studio.steering.drawing.order_figure import OrderFigure, draw_order
from rubric_studio.steering.drawing.tier_figure import TierFigure, draw_tiers
from rubric_studio.steering.findings import Finding
from rubric_studio.steering.leads import headline, lead
from rubric_studio.steering.samples import Sample, VerdictsFrom

# What sign-off will ask for besides order and bands.
NOT_MEASURED = ("Steer tests", "Exploit probes", "Lint")


@dataclass(frozen=True, slots=True)
class Figures:
    order: OrderFigure
    tiers: TierFigure
    bands: BandFigure


@dataclass(frozen=True, slots=True)
class Swap:
    better: Sample
    worse: Sample
    gap: float


@dataclass(frozen=True, slots=True)
class Fix:
    """A finding and the criterion that it blames, None where that is not in the draft."""

    finding: Finding
    criterion: UUID | None


def page_context(report: Report, question: Question, verdicts_from: VerdictsFrom) -> dict[str, Any]:
    samples = report.samples
    return {
        "report": report,
        "headline": headline(report),
        "lead": lead(report, verdicts_from),
        "fixes": _fixes(report, question),
        "figures": Figures(draw_order(report), draw_tiers(report), draw_bands(report)),
        "passed": [report.order_status, report.bands_status].count("ok"),
        "not_measured": NOT_MEASURED,
        "swaps": [
            Swap(samples[it.better], samples[it.worse], it.gap) for it in report.order.inversions
        ],
        "untestable": [samples[index] for index in report.bands.untestable],
        "late": sum(it.stated_late for it in samples),
    }


def _fixes(report: Report, question: Question) -> list[Fix]:
    blamed = [it.criterion for it in report.fix_first if it.criterion]
    ids: dict[str | None, UUID] = {}
    if blamed:
        live = Criterion.objects.live().filter(question=question, key__in=blamed)
        ids = dict(live.values_list("key", "pk"))
    return [Fix(it, ids.get(it.criterion)) for it in report.fix_first]
