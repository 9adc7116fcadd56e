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
# By section: above and below the line, a row for each set of points, a column for each answer.
_Sums = dict[str | None, tuple[Floats, Floats]]

MET = 0.5
# Points below the line that are less than this are what rounding leaves of none.
NOTHING = 1e-12
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
        self._sections = {it.key: it for it in document.sections}
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
        self._base_sums = self._own_sums(self.points[None])

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
        points = self.points[None].copy()
        points[0, place] = 0
        scores: Floats = self._gated(self._moved(place, np.array([-1.0])), points)[0]
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

    def moved(self, place: int, changes: Floats) -> Floats:
        """A row of scores for each change of one criterion's points, given as a share of them
        (0.5: half as many again); above -1. Only what that criterion touches is summed again."""
        return self._gated(self._moved(place, changes), self.points[None])

    def _moved(self, place: int, changes: Floats) -> Floats:
        section = self.criteria[place].section if self._has_parts else None
        sums = dict(self._base_sums)
        above, below = sums[section]
        more = changes[:, None] * self.points[place]
        rewards = max(0.0, float(np.sign(self.points[place])))
        sums[section] = (
            above + more * self.values[:, place],
            below + rewards * more * self.applies[:, place],
        )
        return self._ratio(sums)

    @property
    def _has_parts(self) -> bool:
        """Whether sections change the score; else all criteria are summed as one."""
        return self._has_caps or self._document.scoring.method == "tree"

    def _scored(self, points: Floats) -> Floats:
        return self._gated(self._ratio(self._own_sums(points)), points)

    def _gated(self, scores: Floats, points: Floats) -> Floats:
        gated = np.flatnonzero(np.isfinite(self._gate_caps).any(axis=0))
        for place in gated:
            capped = np.minimum(scores, self._gate_caps[:, place])
            scores = np.where(points[:, place, None] != 0, capped, scores)
        return scores

    def _own_sums(self, points: Floats) -> _Sums:
        """What the criteria of each section give, and at most could, by answer; the whole rubric's
        own under None. Without parts all of them are there."""
        rewards = np.maximum(points, 0)
        if not self._has_parts:
            return {None: (points @ self.values.T, rewards @ self.applies.T)}
        sums = {}
        for section in (None, *self._innermost_first):
            places = [n for n, it in enumerate(self.criteria) if it.section == section]
            above = points[:, places] @ self.values[:, places].T
            sums[section] = above, rewards[:, places] @ self.applies[:, places].T
        return sums

    def _ratio(self, sums: _Sums) -> Floats:
        """The scores, before gates, that these sums make; NaN where nothing can be scored."""
        above, below = self._joined(sums) if self._has_parts else sums[None]
        return np.divide(above, below, out=np.full_like(above, np.nan), where=below > NOTHING)

    def _joined(self, sums: _Sums) -> tuple[Floats, Floats]:
        """Sections into those around them, the innermost first."""
        sums = dict(sums)
        tree = self._document.scoring.method == "tree"
        for key in self._innermost_first:
            section = self._sections[key]
            above, below = sums[key]
            if tree:
                weight = np.where(below > NOTHING, float(section.weight), 0.0)
                mean = np.divide(above, below, out=np.zeros_like(above), where=below > NOTHING)
                above, below = weight * mean, weight
            elif section.cap is not None:
                above = np.minimum(above, float(section.cap))
                below = np.minimum(below, float(section.cap))
            outer = sums[section.parent]
            sums[section.parent] = outer[0] + above, outer[1] + below
        return sums[None]

    def _tree_shares(self) -> Floats:
        """Each leaf's product of normalised weights along its path, answer by answer."""
        sections = self._sections
        below = {key: sums[1][0] for key, sums in self._base_sums.items()}
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
