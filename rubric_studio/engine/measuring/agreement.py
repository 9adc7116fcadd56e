"""How far two raters of met and unmet agree: a judge and an expert, or two experts.

How many raters agree, with levels and gaps, is in raters.py; what holds over many questions in
pooling.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist

from .intervals import Interval, Proportion

# Pairs before a share of agreement may be flagged, and before kappa is shown at all.
MIN_PAIRS = 5
MIN_FOR_KAPPA = 30
# Outside these shares of met, kappa falls though the raters agree: Gwet's AC1 stands beside it.
USUAL = (0.2, 0.8)


@dataclass(frozen=True, slots=True)
class Confusion:
    """Counts of a rater's verdicts against a reference: met/met, met/unmet, unmet/met,
    unmet/unmet. Every figure is None where it is undefined, never 0 by convention."""

    tp: int
    fp: int
    fn: int
    tn: int

    def __add__(self, other: "Confusion") -> "Confusion":
        return Confusion(
            self.tp + other.tp, self.fp + other.fp, self.fn + other.fn, self.tn + other.tn
        )

    @property
    def n(self) -> int:
        return self.tp + self.fp + self.fn + self.tn

    @property
    def needs(self) -> int:
        """Pairs missing before raw agreement is judged: to 5."""
        return max(0, MIN_PAIRS - self.n)

    @property
    def needs_for_kappa(self) -> int:
        """Pairs missing before kappa is shown: to 30."""
        return max(0, MIN_FOR_KAPPA - self.n)

    @property
    def raw(self) -> Proportion:
        """Raw agreement, with its Wilson interval; the one figure to show from few cells."""
        return Proportion(self.tp + self.tn, self.n)

    @property
    def false_accepts(self) -> Proportion:
        """Met by the rater, of what the reference holds unmet."""
        return Proportion(self.fp, self.fp + self.tn)

    @property
    def false_rejects(self) -> Proportion:
        """Unmet by the rater, of what the reference holds met."""
        return Proportion(self.fn, self.fn + self.tp)

    @property
    def kappa(self) -> float | None:
        """(Po − Pe) / (1 − Pe), Pe = p1 p2 + (1 − p1)(1 − p2), in [-1, 1].

        Cohen (1960), Educational and Psychological Measurement 20:37-46.
        """
        return _corrected(self.raw.share, self.by_chance)

    @property
    def by_chance(self) -> float | None:
        """Pe: how often the two would agree if each kept its share met and drew lots."""
        if not self.n:
            return None
        rater, reference = self._shares_met
        return rater * reference + (1 - rater) * (1 - reference)

    @property
    def ac1(self) -> float | None:
        """(Po − Pg) / (1 − Pg), Pg = 2π(1 − π): holds up where nearly all is met or unmet.

        Gwet (2008), British Journal of Mathematical and Statistical Psychology 61:29-48.
        """
        share = self.share_met
        return None if share is None else _corrected(self.raw.share, 2 * share * (1 - share))

    @property
    def phi(self) -> float | None:
        """The correlation of the two raters, in [-1, 1]."""
        rater, reference = self.tp + self.fp, self.tp + self.fn
        below = rater * reference * (self.n - reference) * (self.n - rater)
        return (self.tp * self.tn - self.fp * self.fn) / sqrt(below) if below else None

    @property
    def f1_met(self) -> float | None:
        """2tp / (2tp + fp + fn), in [0, 1]: how well met is found."""
        below = 2 * self.tp + self.fp + self.fn
        return 2 * self.tp / below if below else None

    @property
    def f1_unmet(self) -> float | None:
        """2tn / (2tn + fp + fn), in [0, 1]: how well unmet is found."""
        below = 2 * self.tn + self.fp + self.fn
        return 2 * self.tn / below if below else None

    @property
    def macro_f1(self) -> float | None:
        """The mean of the F1 of met and of unmet, in [0, 1]; HealthBench (arXiv 2505.08775)."""
        met, unmet = self.f1_met, self.f1_unmet
        return None if met is None or unmet is None else (met + unmet) / 2

    @property
    def bias(self) -> float | None:
        """Share met by the rater less that by the reference; above 0 it over-credits."""
        return (self.fp - self.fn) / self.n if self.n else None

    @property
    def share_met(self) -> float | None:
        """π, the mean of both raters' shares met."""
        return sum(self._shares_met) / 2 if self.n else None

    @property
    def is_lopsided(self) -> bool:
        """Whether so much is met, or unmet, that kappa needs AC1 beside it."""
        share = self.share_met
        return share is not None and not USUAL[0] <= share <= USUAL[1]

    @property
    def _shares_met(self) -> tuple[float, float]:
        return (self.tp + self.fp) / self.n, (self.tp + self.fn) / self.n


