"""What each criterion's points do to the scores of the answers at hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from rubric_studio.engine.document.scoring import Verdict
from rubric_studio.engine.document.types import Document

from .rescoring import Bools, Floats, Rescoring

# The same minimum as for the order: below, shares of a variance say little.
MIN_ANSWERS = 5
# One criterion that makes more than this share of the differences decides alone; with few
# criteria, twice its fair share.
DOMINATES = 0.4


@dataclass(frozen=True, slots=True)
class Weight:
    """One criterion's points and what they do.

    `nominal` is its share of all points in absolute terms, `effective` its share of the
    differences between the answers: Cov(c_j, S) / Var(S) with c_j what it gives to the score
    before caps and gates; negative where it works against the rest. Both sum up to 1 over the
    criteria. `order_shift` is 1 − tau-b of the scores with and without it (0: the same order),
    `score_shift` the largest change of a score when it is left out, in answer `shifted`. None: not
    to be said.
    """

    index: int
    points: float
    nominal: float | None
    effective: float | None
    order_shift: float | None
    score_shift: float | None
    shifted: int | None


@dataclass(frozen=True, slots=True)
class Weights:
    """`n` answers have a complete score, `left_out` have not. `needs` more of them are missing to
    the minimum of 5; below, nothing should be concluded from effective weights."""

    n: int
    left_out: int
    weights: tuple[Weight, ...]
    needs: int

    @property
    def dominant(self) -> Weight | None:
        """The criterion that decides (nearly) alone, None where there is none to be told."""
        known = [(it.effective, it) for it in self.weights if it.effective is not None]
        if self.needs or not known:
            return None
        share, most = max(known, key=lambda it: it[0])
        return most if share > max(DOMINATES, 2 / len(self.weights)) else None


def measure_weights(document: Document, verdicts: Sequence[Mapping[str, Verdict]]) -> Weights:
    """Nominal and effective weight and leave-one-out of every criterion, over these answers.

    `verdicts` has one mapping an answer, by criterion key. Answers without a complete score take
    no part. Source: the decomposition of a variance into the covariances of its summands; tau-b
    of Kendall (1945). Minimum n: 5 answers. No errors.
    """
    rescoring = Rescoring(document, verdicts)
    effective = effective_weights(rescoring)
    nominal = np.abs(rescoring.points)
    total = float(nominal.sum())
    base = _Base(rescoring.scores(rescoring.points)[0])
    weights = []
    for index, points in enumerate(rescoring.points):
        order_shift, score_shift, shifted = base.against(rescoring.without(index))
        weights.append(
            Weight(
                index=index,
                points=float(points),
                nominal=float(nominal[index]) / total if total else None,
                effective=None if effective is None else float(effective[index]),
                order_shift=order_shift,
                score_shift=score_shift,
                shifted=None if shifted is None else rescoring.complete[shifted],
            )
        )
    return Weights(
        n=rescoring.n,
        left_out=len(verdicts) - rescoring.n,
        weights=tuple(weights),
        needs=max(0, MIN_ANSWERS - rescoring.n),
    )


def effective_weights(rescoring: Rescoring) -> Floats | None:
    """Cov(c_j, S) / Var(S) for each criterion, S the score before caps and gates; they sum up to
    1. None where all answers score the same, or there are fewer than two. No errors."""
    if rescoring.n < 2:
        return None
    given = rescoring.contributions()
    scores = given.sum(axis=1)
    apart = scores - scores.mean()
    variance = float(apart @ apart)
    # Equal scores that differ in their last digits only have no variance to share out.
    if variance <= rescoring.n * 1e-18:
        return None
    shares: Floats = (given - given.mean(axis=0)).T @ apart / variance
    return shares


class _Base:
    """Scores that others are compared with, their pairs compared once."""

    def __init__(self, scores: Floats) -> None:
        self._scores = _steady(scores)
        ranks = _ranks(self._scores)
        self._above: Bools = ranks[:, None] > ranks[None, :]

    def against(self, others: Floats) -> tuple[float | None, float | None, int | None]:
        """1 − tau-b, the largest difference and the place of the answer that has it; NaN takes
        no part. As `order.tau_b`, but fit for hundreds of comparisons of a thousand scores."""
        known = np.flatnonzero(~np.isnan(others))
        if not known.size:
            return None, None, None
        mine, theirs = self._scores[known], _steady(others[known])
        above = self._above if known.size == len(others) else self._above[np.ix_(known, known)]
        ranks = _ranks(theirs)
        higher = ranks[:, None] > ranks[None, :]
        lower = ranks[:, None] < ranks[None, :]
        agree = int(np.count_nonzero(above & higher))
        differ = int(np.count_nonzero(above & lower))
        untied = int(np.count_nonzero(above)) * int(np.count_nonzero(higher))
        shifts = np.abs(theirs - mine)
        largest = int(shifts.argmax())
        shift = max(0.0, 1 - (agree - differ) / sqrt(untied)) if untied else None
        return shift, float(shifts[largest]), int(known[largest])


def _steady(scores: Floats) -> Floats:
    """Without the last digits, so that sums in another order tie as they should."""
    return np.round(scores, 12)


def _ranks(scores: Floats) -> NDArray[np.int32]:
    """Small numbers in the same order: a million of them are compared in a moment."""
    return np.unique(scores, return_inverse=True)[1].astype(np.int32)
