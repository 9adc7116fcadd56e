"""The figures of the report, in the order of the page. A new one is an import and a line here."""

from collections.abc import Callable
from dataclasses import dataclass

from rubric_studio.steering.figures import (
    agreement,
    bands,
    criteria,
    headroom,
    lint,
    order,
    probes,
    repeatability,
    separation,
    spillover,
    steer_tests,
    weights,
)
from rubric_studio.steering.figures.figure import Figure
from rubric_studio.steering.material import Material


@dataclass(frozen=True, slots=True)
class Entry:
    """`kind` is the figure's dataclass, `measure` makes one."""

    kind: type[Figure]
    measure: Callable[[Material], Figure]


FIGURES: tuple[Entry, ...] = (
    # Does your order come out?
    Entry(order.OrderFigure, order.measure),
    Entry(separation.SeparationFigure, separation.measure),
    Entry(bands.BandsFigure, bands.measure),
    # Does the score move when it should, and only then?
    Entry(steer_tests.SteerTestsFigure, steer_tests.measure),
    Entry(spillover.SpilloverFigure, spillover.measure),
    Entry(probes.ProbesFigure, probes.measure),
    # Which criteria do the work?
    Entry(criteria.CriteriaFigure, criteria.measure),
    Entry(weights.WeightsFigure, weights.measure),
    Entry(lint.LintFigure, lint.measure),
    # Can the verdicts be trusted?
    Entry(agreement.AgreementFigure, agreement.measure),
    Entry(repeatability.RepeatabilityFigure, repeatability.measure),
    Entry(headroom.HeadroomFigure, headroom.measure),
)
# What lists of questions measure anew: the others take too long for a list.
OF_THE_ORDER = FIGURES[:3]
