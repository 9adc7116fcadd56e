"""How far two raters of yes and no agree: a judge and an expert, or two experts."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from .intervals import Proportion


@dataclass(frozen=True, slots=True)
class Confusion:
    """Counts of a rater's verdicts against a reference: met/met, met/unmet, unmet/met,
    unmet/unmet. Every figure is None where it is undefined, never 0 by convention."""

    tp: int
    fp: int
    fn: int
    tn: int

    @property
    def n(self) -> int:
        return self.tp + self.fp + self.fn + self.tn

    @property
    def raw(self) -> Proportion:
        """Raw agreement, with its Wilson interval; the one figure to show from few cells."""
        return Proportion(self.tp + self.tn, self.n)

    @property
    def kappa(self) -> float | None:
        """(Po − Pe) / (1 − Pe), Pe = p1 p2 + (1 − p1)(1 − p2), in [-1, 1].

        Cohen (1960), Educational and Psychological Measurement 20:37-46.
        """
        if not self.n:
            return None
        rater, reference = self._shares_met
        by_chance = rater * reference + (1 - rater) * (1 - reference)
        return _corrected(self.raw.share, by_chance)

    @property
    def ac1(self) -> float | None:
        """(Po − Pg) / (1 − Pg), Pg = 2π(1 − π): holds up where nearly all is met or unmet.

        Gwet (2008), British Journal of Mathematical and Statistical Psychology 61:29-48.
        """
        if not self.n:
            return None
        middle = sum(self._shares_met) / 2
        return _corrected(self.raw.share, 2 * middle * (1 - middle))

    @property
    def phi(self) -> float | None:
        """The correlation of the two raters, in [-1, 1]."""
        rater, reference = self.tp + self.fp, self.tp + self.fn
        below = rater * reference * (self.n - reference) * (self.n - rater)
        return (self.tp * self.tn - self.fp * self.fn) / sqrt(below) if below else None

    @property
    def macro_f1(self) -> float | None:
        """The mean of the F1 of met and of unmet, in [0, 1]; HealthBench (arXiv 2505.08775)."""
        wrong = self.fp + self.fn
        if not self.tp + wrong or not self.tn + wrong:
            return None
        return self.tp / (2 * self.tp + wrong) + self.tn / (2 * self.tn + wrong)

    @property
    def bias(self) -> float | None:
        """Share met by the rater less that by the reference; above 0 it over-credits."""
        return (self.fp - self.fn) / self.n if self.n else None

    @property
    def _shares_met(self) -> tuple[float, float]:
        return (self.tp + self.fp) / self.n, (self.tp + self.fn) / self.n


def confusion(pairs: Iterable[tuple[bool, bool]]) -> Confusion:
    """Counts (rater met, reference met) pairs. Cells with only one verdict are left out by the
    caller: they say nothing about agreement."""
    counts = {(True, True): 0, (True, False): 0, (False, True): 0, (False, False): 0}
    for rater, reference in pairs:
        counts[bool(rater), bool(reference)] += 1
    return Confusion(*counts.values())


def _corrected(observed: float | None, by_chance: float) -> float | None:
    """None when chance alone explains everything: then nothing can be said beyond it."""
    if observed is None or by_chance >= 1:
        return None
    return (observed - by_chance) / (1 - by_chance)
