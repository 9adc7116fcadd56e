"""What each criterion's points do to the scores, and how far they may move before the order does.

All figures are about the answers at hand, not about answers in general.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from rubric_studio.engine.document.scoring import Verdict
from rubric_studio.engine.document.types import Document

from .intervals import Proportion
from .rescoring import Bools, Floats, Rescoring
from .stability import Kept, Room, Rooms

# The same minimum as for the order: below, shares of a variance say little.
MIN_ANSWERS = 5
DRAWS = 2000
SPREAD = 0.25


@dataclass(frozen=True, slots=True)
class Weight:
    """One criterion's points and what they do.

    `nominal` is its share of all points in absolute terms, `effective` its share of the
    differences between the answers: Cov(c_j, S) / Var(S) with c_j what it gives to the score
    before caps and gates; negative where it works against the rest. Both sum up to 1 over the
    criteria. `order_shift` is 1 − tau-b of the scores with and without it (0: the same order),
    `score_shift` the largest change of a score when it is left out, in answer `shifted`.
    `room` is how far its points may move, None without a pair in order. None: not to be said.
    """

    index: int
    points: float
    nominal: float | None
    effective: float | None
    order_shift: float | None
    score_shift: float | None
    shifted: int | None
    room: Room | None


@dataclass(frozen=True, slots=True)
class Weights:
    """`n` answers have a complete score, `left_out` have not. `pairs` of them are in the expert's
    order, and `unchanged` counts the draws that kept all of these in order while every criterion's
    points moved by up to `spread` (0.25: ± 25 %), None without a pair. `closed_form` says whether
    the rooms are exact; under caps, failing gates, trees and not-applicable criteria they are found
    by scoring again. `needs` more answers are missing to the minimum of 5."""

    n: int
    left_out: int
    pairs: int
    weights: tuple[Weight, ...]
    unchanged: Proportion | None
    spread: float
    closed_form: bool
    needs: int

    @property
    def tightest(self) -> Weight | None:
        """The weight with the least room, None where none has an end."""
        least = {it.index: it.room.least for it in self.weights if it.room is not None}
        ended = {index: change for index, change in least.items() if change is not None}
        return self.weights[min(ended, key=ended.__getitem__)] if ended else None


def measure_weights(
    document: Document,
    verdicts: Sequence[Mapping[str, Verdict]],
    tiers: Sequence[int | None],
    *,
    draws: int = DRAWS,
    spread: float = SPREAD,
    seed: int = 0,
) -> Weights:
    """Effective weight, leave-one-out and room of every criterion, over these answers.

    `verdicts` has one mapping an answer, by criterion key; `tiers` the expert's, higher is better.
    Answers without a complete score take no part. The same input gives the same draws. Source:
    the decomposition of a variance into the covariances of its summands; stability intervals of
    additive weights (Mareschal 1988, European Journal of Operational Research 33:54-64). Minimum
    n: 5 answers; below, `needs` is positive and nothing should be concluded. Raises ValueError
    when the lengths differ or `spread` lies outside (0, 1).
    """
    if len(verdicts) != len(tiers):
        raise ValueError(f"{len(verdicts)} answers and {len(tiers)} tiers: each answer needs both.")
    if not 0 < spread < 1:
        raise ValueError(f"Points can't move by {spread}: give a share between 0 and 1.")
    rescoring = Rescoring(document, verdicts)
    kept = Kept(rescoring, [tiers[place] for place in rescoring.complete])
    rooms = Rooms(rescoring, kept)
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
                room=rooms.of(index),
            )
        )
    return Weights(
        n=rescoring.n,
        left_out=len(verdicts) - rescoring.n,
        pairs=kept.pairs,
        weights=tuple(weights),
        unchanged=_unchanged(rescoring, kept, draws, spread, seed),
        spread=spread,
        closed_form=rescoring.is_linear,
        needs=max(0, MIN_ANSWERS - rescoring.n),
    )


def effective_weights(rescoring: Rescoring) -> Floats | None:
    """Cov(c_j, S) / Var(S) for each criterion, S the score before caps and gates; they sum up to
    1. None where all answers score the same, or there are fewer than two."""
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
        agree = int(np.count_nonzero(above & higher))
        differ = int(np.count_nonzero(above & higher.T))
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


def _unchanged(
    rescoring: Rescoring, kept: Kept, draws: int, spread: float, seed: int
) -> Proportion | None:
    if not kept.pairs:
        return None
    generator: np.random.Generator = np.random.default_rng(seed)
    moved = generator.uniform(-spread, spread, size=(draws, len(rescoring.points)))
    held = 0
    size = max(1, 1_000_000 // rescoring.n)
    for at in range(0, draws, size):
        points: NDArray[np.float64] = rescoring.points * (1 + moved[at : at + size])
        held += int(kept.holds(rescoring.scores(points)).sum())
    return Proportion(held, draws)
