"""Which of many things stand out by more than luck: of fifty criteria two or three look bad by
chance alone, and an author who is sent after them loses trust in the rest."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from math import exp, lgamma, log, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

# Of the things that are named, this share may be named by luck; where nothing is wrong, something
# is named at most so often.
RATE = 0.05
# Trials up to which a chance is exact; above, the normal distribution is as near as one can see.
EXACT_UP_TO = 2000


def stand_out(lucks: Sequence[float | None], rate: float = RATE) -> tuple[bool, ...]:
    """For each thing whether it stands out, from the chance that luck alone does as much; None is
    a thing of which nothing is known, and stands for no comparison.

    The k-th smallest chance of m and all below it stand out for the largest k with p_k <= rate k/m.
    Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57:289-300: of what
    stands out, the expected share by luck is at most `rate`. Raises ValueError for a chance or a
    rate outside [0, 1].
    """
    known = sorted(it for it in lucks if it is not None)
    if not all(0 <= it <= 1 for it in (*known, rate)):
        raise ValueError("A chance lies between 0 and 1.")
    limit = -1.0
    for place, luck in enumerate(known, start=1):
        if luck * len(known) <= rate * place:
            limit = luck
    return tuple(it is not None and it <= limit for it in lucks)


def chance_of_at_least(hits: int, shares: Sequence[float]) -> float:
    """P(X >= hits) for trials that succeed with these chances, each by itself, in [0, 1].

    Exact up to 2,000 trials (Poisson's binomial distribution: binomial ones of equal chances,
    convolved); above, its normal approximation with continuity correction. 1 for no hits. Raises
    ValueError for a chance outside [0, 1].
    """
    if not all(0 <= it <= 1 for it in shares):
        raise ValueError("A chance lies between 0 and 1.")
    if hits <= 0:
        return 1.0
    if hits > len(shares):
        return 0.0
    if len(shares) > EXACT_UP_TO:
        mean, variance = sum(shares), sum(it * (1 - it) for it in shares)
        if not variance:
            return float(mean >= hits)
        return 1 - NormalDist(mean, sqrt(variance)).cdf(hits - 0.5)
    whole = np.ones(1)
    for share, many in sorted(Counter(shares).items()):
        whole = np.convolve(whole, _binomial(many, share))
    return min(1.0, float(whole[hits:].sum()))


@lru_cache(maxsize=256)
def _binomial(n: int, share: float) -> NDArray[np.float64]:
    """P(X = k) for each k; in logarithms, so that many trials do not run to 0 times infinity."""
    if share in (0, 1):
        certain = np.zeros(n + 1)
        certain[n if share else 0] = 1
        return certain
    return np.array(
        [
            exp(
                lgamma(n + 1)
                - lgamma(k + 1)
                - lgamma(n - k + 1)
                + k * log(share)
                + (n - k) * log(1 - share)
            )
            for k in range(n + 1)
        ]
    )
