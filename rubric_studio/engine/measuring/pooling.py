"""Agreement pooled over criteria, answers and questions, with intervals that know that cells of
one answer are alike."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .agreement import Confusion
from .clusters import (
    DRAWS,
    MIN_ANSWERS,
    Matrix,
    Places,
    drawn_sums,
    numbered,
    percentile_interval,
    ratio,
    summed,
)
from .intervals import Interval


@dataclass(frozen=True, slots=True)
class Pooled:
    """Two raters over many cells. The intervals (95 %) are None below 5 answers, and where too
    many draws leave a figure undefined; `needs` is how many answers are missing."""

    counts: Confusion
    questions: int
    answers: int
    raw_interval: Interval | None = None
    kappa_interval: Interval | None = None
    ac1_interval: Interval | None = None
    macro_f1_interval: Interval | None = None
    bias_interval: Interval | None = None

    @property
    def needs(self) -> int:
        return max(0, MIN_ANSWERS - self.answers)


@dataclass(frozen=True, slots=True)
class PooledAlpha:
    """Krippendorff's alpha of many raters on values in [0, 1], δ² = (c − k)²; for met and unmet
    it is the nominal one. `units` are the cells that two or more rated, `ratings` what they got.
    """

    alpha: float | None
    units: int
    ratings: int
    answers: int
    interval: Interval | None = None

    @property
    def needs(self) -> int:
        """Answers missing before there is an interval."""
        return max(0, MIN_ANSWERS - self.answers)


def pool(
    rater: Sequence[bool],
    reference: Sequence[bool],
    questions: Sequence[Hashable],
    answers: Sequence[Hashable],
    draws: int = DRAWS,
    seed: int = 0,
) -> Pooled:
    """Agreement over all pairs, each of one cell of `answers[i]` of `questions[i]`.

    A judge stands beside every expert's own label, not their majority (HealthBench, arXiv
    2505.08775), so a cell with three labels is three pairs. Intervals by drawing questions, then
    answers (clusters.py). Range and source of each figure: agreement.Confusion. Raises ValueError
    when the lengths differ, or when one answer is of two questions.
    """
    if not len(rater) == len(reference) == len(questions) == len(answers):
        raise ValueError("Every pair needs two verdicts, a question and an answer.")
    first, second = np.asarray(rater, bool), np.asarray(reference, bool)
    cells = np.stack(
        [first & second, first & ~second, ~first & second, ~first & ~second], axis=1
    ).astype(float)
    counts = Confusion(*(int(total) for total in cells.sum(axis=0)))
    places, asked, groups = _clusters(questions, answers)
    if groups < MIN_ANSWERS:
        return Pooled(counts, asked, groups)
    of_answer = _question_of(places)
    drawn = drawn_sums(summed(cells, places.answers, groups), of_answer, draws, seed)
    figures, whole = (_raw, _kappa, _ac1, _macro_f1, _bias), cells.sum(axis=0, keepdims=True)
    intervals = (percentile_interval(drawn, it, whole) for it in figures)
    return Pooled(counts, asked, groups, *intervals)


def pool_alpha(
    units: Sequence[Sequence[float | None]],
    questions: Sequence[Hashable],
    answers: Sequence[Hashable],
    draws: int = DRAWS,
    seed: int = 0,
) -> PooledAlpha:
    """Alpha of the cells' ratings, each unit a cell of `answers[i]` of `questions[i]`.

    α = 1 − (n − 1) Σ_u 2(m_u Σv² − (Σv)²)/(m_u − 1) / (2(n Σv² − (Σv)²)): krippendorff_interval
    in raters.py, written in sums that answers add up to, so that they can be drawn again. Units
    with fewer than 2 ratings are left out. Raises ValueError when the lengths differ.
    """
    if not len(units) == len(questions) == len(answers):
        raise ValueError("Every cell needs its ratings, a question and an answer.")
    rated = [np.array([it for it in unit if it is not None], float) for unit in units]
    kept = [index for index, values in enumerate(rated) if len(values) > 1]
    sums = np.array([_sums(rated[index]) for index in kept]).reshape(-1, 4)
    total = sums.sum(axis=0, keepdims=True)
    alpha = float(_alpha(total)[0])
    places, _, groups = _clusters([questions[it] for it in kept], [answers[it] for it in kept])
    interval = None
    if groups >= MIN_ANSWERS and np.isfinite(alpha):
        by_answer = summed(sums, places.answers, groups)
        drawn = drawn_sums(by_answer, _question_of(places), draws, seed)
        interval = percentile_interval(drawn, _alpha, total)
    return PooledAlpha(
        alpha if np.isfinite(alpha) else None, len(kept), int(total[0, 1]), groups, interval
    )


@dataclass(frozen=True, slots=True)
class _Places:
    questions: Places
    answers: Places


def _clusters(
    questions: Sequence[Hashable], answers: Sequence[Hashable]
) -> tuple[_Places, int, int]:
    asked, of_questions = numbered(questions)
    given, of_answers = numbered(answers)
    return _Places(asked, given), of_questions, of_answers


def _question_of(places: _Places) -> Places:
    """The question of each answer, by the answer's number. Raises ValueError for two."""
    _, first = np.unique(places.answers, return_index=True)
    question: NDArray[np.intp] = places.questions[first]
    if not (question[places.answers] == places.questions).all():
        raise ValueError("An answer belongs to one question.")
    return question


def _raw(sums: Matrix) -> Matrix:
    tp, fp, fn, tn = sums.T
    return ratio(tp + tn, tp + fp + fn + tn)


def _kappa(sums: Matrix) -> Matrix:
    tp, fp, fn, tn = sums.T
    n = tp + fp + fn + tn
    rater, reference = ratio(tp + fp, n), ratio(tp + fn, n)
    by_chance = rater * reference + (1 - rater) * (1 - reference)
    return ratio(_raw(sums) - by_chance, 1 - by_chance)


def _ac1(sums: Matrix) -> Matrix:
    tp, fp, fn, tn = sums.T
    middle = ratio(2 * tp + fp + fn, 2 * (tp + fp + fn + tn))
    by_chance = 2 * middle * (1 - middle)
    return ratio(_raw(sums) - by_chance, 1 - by_chance)


def _macro_f1(sums: Matrix) -> Matrix:
    tp, fp, fn, tn = sums.T
    return ratio(tp, 2 * tp + fp + fn) + ratio(tn, 2 * tn + fp + fn)


def _bias(sums: Matrix) -> Matrix:
    tp, fp, fn, tn = sums.T
    return ratio(fp - fn, tp + fp + fn + tn)


def _sums(values: NDArray[np.float64]) -> tuple[float, float, float, float]:
    many, total, squares = len(values), float(values.sum()), float((values**2).sum())
    return 2 * (many * squares - total**2) / (many - 1), many, total, squares


def _alpha(sums: Matrix) -> Matrix:
    apart, many, total, squares = sums.T
    return 1 - ratio((many - 1) * apart, 2 * (many * squares - total**2))
