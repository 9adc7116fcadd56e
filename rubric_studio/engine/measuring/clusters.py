"""Intervals of figures over many questions: cells of one answer, and answers of one question, are
alike, so what is drawn again is questions, then their answers, never single cells."""

from collections.abc import Callable, Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from .intervals import Interval

Matrix = NDArray[np.float64]
Places = NDArray[np.intp]

DRAWS = 2000
# Answers that must be there to draw from; of fewer an interval would look surer than it is.
MIN_ANSWERS = 5
# Where so many draws leave a figure undefined, those that are left are no fair sample.
MOST_UNDEFINED = 0.1


def numbered(names: Sequence[Hashable]) -> tuple[Places, int]:
    """Each name's number, in the order of first sight, and how many names there are. No errors."""
    seen: dict[Hashable, int] = {}
    places = np.fromiter((seen.setdefault(name, len(seen)) for name in names), np.intp, len(names))
    return places, len(seen)


def summed(values: Matrix, places: Places, groups: int) -> Matrix:
    """The rows of `values` added up by group: (groups, columns). Raises ValueError when there are
    not as many places as rows."""
    sums = np.zeros((groups, values.shape[1]))
    for column in range(values.shape[1]):
        sums[:, column] = np.bincount(places, weights=values[:, column], minlength=groups)
    return sums


def drawn_sums(sums: Matrix, questions: Places, draws: int = DRAWS, seed: int = 0) -> Matrix:
    """What `draws` resamples add up to: (draws, columns). The same input gives the same draws.

    `sums` has a row an answer, `questions` the question of each. A draw takes as many questions
    as there are, with replacement, then of each as many answers as it has, with replacement; with
    one question its answers alone are drawn. Davison and Hinkley (1997), Bootstrap Methods and
    their Application, section 3.8. Raises ValueError when the lengths differ or there is no row.
    """
    if len(sums) != len(questions) or not len(sums):
        raise ValueError(f"{len(sums)} answers and {len(questions)} questions of answers.")
    generator = np.random.default_rng(seed)
    order = np.argsort(questions, kind="stable")
    _, starts, sizes = np.unique(questions[order], return_index=True, return_counts=True)
    many = len(sizes)
    # How often each question is drawn; then, of a question drawn c times, c times its size answers.
    times = generator.multinomial(many, np.full(many, 1 / many), size=draws)
    drawn = np.zeros((draws, sums.shape[1]))
    for question, (start, size) in enumerate(zip(starts, sizes, strict=True)):
        rows = sums[order[start : start + size]]
        picked = times[:, question, None]
        if size > 1:
            picked = generator.multinomial(times[:, question] * size, np.full(size, 1 / size))
        drawn += picked @ rows
    return drawn


def percentile_interval(
    drawn: Matrix, figure: Callable[[Matrix], Matrix], whole: Matrix
) -> Interval | None:
    """The middle 95 % of `figure` over the draws, widened to the figure of `whole` (one row: what
    all answers add up to) where that lies outside. NaN is a draw that leaves it undefined. None
    when that is more than 1 draw in 10, and where the whole has no such figure. Efron (1979),
    Annals of Statistics 7:1-26. No errors."""
    values, found = figure(drawn), float(figure(whole)[0])
    defined = values[np.isfinite(values)]
    if not np.isfinite(found) or defined.size < (1 - MOST_UNDEFINED) * len(drawn):
        return None
    low, high = np.quantile(defined, [0.025, 0.975])
    return Interval(min(float(low), found), max(float(high), found))


def ratio(above: Matrix, below: Matrix) -> Matrix:
    """above / below, NaN where there is nothing to divide by. No errors."""
    result = np.full(np.broadcast(above, below).shape, np.nan)
    np.divide(above, below, out=result, where=np.abs(below) > 1e-12)
    return result
