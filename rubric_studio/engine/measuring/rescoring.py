"""The scores of many answers under many sets of points at once, in floating point.

What `engine.document.scoring` says exactly of one answer and one document, as NumPy arrays:
sections, caps, gates, requires and not-applicable included. For questions of the kind "what if
this criterion had other points", which take thousands of scores.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rubric_studio.engine.document.scoring import NotApplicable, Verdict
from rubric_studio.engine.document.structure import in_dependency_order, innermost_first
from rubric_studio.engine.document.types import Criterion, Document

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MET = 0.5
# Scores in one piece of work, to keep memory bounded: 8 MB an array.
_PIECE = 1_000_000


class Rescoring:
    """Answers and their verdicts, ready to be scored under any points.

    `complete` are the places of the answers that have every verdict that applies and something
    to score out of; all arrays below have one row for each of them. `points` are the document's
    own, `values` the verdicts after requires, with 0 where not applicable, `applies` says where
    they are.
    """

    def __init__(self, document: Document, verdicts: Sequence[Mapping[str, Verdict]]) -> None:
        """Verdicts by criterion key, one mapping an answer, as for `Scorer.score`."""
        self.criteria: tuple[Criterion, ...] = document.criteria
        self.points: Floats = np.array([float(it.points) for it in self.criteria])
        self._document = document
        self._innermost_first = innermost_first(document)
        values, missing = _after_requires(document, verdicts)
        applies = ~np.isnan(values) & ~missing
        values = np.where(applies, values, 0.0)
        self._keep(np.arange(len(verdicts)), values, applies)
        undefined = np.isnan(self.scores(self.points)[0])
        kept = np.flatnonzero(~missing.any(axis=1) & ~undefined)
        self._keep(kept, values[kept], applies[kept])

    def _keep(self, places: NDArray[np.intp], values: Floats, applies: Bools) -> None:
        self.complete = tuple(int(place) for place in places)
        self.values, self.applies = values, applies
        rewards = self.points > 0
        fails = applies & np.where(rewards, values < MET, values >= MET)
        caps = [np.inf if it.gate is None else float(it.gate.cap) for it in self.criteria]
        self._gate_caps: Floats = np.where(fails, np.array(caps, float), np.inf)

    @property
    def n(self) -> int:
        return len(self.complete)

    @property
    def is_linear(self) -> bool:
        """Whether the difference of two scores is a plain weighted sum of verdicts: no caps, no
        gate that fails, no tree, and the same criteria apply to every answer."""
        if self._document.scoring.method == "tree" or self._has_caps:
            return False
        same = bool((self.applies == self.applies[:1]).all())
        return same and not np.isfinite(self._gate_caps).any()

    @property
    def _has_caps(self) -> bool:
        return any(it.cap is not None for it in self._document.sections)

    def scores(self, points: Floats) -> Floats:
        """A row of scores for each row of points (one set of points makes one row), NaN where
        nothing can be scored. Gates stay as they fail under the document's own points, so points
        must keep their signs; 0 takes a criterion out, its gate included."""
        rows = np.atleast_2d(points)
        size = max(1, _PIECE // max(1, len(self.values)))
        parts = [self._scored(rows[at : at + size]) for at in range(0, len(rows), size)]
        return np.concatenate(parts) if parts else np.empty((0, len(self.values)))

    def without(self, place: int) -> Floats:
        """The scores when the criterion at this place is not there."""
        points = self.points.copy()
        points[place] = 0
        scores: Floats = self.scores(points)[0]
        return scores

    def contributions(self) -> Floats:
        """What each criterion gives to each answer's score before caps and gates: they sum up,
        row by row, to that score."""
        if self._document.scoring.method == "tree":
            leaves: Floats = self.values * self._tree_shares()
            return leaves
        possible = np.where(self.applies, np.maximum(self.points, 0), 0).sum(axis=1)
        shares: Floats = self.values * self.points / possible[:, None]
        return shares

    def _scored(self, points: Floats) -> Floats:
        tree = self._document.scoring.method == "tree"
        above, below = self._tree_sums(points) if tree else self._point_sums(points)
        with np.errstate(divide="ignore", invalid="ignore"):
            scores = np.where(below > 0, above / below, np.nan)
        return self._gated(scores, points)

    def _gated(self, scores: Floats, points: Floats) -> Floats:
        gated = np.flatnonzero(np.isfinite(self._gate_caps).any(axis=0))
        for place in gated:
            capped = np.minimum(scores, self._gate_caps[:, place])
            scores = np.where(points[:, place, None] != 0, capped, scores)
        return scores

    def _own_sums(self, points: Floats, section: str | None) -> tuple[Floats, Floats]:
        places = [n for n, it in enumerate(self.criteria) if it.section == section]
        above = points[:, places] @ self.values[:, places].T
        below = np.maximum(points[:, places], 0) @ self.applies[:, places].T
        return above, below

    def _point_sums(self, points: Floats) -> tuple[Floats, Floats]:
        if not self._has_caps:
            return points @ self.values.T, np.maximum(points, 0) @ self.applies.T
        sums = {key: self._own_sums(points, key) for key in (None, *self._innermost_first)}
        sections = {it.key: it for it in self._document.sections}
        for key in self._innermost_first:
            above, below = sums[key]
            cap = sections[key].cap
            if cap is not None:
                above, below = np.minimum(above, float(cap)), np.minimum(below, float(cap))
            outer = sums[sections[key].parent]
            sums[sections[key].parent] = outer[0] + above, outer[1] + below
        return sums[None]

    def _tree_sums(self, points: Floats) -> tuple[Floats, Floats]:
        sums = {key: self._own_sums(points, key) for key in (None, *self._innermost_first)}
        sections = {it.key: it for it in self._document.sections}
        for key in self._innermost_first:
            above, below = sums[key]
            weight = float(sections[key].weight) * (below > 0)
            mean = np.divide(above, below, out=np.zeros_like(above), where=below > 0)
            outer = sums[sections[key].parent]
            sums[sections[key].parent] = outer[0] + weight * mean, outer[1] + weight
        return sums[None]

    def _tree_shares(self) -> Floats:
        """Each leaf's product of normalised weights along its path, answer by answer."""
        below = {
            key: self._own_sums(self.points[None], key)[1][0]
            for key in (None, *self._innermost_first)
        }
        sections = {it.key: it for it in self._document.sections}
        for key in self._innermost_first:
            weight = float(sections[key].weight) * (below[key] > 0)
            below[sections[key].parent] = below[sections[key].parent] + weight
        share: dict[str | None, Floats] = {None: np.ones(len(self.values))}
        for key in reversed(self._innermost_first):
            outer = sections[key].parent
            weight = float(sections[key].weight) * (below[key] > 0)
            part = np.divide(
                weight, below[outer], out=np.zeros_like(weight), where=below[outer] > 0
            )
            share[key] = share[outer] * part
        shares = np.zeros_like(self.values)
        for place, criterion in enumerate(self.criteria):
            base = below[criterion.section]
            own = np.divide(self.points[place], base, out=np.zeros_like(base), where=base > 0)
            shares[:, place] = share[criterion.section] * own * self.applies[:, place]
        return shares


def _after_requires(
    document: Document, verdicts: Sequence[Mapping[str, Verdict]]
) -> tuple[Floats, Bools]:
    """Values by answer and criterion, NaN where not applicable, and where a verdict is missing."""
    keys = [it.key for it in document.criteria]
    place = {key: n for n, key in enumerate(keys)}
    values = np.array([[_number(it.get(key)) for key in keys] for it in verdicts], float)
    values = values.reshape(len(verdicts), len(keys))
    missing = np.array([[key not in it for key in keys] for it in verdicts], bool)
    missing = missing.reshape(values.shape)
    requires = {it.key: it.requires for it in document.criteria}
    for key in in_dependency_order(document):
        required = [place[it] for it in requires[key]]
        if not required:
            continue
        own = place[key]
        off = (np.isnan(values[:, required]) & ~missing[:, required]).any(axis=1)
        unmet = (values[:, required] < MET).any(axis=1)
        known = ~np.isnan(values[:, own])
        values[:, own] = np.where(off, np.nan, np.where(unmet & known, 0.0, values[:, own]))
        missing[:, own] &= ~off
    return values, missing


def _number(verdict: Verdict | None) -> float:
    if verdict is None or isinstance(verdict, NotApplicable):
        return float("nan")
    return float(verdict)
