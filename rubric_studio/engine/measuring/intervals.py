"""Shares with their interval."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends, inclusive."""

    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Proportion:
    """`hits` of `n`. `share` and `interval` are None while n is 0."""

    hits: int
    n: int

    @property
    def share(self) -> float | None:
        return self.hits / self.n if self.n else None

    @property
    def interval(self) -> Interval | None:
        """The 95 % Wilson interval."""
        return wilson(self.hits, self.n) if self.n else None


def wilson(hits: int, n: int, confidence: float = 0.95) -> Interval:
    """The Wilson score interval of a share, within [0, 1]; it always contains hits / n.

    (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n). Wilson (1927), JASA 22:209-212.
    Minimum n: 1. Raises ValueError for n < 1, hits outside [0, n] or confidence outside (0, 1).
    """
    if n < 1 or not 0 <= hits <= n:
        raise ValueError(f"{hits} of {n} is no share.")
    if not 0 < confidence < 1:
        raise ValueError(f"A confidence lies between 0 and 1; this is {confidence}.")
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share = hits / n
    middle = share + z * z / (2 * n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    whole = 1 + z * z / n
    # Rounding may leave 1e-17 where the formula gives exactly 0, 1 or the share itself.
    low = 0.0 if hits == 0 else min((middle - half) / whole, share)
    high = 1.0 if hits == n else max((middle + half) / whole, share)
    return Interval(low, high)
