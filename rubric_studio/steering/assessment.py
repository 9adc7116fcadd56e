"""The report: all figures of one run, and what they say together of the rubric.

It never claims more than "on your samples, as far as tested": a figure without data counts
neither for nor against.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from rubric_studio.steering.figures.bands import BandsFigure
from rubric_studio.steering.figures.figure import Figure, FigureStatus
from rubric_studio.steering.figures.order import OrderFigure
from rubric_studio.steering.figures.registry import FIGURES, Entry
from rubric_studio.steering.figures.separation import SeparationFigure
from rubric_studio.steering.findings import FIX_FIRST, Finding, Fix, fixes_of, ranked
from rubric_studio.steering.material import Material

Verdict = Literal[
    "not_tested", "too_little_data", "steers", "steers_with_warnings", "does_not_steer"
]
# The figures that a version should pass before it is published, by key.
SIGN_OFF = ("order", "bands", "steer_tests", "probes", "lint")


@dataclass(frozen=True, slots=True)
class Gate:
    """One row of the sign-off. `status` is "none" also where the figure is not there."""

    key: str
    number: int
    name: str
    status: FigureStatus

    @property
    def passes(self) -> bool:
        return self.status == "ok"


GATE_NAMES = {
    "order": (1, "Order"),
    "bands": (3, "Bands and anchors"),
    "steer_tests": (4, "Steer tests"),
    "probes": (10, "Exploit probes"),
    "lint": (11, "Lint"),
}


@dataclass(frozen=True, slots=True)
class Report:
    """The figures in the order of the page. `is_tested`: whether any verdict is there."""

    figures: tuple[Figure, ...]
    is_tested: bool

    def figure(self, key: str) -> Figure | None:
        return next((it for it in self.figures if it.key == key), None)

    @property
    def order(self) -> OrderFigure:
        return cast(OrderFigure, self.figure("order"))

    @property
    def separation(self) -> SeparationFigure:
        return cast(SeparationFigure, self.figure("separation"))

    @property
    def bands(self) -> BandsFigure:
        return cast(BandsFigure, self.figure("bands"))

    @property
    def verdict(self) -> Verdict:
        """Whether better answers score higher, by figure 1; the other figures add warnings."""
        if not self.is_tested:
            return "not_tested"
        if self.order.measured.needs:
            return "too_little_data"
        if self.order.status == "stop":
            return "does_not_steer"
        return "steers_with_warnings" if self.warned else "steers"

    @property
    def warned(self) -> tuple[Figure, ...]:
        """The figures that are not as they should be: they decide the verdict."""
        return tuple(it for it in self.figures if it.status in ("look", "stop"))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All failed rows of all figures, the gravest first."""
        return ranked(finding for figure in self.figures for finding in figure.findings)

    @property
    def fixes(self) -> tuple[Fix, ...]:
        return fixes_of(self.findings)

    @property
    def fix_first(self) -> tuple[Fix, ...]:
        return self.fixes[:FIX_FIRST]

    @property
    def first_findings(self) -> tuple[Finding, ...]:
        """At most five: what leads each of the first fixes, then what else speaks for these."""
        leading = [it.first for it in self.fix_first]
        others = [finding for fix in self.fix_first for finding in fix.findings[1:]]
        return tuple([*leading, *others][:FIX_FIRST])


def sign_off(report: Report | None) -> tuple[Gate, ...]:
    """The gates in order: figures 1, 3, 4, 10 and 11; without a report none is passed."""
    gates = []
    for key in SIGN_OFF:
        number, name = GATE_NAMES[key]
        figure = report.figure(key) if report else None
        gates.append(Gate(key, number, name, figure.status if figure else "none"))
    return tuple(gates)


def measure_report(material: Material, entries: Sequence[Entry] = FIGURES) -> Report:
    """All figures, or those that are named, from one run's material."""
    probes = (it.sample for it in material.probes)
    graded = (*material.samples, *material.held_out, *probes)
    return Report(
        figures=tuple(entry.measure(material) for entry in entries),
        is_tested=any(it.coverage for it in graded),
    )
