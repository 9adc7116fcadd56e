"""Whether better answers score higher."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from .chance import (
    EXACT_P_UP_TO,
    answers_until_luck_is_rare,
    chance_line,
    permutation_p,
    wins,
)
from .intervals import Interval

MIN_ANSWERS = 5
RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Pair:
    """Two answers by index; `better` is the one of the higher tier. `gap` is the score of the
    worse less that of the better: above eps in an inversion, within eps in a tie."""

    better: int
    worse: int
    gap: float


@dataclass(frozen=True, slots=True)
class Order:
    """How far scores put answers in the order of their tiers.

    `n` answers have a tier and a complete score, `left_out` have a tier and no complete score.
    Shares lie in [0, 1], tau-b in [-1, 1]; each is None where it is undefined. `p` is exact and
    given up to 7 answers, `interval` is a bootstrap's 95 % and given above. `needs` more answers
    are missing to the minimum (5 in 2 tiers), `needs_to_beat_luck` more until a perfect order
    comes by luck at most 1 time in 20.
    """

    n: int
    left_out: int
    tiers: int
    pairs: int
    concordance: float | None
    strict: float | None
    tau_b: float | None
    inversions: tuple[Pair, ...]
    ties: tuple[Pair, ...]
    p: float | None
    interval: Interval | None
    chance: float | None
    needs: int
    needs_to_beat_luck: int

    @property
    def beats_luck(self) -> bool:
        """Whether luck alone gets this far less often than 1 time in 20."""
        return (
            self.concordance is not None
            and self.chance is not None
            and self.concordance > self.chance
        )


def measure_order(
    scores: Sequence[float | None], tiers: Sequence[int | None], eps: float = 0.0
) -> Order:
    """Concordance C of scores and tiers (higher is better), with all that is needed to judge it.

    C = (#(S_a > S_b + eps) + ½ #(|S_a − S_b| <= eps)) / #pairs, over pairs of different tiers with
    a in the better one; strict accuracy leaves out the half. Answers without a tier do not take
    part. Source: Kendall (1938), Biometrika 30:81-93; Goodman and Kruskal (1954). Minimum n: 5 in
    2 tiers; below, `needs` is positive and the figures are not to be relied on.
    Raises ValueError when lengths differ, a score is not finite or eps is negative.
    """
    _check(scores, tiers, eps)
    ranked = [index for index, tier in enumerate(tiers) if tier is not None]
    kept = [index for index in ranked if scores[index] is not None]
    values = [float(score) for index in kept if (score := scores[index]) is not None]
    ranks = [tier for index in kept if (tier := tiers[index]) is not None]
    pairs = _pairs(values, ranks, kept)
    inversions = tuple(sorted((it for it in pairs if it.gap > eps), key=_worst_first))
    ties = tuple(it for it in pairs if abs(it.gap) <= eps)
    won = len(pairs) - len(inversions) - len(ties)
    distinct = len(set(ranks))
    return Order(
        n=len(kept),
        left_out=len(ranked) - len(kept),
        tiers=distinct,
        pairs=len(pairs),
        concordance=(won + len(ties) / 2) / len(pairs) if pairs else None,
        strict=won / len(pairs) if pairs else None,
        tau_b=tau_b(values, ranks),
        inversions=inversions,
        ties=ties,
        p=permutation_p(values, ranks, eps),
        interval=bootstrap_interval(values, ranks, eps) if len(kept) > EXACT_P_UP_TO else None,
        chance=chance_line(ranks),
        needs=max(MIN_ANSWERS - len(kept), 2 - distinct, 0),
        needs_to_beat_luck=answers_until_luck_is_rare(ranks),
    )


def tau_b(x: Sequence[float], y: Sequence[float]) -> float | None:
    """Kendall's tau-b, (n_c − n_d) / √((n_0 − n_1)(n_0 − n_2)), in [-1, 1]; None when all of x or
    all of y are equal, or fewer than two are given. Kendall (1945), Biometrika 33:239-251.

    Raises ValueError when the lengths differ.
    """
    if len(x) != len(y):
        raise ValueError("tau-b needs two sequences of one length.")
    upper = np.triu_indices(len(x), 1)
    of_x = np.sign(np.subtract.outer(np.asarray(x, float), np.asarray(x, float)))[upper]
    of_y = np.sign(np.subtract.outer(np.asarray(y, float), np.asarray(y, float)))[upper]
    untied = int(np.count_nonzero(of_x)) * int(np.count_nonzero(of_y))
    return float((of_x * of_y).sum()) / sqrt(untied) if untied else None


def bootstrap_interval(
    scores: Sequence[float], tiers: Sequence[int], eps: float = 0.0, seed: int = 0
) -> Interval | None:
    """The 95 % percentile interval of the concordance over 2,000 resamples of the answers, widened
    to the concordance itself where that lies outside.

    The same answers give the same interval, in whatever order. Resamples that drew one tier only
    say nothing about order and are left out; None when that is all of them. Ties in the resamples
    narrow it: of few answers it covers less than 95 % (docs/measuring.md). Efron (1979), Annals of
    Statistics 7. Raises ValueError when the lengths differ.
    """
    if len(scores) != len(tiers):
        raise ValueError("Every score needs its tier.")
    if len(set(tiers)) < 2:
        return None
    n = len(scores)
    answers = sorted(zip(tiers, scores, strict=True))
    tiers, scores = [tier for tier, _ in answers], [score for _, score in answers]
    generator = np.random.default_rng(seed)
    drawn = generator.multinomial(n, np.full(n, 1 / n), size=RESAMPLES).astype(float)
    better = np.greater.outer(tiers, tiers).astype(float)
    pairs = ((drawn @ better) * drawn).sum(axis=1)
    won = better * wins(scores, eps)
    credits = ((drawn @ won) * drawn).sum(axis=1)
    shares = credits[pairs > 0] / pairs[pairs > 0]
    if not shares.size:
        return None
    low, high = np.quantile(shares, [0.025, 0.975])
    found = float(won.sum() / better.sum())
    return Interval(min(float(low), found), max(float(high), found))


def _check(scores: Sequence[float | None], tiers: Sequence[int | None], eps: float) -> None:
    if len(scores) != len(tiers):
        raise ValueError(f"{len(scores)} scores and {len(tiers)} tiers: each answer needs both.")
    if not eps >= 0:
        raise ValueError(f"eps is {eps}; it can't be negative.")
    if not all(score is None or np.isfinite(score) for score in scores):
        raise ValueError("Scores must be finite; use None for an incomplete one.")


def _pairs(scores: Sequence[float], tiers: Sequence[int], names: Sequence[int]) -> list[Pair]:
    """Every pair of different tiers; `names` gives the index that each answer goes by."""
    return [
        Pair(names[a], names[b], scores[b] - scores[a])
        for a, better in enumerate(tiers)
        for b, worse in enumerate(tiers)
        if better > worse
    ]


def _worst_first(pair: Pair) -> tuple[float, int, int]:
    return -pair.gap, pair.better, pair.worse
