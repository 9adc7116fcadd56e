"""How far points may move before two answers change places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rubric_studio.engine.document.scoring import Verdict
from rubric_studio.engine.document.types import Document

from .intervals import Proportion
from .rescoring import Bools, Floats, Rescoring

DRAWS = 2000
SPREAD = 0.25
# A room narrower than this, as a share of the points, is not safe; nor is an order that fewer
# draws than this keep.
MIN_ROOM = 0.1
MIN_UNCHANGED = 0.95
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


@dataclass(frozen=True, slots=True)
class Stability:
    """`n` answers have a complete score and a tier, `left_out` have a tier and no such score.
    `pairs` of them are in the expert's order. `rooms` has one entry a criterion, None without a
    pair or without points. `unchanged` counts the draws that kept all pairs in order while all
    points moved by up to `spread` (0.25: ± 25 %), None without a pair. `closed_form` says whether
    the rooms are exact; under caps, failing gates, trees and not-applicable criteria they are
    found by scoring again. `needs` pairs are missing to the minimum of one."""

    n: int
    left_out: int
    pairs: int
    rooms: tuple[Room | None, ...]
    unchanged: Proportion | None
    spread: float
    closed_form: bool
    needs: int

    @property
    def tightest(self) -> int | None:
        """The index of the criterion with the least room, None where no room has an end."""
        least = {n: it.least for n, it in enumerate(self.rooms) if it is not None}
        ended = {n: change for n, change in least.items() if change is not None}
        return min(ended, key=ended.__getitem__) if ended else None

    @property
    def unsafe(self) -> tuple[int, ...]:
        """Criteria with less room than 10 % of their points, the tightest first."""
        least = {n: it.least for n, it in enumerate(self.rooms) if it is not None}
        tight = {n: change for n, change in least.items() if change is not None}
        narrow = [n for n, change in tight.items() if change < MIN_ROOM]
        return tuple(sorted(narrow, key=lambda n: (tight[n], n)))


def measure_stability(
    document: Document,
    verdicts: Sequence[Mapping[str, Verdict]],
    tiers: Sequence[int | None],
    *,
    draws: int = DRAWS,
    spread: float = SPREAD,
    seed: int = 0,
) -> Stability:
    """How far each criterion's points may move by themselves, and how often the order stands when
    all move at once: P(order unchanged) under w_j (1 + u), u uniform in ± `spread`.

    `verdicts` has one mapping an answer, by criterion key; `tiers` the expert's, higher is better.
    The same input gives the same draws. Source: stability intervals of additive weights, Mareschal
    (1988), European Journal of Operational Research 33:54-64. Minimum n: one pair of answers in
    order. Raises ValueError when lengths differ or `spread` lies outside (0, 1).
    """
    if len(verdicts) != len(tiers):
        raise ValueError(f"{len(verdicts)} answers and {len(tiers)} tiers: each answer needs both.")
    if not 0 < spread < 1:
        raise ValueError(f"Points can't move by {spread}: give a share between 0 and 1.")
    rescoring = Rescoring(document, verdicts)
    ranks = [tiers[place] for place in rescoring.complete]
    kept = Kept(rescoring, ranks)
    rooms = Rooms(rescoring, kept)
    ranked = sum(tier is not None for tier in ranks)
    return Stability(
        n=ranked,
        left_out=sum(tier is not None for tier in tiers) - ranked,
        pairs=kept.pairs,
        rooms=tuple(rooms.of(place) for place in range(len(rescoring.points))),
        unchanged=_unchanged(rescoring, kept, draws, spread, seed),
        spread=spread,
        closed_form=rescoring.is_linear,
        needs=0 if kept.pairs else 1,
    )


def _unchanged(
    rescoring: Rescoring, kept: "Kept", draws: int, spread: float, seed: int
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
