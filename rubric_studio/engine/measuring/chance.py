"""What luck alone does to an order: its 95th percentile, its exact p, and how many answers it
takes before a perfect order is more than luck."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import permutations
from math import factorial, prod, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

EXACT_P_UP_TO = 7
EXACT_CHANCE_UP_TO = 60
LUCK = 20  # one time in twenty


def chance_line(tiers: Sequence[int]) -> float | None:
    """The 95th percentile of the concordance C of answers in these tiers under a random order of
    scores without ties: the smallest c with P(C <= c) >= 0.95. In [0.5, 1]; None without a pair
    of different tiers. At 1.0 even a perfect order is reached by luck more often than 1 in 20.

    Exact up to 60 answers: the pairs in order follow the q-multinomial distribution, the null
    of Jonckheere (1954) and Terpstra (1952); above, its normal approximation. No errors.
    """
    sizes = tuple(sorted(Counter(tiers).values()))
    return _chance_line(sizes) if len(sizes) > 1 else None


@lru_cache(maxsize=1024)
def _chance_line(sizes: tuple[int, ...]) -> float:
    n = sum(sizes)
    pairs = (n * n - sum(size * size for size in sizes)) // 2
    if n > EXACT_CHANCE_UP_TO:
        cubes = sum(size * size * (2 * size + 3) for size in sizes)
        deviation = sqrt((n * n * (2 * n + 3) - cubes) / 72)
        return min(1.0, 0.5 + NormalDist().inv_cdf(0.95) * deviation / pairs)
    counts = _arrangements_by_pairs_in_order(sizes)
    total, seen = sum(counts), 0
    for in_order, count in enumerate(counts):
        seen += count
        if seen * LUCK >= total * (LUCK - 1):
            return in_order / pairs
    raise AssertionError("a distribution sums to 1")


def _arrangements_by_pairs_in_order(sizes: tuple[int, ...]) -> list[int]:
    """How many arrangements have k pairs in order, for each k: the coefficients of
    [n]! / ([n1]! [n2]! …) in q, with [m]! = (1-q)(1-q²)…(1-q^m) / (1-q)^m."""
    n = sum(sizes)
    degree = (n * n - sum(size * size for size in sizes)) // 2
    counts = [1] + [0] * degree
    # The powers of (1-q) cancel, since the sizes add up to n. Beyond `degree` nothing is left.
    for power in range(1, n + 1):
        for k in range(degree, power - 1, -1):
            counts[k] -= counts[k - power]
    for size in sizes:
        for power in range(1, size + 1):
            for k in range(power, degree + 1):
                counts[k] += counts[k - power]
    return counts


def permutation_p(scores: Sequence[float], tiers: Sequence[int], eps: float = 0.0) -> float | None:
    """The exact p of the concordance: the share of all distinct ways to deal these tiers out over
    these scores that put at least as many pairs in order (ties within `eps` count half).

    In (0, 1]; None above 7 answers, where the ways are too many to go through, and without a
    pair of different tiers. Raises ValueError when the lengths differ.
    """
    if len(scores) != len(tiers):
        raise ValueError("Every score needs its tier.")
    if len(scores) > EXACT_P_UP_TO or len(set(tiers)) < 2:
        return None
    won = wins(scores, eps)
    deals = _deals(tuple(sorted(tiers)))
    better = deals[:, :, None] > deals[:, None, :]
    credits = (better * won).sum(axis=(1, 2))
    observed = (np.greater.outer(tiers, tiers) * won).sum()
    # Credits are whole halves: the comparison is exact.
    return float((credits >= observed).mean())


@lru_cache(maxsize=64)
def _deals(tiers: tuple[int, ...]) -> NDArray[np.int64]:
    return np.array(sorted(set(permutations(tiers))))


def wins(scores: Sequence[float], eps: float = 0.0) -> NDArray[np.float64]:
    """A matrix: 1 where the row's score is above the column's by more than eps, 0.5 where they
    lie within eps, 0 elsewhere. No errors."""
    gap = np.subtract.outer(np.asarray(scores, float), np.asarray(scores, float))
    return np.where(gap > eps, 1.0, np.where(np.abs(gap) <= eps, 0.5, 0.0))


def answers_until_luck_is_rare(tiers: Sequence[int]) -> int:
    """How many more answers it takes before a perfect order comes by luck at most 1 time in 20.

    They are thought to go where they help most: into the smallest tier, or into a second one
    when there is only one. 0 when the tiers already suffice. No errors.
    """
    sizes = list(Counter(tiers).values())
    more = 0
    while len(sizes) < 2:
        sizes.append(1)
        more += 1
    while factorial(sum(sizes)) < LUCK * prod(factorial(size) for size in sizes):
        sizes[sizes.index(min(sizes))] += 1
        more += 1
    return more
