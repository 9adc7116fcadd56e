"""How far tiers stand apart, in points of score and in units of the judge's noise."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

MIN_Z = 2.0


@dataclass(frozen=True, slots=True)
class Tier:
    """The scores of one tier. `noise` is the root mean square of its answers' noise, None where
    no answer was judged more than once."""

    tier: int
    n: int
    low: float
    high: float
    mean: float
    noise: float | None


@dataclass(frozen=True, slots=True)
class Margin:
    """Between a tier and the next one below it that has scores.

    `worst` = lowest score above less the highest below, reached by the two answers named by
    index; negative when the tiers overlap. `mean` = difference of the tiers' means. `z` is the
    mean margin in units of noise; None without repeats, or when the repeats never differed.
    """

    upper: int
    lower: int
    lowest_above: int
    highest_below: int
    worst: float
    mean: float
    z: float | None

    @property
    def is_clear(self) -> bool:
        """No overlap, and not within noise (z >= 2) where noise is known."""
        return self.worst > 0 and (self.z is None or self.z >= MIN_Z)


@dataclass(frozen=True, slots=True)
class Separation:
    """Tiers and margins, best tier first. `noise` is the root mean square over all answers that
    were judged more than once, None when none was. `needs` more tiers must have an answer with a
    complete score before there is a margin."""

    n: int
    left_out: int
    tiers: tuple[Tier, ...]
    margins: tuple[Margin, ...]
    noise: float | None
    needs: int

    @property
    def smallest(self) -> Margin | None:
        """The margin with the least room in the worst case."""
        return min(self.margins, key=lambda margin: margin.worst, default=None)


def measure_separation(
    scores: Sequence[float | None],
    tiers: Sequence[int | None],
    noise: Sequence[float | None] | None = None,
) -> Separation:
    """Margins between adjacent tiers, worst case and mean, and z = mean margin / √(σ_a² + σ_b²).

    `noise` is each answer's σ_S (`score_noise`), None where it was judged once. Answers without a
    tier do not take part. Minimum: one complete answer in each of 2 tiers.
    Raises ValueError when lengths differ.
    """
    noise = [None] * len(scores) if noise is None else noise
    if not len(scores) == len(tiers) == len(noise):
        raise ValueError("Every answer needs its score, its tier and its noise, or None.")
    members: defaultdict[int, list[tuple[float, int]]] = defaultdict(list)
    left_out = 0
    for index, (score, tier) in enumerate(zip(scores, tiers, strict=True)):
        if tier is None:
            continue
        if score is None:
            left_out += 1
        else:
            members[tier].append((score, index))
    best_first = sorted(members, reverse=True)
    spreads = [_spread(tier, members[tier], noise) for tier in best_first]
    known = [
        it for tier in best_first for _, index in members[tier] if (it := noise[index]) is not None
    ]
    return Separation(
        n=sum(map(len, members.values())),
        left_out=left_out,
        tiers=tuple(spreads),
        margins=tuple(_margin(above, below, members) for above, below in pairwise(spreads)),
        noise=_root_mean_square(known),
        needs=max(0, 2 - len(spreads)),
    )


def score_noise(points: Sequence[float], variances: Sequence[float | None]) -> float | None:
    """σ_S, the standard deviation that a judge's changing verdicts give to one answer's score:
    √(Σ p_j² s_j²) / Σ positive p_j, at least 0.

    `variances` holds the sample variance s_j² of each criterion's value over its repeats (for
    met and unmet: share met · share unmet · R / (R − 1)), None where there are fewer than two;
    such criteria take part in no sum. The sample variance, because with the two or three
    repeats that are usual the plain p(1 − p) understates noise by a half or a third. Exact for
    points without caps, gates and requires; there an approximation. None when no criterion with
    positive points has a variance. Raises ValueError when lengths differ.
    """
    known = [
        (weight, variance)
        for weight, variance in zip(points, variances, strict=True)
        if variance is not None
    ]
    possible = sum(weight for weight, _ in known if weight > 0)
    if possible <= 0:
        return None
    return sqrt(sum(weight * weight * variance for weight, variance in known)) / possible


def _spread(tier: int, members: list[tuple[float, int]], noise: Sequence[float | None]) -> Tier:
    values = [score for score, _ in members]
    known = [it for _, index in members if (it := noise[index]) is not None]
    return Tier(
        tier=tier,
        n=len(values),
        low=min(values),
        high=max(values),
        mean=sum(values) / len(values),
        noise=_root_mean_square(known),
    )


def _margin(above: Tier, below: Tier, members: dict[int, list[tuple[float, int]]]) -> Margin:
    lowest, lowest_index = min(members[above.tier])
    highest, highest_index = max(members[below.tier], key=lambda it: (it[0], -it[1]))
    mean = above.mean - below.mean
    z = None
    if above.noise is not None and below.noise is not None:
        together = sqrt(above.noise**2 + below.noise**2)
        z = mean / together if together else None
    return Margin(
        upper=above.tier,
        lower=below.tier,
        lowest_above=lowest_index,
        highest_below=highest_index,
        worst=lowest - highest,
        mean=mean,
        z=z,
    )


def _root_mean_square(values: Sequence[float]) -> float | None:
    return sqrt(sum(value * value for value in values) / len(values)) if values else None
