"""What each criterion does by itself: how often it is met, and whether by the better answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import erfc, log2, sqrt
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from .chance import EXACT_P_UP_TO, permutation_p
from .intervals import Proportion

Value = float | None
MET = 0.5
# Verdicts before one may say never or always, and before a coefficient means anything.
MIN_VERDICTS = 5
MIN_FOR_COEFFICIENTS = 20
RARELY, NEARLY_ALWAYS = 0.05, 0.95
# A share of the answers at each end, where there are too many to be told apart by tiers alone.
ENDS = 0.27
# Luck that makes a reversed sign no news: 1 time in 10.
RARE_LUCK = 0.1


@dataclass(frozen=True, slots=True)
class Discrimination:
    """D = `top` − `bottom`, in [-1, 1]: the mean value among the best answers less that among the
    worst, `n_top` and `n_bottom` of them. `luck` is the chance that a random deal of the values
    agrees with the tiers as little as these do (one-sided, over all tiers): small where better
    answers have it less. `agrees` is Kendall's S, the pairs of answers in order less those out
    of order."""

    top: float
    bottom: float
    n_top: int
    n_bottom: int
    agrees: int
    luck_low: float | None
    luck_high: float | None

    @property
    def d(self) -> float:
        return self.top - self.bottom


@dataclass(frozen=True, slots=True)
class Item:
    """One criterion over the answers. `n` have a value, `left_out` have none: no verdict, or not
    applicable. `mean` is p_j, in [0, 1]; `met` counts values of 0.5 and more; `entropy` is in bits.
    `rest` is the correlation with the score that the other criteria give, in [-1, 1], from 20
    answers. What the data do not carry is None."""

    index: int
    points: float
    guard: bool
    n: int
    left_out: int
    tiers: int
    mean: float | None
    met: Proportion
    entropy: float | None
    discrimination: Discrimination | None
    rest: float | None

    @property
    def needs(self) -> int:
        """Verdicts missing before never and always may be said: to 5, in 2 tiers."""
        return max(MIN_VERDICTS - self.n, 2 - self.tiers, 0)

    @property
    def rest_needs(self) -> int:
        """Verdicts missing before the item-rest correlation is shown."""
        return max(0, MIN_FOR_COEFFICIENTS - self.n)

    @property
    def is_dead(self) -> bool:
        """Whether it rewards what (nearly) no answer does. A penalty that is never met is as it
        should be, and a guard may stay silent."""
        return self._may_be_judged and self.points > 0 and _at_most(self.mean, RARELY)

    @property
    def is_always_met(self) -> bool:
        """Whether it gives (nearly) every answer the same, weak ones too; guards may."""
        return self._may_be_judged and self.mean is not None and self.mean >= NEARLY_ALWAYS

    @property
    def is_untried(self) -> bool:
        """Whether it is a penalty that no answer has met: nothing shows yet that it works."""
        return self.points < 0 and self.n > 0 and self.met.hits == 0

    @property
    def is_reversed(self) -> bool:
        """Whether the worse answers have it more although it rewards, or the better ones although
        it penalises, by the ends and over all tiers, and luck does that at most 1 time in 10."""
        found = self.discrimination
        if found is None or not self.points:
            return False
        if self.points > 0:
            return found.d < 0 and found.agrees < 0 and _at_most(found.luck_low, RARE_LUCK)
        return found.d > 0 and found.agrees > 0 and _at_most(found.luck_high, RARE_LUCK)

    @property
    def _may_be_judged(self) -> bool:
        return not self.guard and not self.needs


def measure_item(
    values: Sequence[Value],
    tiers: Sequence[int | None],
    points: float = 1.0,
    *,
    index: int = 0,
    guard: bool = False,
    rest: Sequence[Value] | None = None,
) -> Item:
    """Difficulty, entropy, discrimination by tier and item-rest correlation of one criterion.

    `values` in [0, 1] by answer, None where there is no verdict or it does not apply; `tiers` the
    expert's, higher is better; `rest` the score that all other criteria give. Source: classical
    test theory; the upper and lower groups are Kelley's (1939), Journal of Educational Psychology
    30:17-24, here the expert's highest and lowest tier. Minimum n: 5 verdicts in 2 tiers for
    never and always, 20 for the correlation. Raises ValueError when lengths differ or a value
    lies outside [0, 1].
    """
    if len(values) != len(tiers) or (rest is not None and len(rest) != len(values)):
        raise ValueError("Every answer needs its value, its tier and its rest, or None.")
    known = [it for it in values if it is not None]
    if not all(0 <= it <= 1 for it in known):
        raise ValueError("A value lies between 0 and 1.")
    ranked = [(it, tier) for it, tier in zip(values, tiers, strict=True) if it is not None]
    met = Proportion(sum(it >= MET for it in known), len(known))
    mean = fmean(known) if known else None
    return Item(
        index=index,
        points=points,
        guard=guard,
        n=len(known),
        left_out=len(values) - len(known),
        tiers=len({tier for _, tier in ranked if tier is not None}),
        mean=mean,
        met=met,
        entropy=None if mean is None else entropy(mean),
        discrimination=discrimination([(it, tier) for it, tier in ranked if tier is not None]),
        rest=None if rest is None else item_rest(values, rest),
    )


def entropy(share: float) -> float:
    """H = −p log2 p − (1 − p) log2(1 − p), in [0, 1] bits; 0 at both ends. Shannon (1948).

    Raises ValueError outside [0, 1].
    """
    if not 0 <= share <= 1:
        raise ValueError(f"{share} is no share.")
    return -sum(it * log2(it) for it in (share, 1 - share) if it)


def discrimination(ranked: Sequence[tuple[float, int]]) -> Discrimination | None:
    """D over (value, tier) pairs: the mean of the highest tier less that of the lowest. None with
    fewer than two tiers. No errors."""
    tiers = sorted({tier for _, tier in ranked})
    if len(tiers) < 2:
        return None
    top = [value for value, tier in ranked if tier == tiers[-1]]
    bottom = [value for value, tier in ranked if tier == tiers[0]]
    values, given = [it for it, _ in ranked], [tier for _, tier in ranked]
    agrees = _pairs_in_order_less_out_of_order(values, given)
    return Discrimination(
        top=fmean(top),
        bottom=fmean(bottom),
        n_top=len(top),
        n_bottom=len(bottom),
        agrees=agrees,
        luck_low=_luck(values, [-tier for tier in given], -agrees),
        luck_high=_luck(values, given, agrees),
    )


def ends_by_score(scores: Sequence[Value]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The indices of the highest and the lowest 27 % of the scores, for many answers without
    tiers; both empty below 20 scores. Scores that tie with one at the edge are kept out, so that
    no answer is in a group by its place in the list. Kelley (1939). No errors."""
    known = sorted((score, index) for index, score in enumerate(scores) if score is not None)
    if len(known) < MIN_FOR_COEFFICIENTS:
        return (), ()
    size = round(ENDS * len(known))
    low_edge, high_edge = known[size][0], known[-size - 1][0]
    return (
        tuple(index for score, index in known if score > high_edge),
        tuple(index for score, index in known if score < low_edge),
    )


