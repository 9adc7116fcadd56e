"""How far one criterion's points may move before two answers change places."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .rescoring import Bools, Floats, Rescoring

# Scores nearer to each other than this are equal: the last digits of sums are not a difference.
TIE = 1e-12
# How far more points are tried where there is no closed form, in steps, as shares of the points.
FARTHEST = 3.0
STEP = 0.05
# Each round looks so many times closer where the order broke.
_ROUNDS, _POINTS = 6, 21


@dataclass(frozen=True, slots=True)
class Edge:
    """A change of points, as a share of them (-0.4: 40 % fewer), at which the answers `better` and
    `worse` (by index) tie; beyond it they have changed places."""

    change: float
    better: int
    worse: int


@dataclass(frozen=True, slots=True)
class Room:
    """How far one criterion's points may move, all others as they are, before a pair of answers
    that is in the expert's order leaves it.

    `fewer` is None where the order holds as long as it has any points, `more` where it holds
    however many there are; where `exact` is False, up to four times as many were tried.
    """

    fewer: Edge | None
    more: Edge | None
    exact: bool

    @property
    def least(self) -> float | None:
        """The smaller of the two changes, without its sign."""
        ends = [abs(it.change) for it in (self.fewer, self.more) if it is not None]
        return min(ends, default=None)


class Kept:
    """The pairs of answers that are in the expert's order: of different tiers, and the better one
    scores higher. Answers without a tier take no part."""

    def __init__(self, rescoring: Rescoring, tiers: Sequence[int | None]) -> None:
        """`tiers` of the complete answers, in the order of `rescoring.complete`."""
        self.names = rescoring.complete
        self._scores = rescoring.scores(rescoring.points)[0]
        self._ranked = np.array([n for n, tier in enumerate(tiers) if tier is not None], np.intp)
        self._tiers = np.array([tier for tier in tiers if tier is not None], int)
        self._steps = self._by_tier()
        self.pairs = sum(int(above.sum()) for _, _, above in self._steps)

    def _by_tier(self) -> list[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]]:
        """For each tier but the lowest: its answers, those of lower tiers by rising score, and how
        many of these each of its answers is above."""
        found = []
        for tier in np.unique(self._tiers)[1:]:
            upper = self._ranked[self._tiers == tier]
            lower = self._ranked[self._tiers < tier]
            lower = lower[np.argsort(self._scores[lower], kind="stable")]
            above = np.searchsorted(self._scores[lower], self._scores[upper] - TIE, side="left")
            found.append((upper, lower, above))
        return found

    def holds(self, scores: Floats) -> Bools:
        """For each row of scores whether all these pairs are still in order. An answer must score
        above the highest of all that were below it: linear in the answers, not in the pairs."""
        held: Bools = np.ones(len(scores), bool)
        for upper, lower, above in self._steps:
            highest = np.maximum.accumulate(scores[:, lower], axis=1)
            some = above > 0
            over = scores[:, upper[some]] - highest[:, above[some] - 1] > TIE
            held &= over.all(axis=1)
        return held

    def all_pairs(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The better and the worse answer of each pair."""
        better = [np.repeat(upper, above) for upper, _, above in self._steps]
        worse = [
            np.concatenate([lower[:count] for count in above]) for _, lower, above in self._steps
        ]
        nothing = np.empty(0, np.intp)
        return np.concatenate([nothing, *better]), np.concatenate([nothing, *worse])


class Rooms:
    """The room of each criterion's points, in closed form or by scoring again."""

    def __init__(self, rescoring: Rescoring, kept: Kept) -> None:
        self._rescoring, self._kept = rescoring, kept
        self._is_linear = rescoring.is_linear
        self._better, self._worse = kept.all_pairs()
        raw = rescoring.values @ rescoring.points
        self._gaps: Floats = raw[self._better] - raw[self._worse]

    def of(self, place: int) -> Room | None:
        """None without a pair in order, and for a criterion of no points.

        Closed form: with D = Σ_k w_k (v_ak − v_bk) > 0, a change of w_j by the share u makes it
        D + u w_j (v_aj − v_bj), which is 0 at u = −D / (w_j (v_aj − v_bj)). The positive points
        below the line are the same for both answers.
        """
        if not self._kept.pairs or not self._rescoring.points[place]:
            return None
        return self._closed(place) if self._is_linear else self._searched(place)

    def _closed(self, place: int) -> Room:
        column = self._rescoring.values[:, place] * self._rescoring.points[place]
        moves = column[self._better] - column[self._worse]
        fewer = self._tightest(moves > 0, moves)
        if fewer is not None and fewer.change <= -1:
            fewer = None
        return Room(fewer, self._tightest(moves < 0, moves), exact=True)

    def _tightest(self, which: Bools, moves: Floats) -> Edge | None:
        at = np.flatnonzero(which)
        if not at.size:
            return None
        changes = -self._gaps[at] / moves[at]
        first = at[int(np.abs(changes).argmin())]
        return self._edge(
            -self._gaps[first] / moves[first], self._better[first], self._worse[first]
        )

    def _edge(self, change: float, better: np.intp | int, worse: np.intp | int) -> Edge:
        names = self._kept.names
        return Edge(float(change), names[int(better)], names[int(worse)])

    def _searched(self, place: int) -> Room:
        down = np.append(np.arange(0, 1, STEP)[1:], 1 - 1e-9)
        up = np.arange(STEP, FARTHEST + STEP / 2, STEP)
        return Room(self._first_break(place, -down), self._first_break(place, up), exact=False)

    def _first_break(self, place: int, changes: Floats) -> Edge | None:
        """The first of these changes that breaks the order, told more exactly round by round."""
        held, lost = 0.0, float("nan")
        for _ in range(_ROUNDS):
            broken = np.flatnonzero(~self._kept.holds(self._rescoring.moved(place, changes)))
            if not broken.size:
                break
            at = int(broken[0])
            held, lost = (float(changes[at - 1]) if at else held), float(changes[at])
            changes = np.linspace(held, lost, _POINTS)[1:]
        if np.isnan(lost):
            return None
        scores = self._rescoring.moved(place, np.array([lost]))[0]
        first = int((scores[self._better] - scores[self._worse]).argmin())
        return self._edge(lost, self._better[first], self._worse[first])
