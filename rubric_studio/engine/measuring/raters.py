"""How far many raters agree on categories or levels, with cells that not everybody rated.

Tables are sequences of units, each the ratings it got: None where a rater gave none. Ratings are
categories (compared for being the same) or numbers (levels' values, compared by distance).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from math import fsum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Unit = Sequence[Any]
Matrix = NDArray[np.float64]


def krippendorff_nominal(units: Sequence[Unit]) -> float | None:
    """Krippendorff's alpha where two ratings are the same or not: δ² = 1[c ≠ k].

    α = 1 − D_o / D_e from coincidences o_ck = Σ_u (ordered pairs c, k in u) / (m_u − 1); units
    with fewer than 2 ratings are left out. At most 1; 0 is chance. Krippendorff (2019), Content
    Analysis, chapter 12. None while no unit has 2 ratings, or all ratings are the same. No errors.
    """
    return _alpha(units, lambda values, totals: (values[:, None] != values[None, :]).astype(float))


def krippendorff_interval(units: Sequence[Unit]) -> float | None:
    """Alpha for numbers: δ² = (c − k)². As krippendorff_nominal; equal to it for 0 and 1.
    Raises ValueError for a rating that is not a finite number."""
    return _alpha(_numbers(units), lambda values, totals: (values[:, None] - values[None, :]) ** 2)


def krippendorff_ordinal(units: Sequence[Unit]) -> float | None:
    """Alpha for ranks: δ² = (Σ_{g=c..k} n_g − (n_c + n_k) / 2)², with n_g the ratings of rank g.

    This is Krippendorff's own ordinal metric; irrCAC's "ordinal" weights are another one.
    Raises ValueError for a rating that is not a finite number.
    """
    return _alpha(_numbers(units), _ordinal)


def fleiss_kappa(units: Sequence[Unit]) -> float | None:
    """(mean P_i − Σ p_c²) / (1 − Σ p_c²), P_i = (Σ_c n_ic² − m_i) / (m_i (m_i − 1)), at most 1.

    Fleiss (1971), Psychological Bulletin 76:378-382. Where not every unit has as many ratings, P_i
    is of the units with 2 or more, and p_c the mean of the units' shares (Gwet, Handbook of
    Inter-Rater Reliability). None while no unit has 2 ratings or chance alone explains all.
    No errors.
    """
    counts, times = _counts(units)
    observed = _observed(counts, times)
    if observed is None:
        return None
    return _beyond(observed, float((_shares(counts, times) ** 2).sum()))


def gwet_ac1(units: Sequence[Unit], categories: int | None = None) -> float | None:
    """(P_a − P_g) / (1 − P_g), P_g = Σ_c π_c (1 − π_c) / (C − 1), at most 1.

    Gwet (2008). π_c is the mean of the units' shares of c; `categories` is C where ratings could
    have taken values that none took, by default those that occur. None while no unit has 2
    ratings, or only one category can be. No errors.
    """
    counts, times = _counts(units)
    observed = _observed(counts, times)
    possible = max(categories or 0, counts.shape[1])
    if observed is None or possible < 2:
        return None
    shares = _shares(counts, times)
    return _beyond(observed, float((shares * (1 - shares)).sum()) / (possible - 1))


def weighted_kappa(first: Sequence[float], second: Sequence[float]) -> float | None:
    """1 − Σ w O / Σ w E with w = (a − b)²: two raters of the same cells, ratings as numbers.

    Cohen (1968), Psychological Bulletin 70:213-220. The factor 1/(C − 1)² of the usual weights
    cancels. None for no cells, and when both gave one rating throughout. Raises ValueError when
    the lengths differ.
    """
    if len(first) != len(second):
        raise ValueError("Weighted kappa needs two sequences of one length.")
    if not len(first):
        return None
    a, b = np.asarray(first, float), np.asarray(second, float)
    # Σ (a − b)² over all pairs of a's and b's ratings, without the table.
    expected = (a * a).mean() + (b * b).mean() - 2 * a.mean() * b.mean()
    if not expected > 1e-15:
        return None
    return 1 - float(((a - b) ** 2).mean() / expected)


def _alpha(units: Sequence[Unit], distances: Callable[[Any, Matrix], Matrix]) -> float | None:
    kinds = _kinds(units, at_least=2)
    values = sorted(set(chain.from_iterable(kinds)))
    if len(values) < 2:
        return None
    counts, times = _table(list(kinds), values), _times(kinds)
    sizes = counts.sum(axis=1)
    weighted = counts * (times / (sizes - 1))[:, None]
    coincidences = weighted.T @ counts - np.diag(weighted.sum(axis=0))
    totals = coincidences.sum(axis=1)
    far = distances(np.asarray(values), totals)
    expected = float((np.outer(totals, totals) * far).sum())
    return 1 - float(totals.sum() - 1) * float((coincidences * far).sum()) / expected


def _ordinal(values: Matrix, totals: Matrix) -> Matrix:
    up_to = np.cumsum(totals)
    between = np.abs(up_to[:, None] - up_to[None, :])
    # From the lower rank's own to the upper one's: each end counts half.
    lower = np.where(up_to[:, None] <= up_to[None, :], totals[:, None], totals[None, :])
    far = between + lower - (totals[:, None] + totals[None, :]) / 2
    np.fill_diagonal(far, 0)
    return np.asarray(far**2)


def _rated(unit: Unit) -> Sequence[Any]:
    return unit if None not in unit else [value for value in unit if value is not None]


def _numbers(units: Sequence[Unit]) -> list[list[float]]:
    numbers = [[float(value) for value in _rated(unit)] for unit in units]
    if not all(np.isfinite(value) for unit in numbers for value in unit):
        raise ValueError("Ratings must be finite numbers; use None for one that is missing.")
    return numbers


def _kinds(units: Sequence[Unit], at_least: int) -> dict[tuple[Any, ...], int]:
    """The units that have so many ratings, each kind once with how often it is there: of many
    units most are alike, so that all that follows is short."""
    kinds: Counter[tuple[Any, ...]] = Counter()
    for unit, times in Counter(map(tuple, units)).items():
        rated = tuple(_rated(unit))
        if len(rated) >= at_least:
            kinds[rated] += times
    return kinds


def _times(kinds: Mapping[tuple[Any, ...], int]) -> NDArray[np.float64]:
    return np.fromiter(kinds.values(), float, len(kinds))


def _counts(units: Sequence[Unit]) -> tuple[Matrix, NDArray[np.float64]]:
    """How often each kind of unit got each category, and how many units are of that kind; units
    without a rating are left out."""
    kinds = _kinds(units, at_least=1)
    return _table(list(kinds), sorted(set(chain.from_iterable(kinds)))), _times(kinds)


def _table(rated: Sequence[Sequence[Any]], values: Sequence[Any]) -> Matrix:
    places = {value: place for place, value in enumerate(values)}
    sizes = np.fromiter(map(len, rated), np.intp, len(rated))
    many = int(sizes.sum())
    codes = np.fromiter(map(places.__getitem__, chain.from_iterable(rated)), np.intp, many)
    codes += np.repeat(np.arange(len(rated)) * len(values), sizes)
    counts = np.bincount(codes, minlength=len(rated) * len(values))
    return counts.reshape(len(rated), len(values)).astype(float)


def _observed(counts: Matrix, times: NDArray[np.float64]) -> float | None:
    sizes = counts.sum(axis=1)
    several = sizes > 1
    if not several.any():
        return None
    sizes, times = sizes[several], times[several]
    alike = ((counts[several] ** 2).sum(axis=1) - sizes) / (sizes * (sizes - 1))
    return fsum(alike * times) / float(times.sum())


def _shares(counts: Matrix, times: NDArray[np.float64]) -> Matrix:
    shares = counts / counts.sum(axis=1, keepdims=True)
    return np.asarray(times @ shares / times.sum())


def _beyond(observed: float, by_chance: float) -> float | None:
    return None if by_chance >= 1 else (observed - by_chance) / (1 - by_chance)