def item_rest(values: Sequence[Value], rest: Sequence[Value]) -> float | None:
    """Pearson's correlation of a criterion with the score that the others give, in [-1, 1]; None
    below 20 pairs and where one side does not vary. Raises ValueError when lengths differ."""
    pairs = [(a, b) for a, b in zip(values, rest, strict=True) if a is not None and b is not None]
    return _pearson(pairs) if len(pairs) >= MIN_FOR_COEFFICIENTS else None


@dataclass(frozen=True, slots=True)
class PointsBand:
    """Criteria that pay between `low` and `high` points, and how many of their verdicts are met."""

    low: float
    high: float
    criteria: int
    met: Proportion


def met_by_points(items: Iterable[Item]) -> tuple[PointsBand, ...]:
    """How often criteria that reward are met, by thirds of the highest points, the heaviest first.

    Heavy criteria that nothing meets are often the most valuable ones, so this is no alarm.
    No errors.
    """
    rewarding = [it for it in items if it.points > 0 and it.n]
    most = max((it.points for it in rewarding), default=0.0)
    bands = []
    for low, high in pairwise((0, most / 3, 2 * most / 3, most)):
        inside = [it for it in rewarding if low < it.points <= high]
        if inside:
            met = Proportion(sum(it.met.hits for it in inside), sum(it.n for it in inside))
            points = [it.points for it in inside]
            bands.append(PointsBand(min(points), max(points), len(inside), met))
    return tuple(reversed(bands))


def _pearson(pairs: Sequence[tuple[float, float]]) -> float | None:
    array: NDArray[np.float64] = np.array(pairs)
    apart = array - array.mean(axis=0)
    spread = (apart**2).sum(axis=0)
    if (spread <= len(pairs) * 1e-18).any():
        return None
    return float((apart[:, 0] @ apart[:, 1]) / sqrt(spread[0] * spread[1]))


def _pairs_in_order_less_out_of_order(values: Sequence[float], tiers: Sequence[int]) -> int:
    """Kendall's S, from the table of values by tiers: linear in the answers."""
    _, at = np.unique(values, return_inverse=True)
    _, tier = np.unique(tiers, return_inverse=True)
    table = np.zeros((int(at.max()) + 1, int(tier.max()) + 1), np.int64)
    np.add.at(table, (at, tier), 1)
    lower = np.zeros_like(table)
    lower[1:, 1:] = table.cumsum(axis=0).cumsum(axis=1)[:-1, :-1]
    flipped = table[:, ::-1]
    crossed = np.zeros_like(table)
    crossed[1:, 1:] = flipped.cumsum(axis=0).cumsum(axis=1)[:-1, :-1]
    return int((table * lower).sum() - (flipped * crossed).sum())


def _luck(values: Sequence[float], tiers: Sequence[int], agrees: int) -> float | None:
    """The chance that values dealt out at random agree with the tiers at least as well: exact up
    to 7 answers, above by the normal approximation with ties. Kendall (1970), Rank Correlation
    Methods, 4th edition, chapter 4. None where all values are equal."""
    if len(set(values)) < 2:
        return None
    if len(values) <= EXACT_P_UP_TO:
        return permutation_p(values, tiers)
    variance = _variance_of_s(len(values), _ties(values), _ties(tiers))
    return erfc(agrees / sqrt(2 * variance)) / 2 if variance > 0 else None


def _ties(values: Sequence[float]) -> list[int]:
    return [int(count) for count in np.unique(values, return_counts=True)[1]]


def _variance_of_s(n: int, x: Sequence[int], y: Sequence[int]) -> float:
    def falling(groups: Sequence[int], steps: int) -> int:
        return sum(t * (t - 1) * (t - 2 if steps == 3 else 1) for t in groups)

    def full(groups: Iterable[int]) -> int:
        return sum(t * (t - 1) * (2 * t + 5) for t in groups)

    return (
        (full([n]) - full(x) - full(y)) / 18
        + falling(x, 3) * falling(y, 3) / (9 * n * (n - 1) * (n - 2))
        + falling(x, 2) * falling(y, 2) / (2 * n * (n - 1))
    )


def _at_most(value: float | None, limit: float) -> bool:
    # A share such as 1/10 is meant to be let in, whatever its last digits.
    return value is not None and value <= limit + 1e-12