def confusion(pairs: Iterable[tuple[bool, bool]]) -> Confusion:
    """Counts (rater met, reference met) pairs. Cells with only one verdict are left out by the
    caller: they say nothing about agreement. No errors."""
    counts = {(True, True): 0, (True, False): 0, (False, True): 0, (False, False): 0}
    for rater, reference in pairs:
        counts[bool(rater), bool(reference)] += 1
    return Confusion(*counts.values())


def kappa_half_width(counts: Confusion) -> float | None:
    """Half the 95 % interval of kappa for pairs that are independent of each other, about
    1.96 √(Po(1 − Po) / (n (1 − Pe)²)). Cohen (1960); None where kappa is undefined, and where
    the raters never differ: then the formula would claim to be certain. No errors."""
    raw, by_chance = counts.raw.share, counts.by_chance
    if raw is None or by_chance is None or by_chance >= 1 or raw == 1:
        return None
    return _z() * sqrt(raw * (1 - raw) / (counts.n * (1 - by_chance) ** 2))


def pairs_missing(counts: Confusion, half_width: float = 0.1) -> int | None:
    """How many pairs more until kappa is known to ± `half_width`, as far as these pairs foretell:
    n = 1.96² Po(1 − Po) / (half_width² (1 − Pe)²). 0 when there are enough, None where kappa is
    undefined or the raters never differ. Raises ValueError unless half_width is above 0."""
    if not half_width > 0:
        raise ValueError(f"A half-width is above 0; this is {half_width}.")
    width = kappa_half_width(counts)
    return None if width is None else max(0, ceil(counts.n * (width / half_width) ** 2) - counts.n)


def true_share(observed: Proportion, against: Confusion) -> float | None:
    """What share is met in truth where a judge of known errors says `observed`.

    θ = (p + TNR − 1) / (TPR + TNR − 1), clipped to [0, 1]; TPR and TNR of the judge from
    `against`, where experts labelled too. Rogan and Gladen (1978), American Journal of
    Epidemiology 107:71-76. None when the judge is no better than chance (TPR + TNR <= 1), when
    experts said only met or only unmet, or when nothing was observed. No errors.
    """
    share, missed, wrong = observed.share, against.false_rejects.share, against.false_accepts.share
    if share is None or missed is None or wrong is None or missed + wrong >= 1:
        return None
    return min(1.0, max(0.0, (share - wrong) / (1 - missed - wrong)))


def true_share_interval(observed: Proportion, against: Confusion) -> Interval | None:
    """The 95 % interval of `true_share` by the delta method, within [0, 1]: the uncertainty of
    the observed share and of both error rates.

    Var θ = (p (1 − p) / n + θ² FNR (1 − FNR) / n₊ + (1 − θ)² FPR (1 − FPR) / n₋) / (TPR + TNR − 1)²
    of n verdicts, n₊ labels met and n₋ not met. Rogan and Gladen (1978). None where the share is,
    or where no rate has a spread to go by (a judge that never errs on so few labels is not proven
    to be perfect). No errors.
    """
    theta = true_share(observed, against)
    share, missed, wrong = observed.share, against.false_rejects.share, against.false_accepts.share
    if theta is None or share is None or missed is None or wrong is None:
        return None
    spread = share * (1 - share) / observed.n
    spread += theta**2 * missed * (1 - missed) / against.false_rejects.n
    spread += (1 - theta) ** 2 * wrong * (1 - wrong) / against.false_accepts.n
    if not spread:
        return None
    half = _z() * sqrt(spread) / (1 - missed - wrong)
    return Interval(max(0.0, theta - half), min(1.0, theta + half))


def _z() -> float:
    return NormalDist().inv_cdf(0.975)


def _corrected(observed: float | None, by_chance: float | None) -> float | None:
    """None when chance alone explains everything: then nothing can be said beyond it."""
    if observed is None or by_chance is None or by_chance >= 1:
        return None
    return (observed - by_chance) / (1 - by_chance)
