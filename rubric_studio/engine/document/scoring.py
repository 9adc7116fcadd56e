"""A score out of a document and its verdicts: exact, and honest about missing verdicts.

The formula is in docs/document.md; the points method without sections, gates and requires is
HealthBench's (arXiv 2505.08775), the tree is PaperBench's weighted mean (arXiv 2504.01848).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final

from .bounds import (
    NEVER,
    ONE,
    ZERO,
    Options,
    Possible,
    Undefined,
    after_requires,
    capped,
    ratio_range,
    weighed,
)
from .problems import DocumentError
from .structure import in_dependency_order, innermost_first, structure_problems
from .types import Criterion, Document, Number


class NotApplicable:
    """The type of NOT_APPLICABLE."""

    def __repr__(self) -> str:
        return "NOT_APPLICABLE"


NOT_APPLICABLE: Final = NotApplicable()

Verdict = Fraction | float | int | NotApplicable
Verdicts = Mapping[str, Verdict]


class ScoreUndefined(ValueError):
    """No positive points can apply, so there is nothing to score out of."""


@dataclass(frozen=True, slots=True)
class Score:
    """What verdicts make of an answer. All shares are exact; `low` and `high` surely contain every
    score that the missing verdicts could still give."""

    value: Fraction | None  # not clipped, at most 1; None while a verdict is missing
    low: Fraction
    high: Fraction
    coverage: Fraction  # share of the applicable criteria that have a verdict
    coverage_by_weight: Fraction  # the same by |points|
    missing: tuple[str, ...]
    gates_failed: tuple[str, ...]
    floor: Number
    pass_mark: Number

    @property
    def score(self) -> float | None:
        """The value as the one float nearest to it, or None."""
        return None if self.value is None else float(self.value)

    @property
    def low_float(self) -> float:
        return float(self.low)

    @property
    def high_float(self) -> float:
        return float(self.high)

    @property
    def coverage_float(self) -> float:
        return float(self.coverage)

    @property
    def coverage_by_weight_float(self) -> float:
        return float(self.coverage_by_weight)

    @property
    def passes(self) -> bool | None:
        """Whether the value reaches the document's pass mark, or None while it is unknown."""
        return None if self.value is None else self.value >= exact(self.pass_mark)

    def reward(self, floor: Number | None = None) -> float | None:
        """The value clipped to [floor, 1] for export; `floor` defaults to the document's."""
        if self.value is None:
            return None
        return float(max(self.value, exact(self.floor if floor is None else floor)))


@dataclass(frozen=True, slots=True)
class SectionPoints:
    """A section's points after caps, sections inside it included: what is earned lies in
    [low, high], out of at most `possible` positive points."""

    low: Fraction
    high: Fraction
    possible: Fraction

    @property
    def earned(self) -> Fraction | None:
        """The points earned, or None while missing verdicts leave them open."""
        return self.low if self.low == self.high else None


def score(document: Document, verdicts: Verdicts) -> Score:
    """The score of an answer with these verdicts: criterion key to a value in [0, 1] or
    NOT_APPLICABLE; a key that is absent has no verdict, a key that is unknown is not looked at.

    Raises ScoreUndefined when no positive points can apply, DocumentError when criteria or
    sections refer to what is not there or go in a circle, ValueError for a value outside [0, 1].
    """
    return Scorer(document).score(verdicts)


def section_points(document: Document, verdicts: Verdicts) -> dict[str | None, SectionPoints]:
    """The points of each section, by key; None is the whole rubric before gates. Points method.

    Raises as `score` does, but a rubric without positive points is no error here.
    """
    scorer = Scorer(document)
    return scorer.section_points(scorer.possible_values(verdicts))


class Scorer:
    """Scores many answers against one document, which is looked through only once."""

    def __init__(self, document: Document) -> None:
        """Raises DocumentError when criteria or sections refer to what is not there."""
        problems = structure_problems(document)
        if problems:
            raise DocumentError(problems)
        self.scoring = document.scoring
        self.criteria: dict[str, Criterion] = {it.key: it for it in document.criteria}
        self.points = {it.key: exact(it.points) for it in document.criteria}
        self.order = in_dependency_order(document)
        self.sections = {it.key: it for it in document.sections}
        self.innermost_first = innermost_first(document)

    def score(self, verdicts: Verdicts) -> Score:
        """As the function `score`."""
        values = self.possible_values(verdicts)
        low, high = self._range(values)
        failed, uncertain = self._failed_gates(values)
        low = min([low, *self._gate_caps(failed), *self._gate_caps(uncertain)])
        high = min([high, *self._gate_caps(failed)])
        applicable = [key for key, value in values.items() if value.applies]
        missing = tuple(sorted(key for key in applicable if key not in verdicts))
        return Score(
            value=None if missing else low,
            low=low,
            high=high,
            coverage=1 - Fraction(len(missing), len(applicable)),
            coverage_by_weight=1 - self._weight(missing) / self._weight(applicable),
            missing=missing,
            gates_failed=tuple(sorted(failed)),
            floor=self.scoring.floor,
            pass_mark=self.scoring.pass_mark,
        )

    def possible_values(self, verdicts: Verdicts) -> dict[str, Possible]:
        """What each criterion's value may be, those it requires considered."""
        values: dict[str, Possible] = {}
        for key in self.order:
            criterion = self.criteria[key]
            own = _own_value(criterion, verdicts)
            required = [values[it] for it in criterion.requires]
            values[key] = after_requires(own, required) if required else own
        return values

    def section_points(self, values: Mapping[str, Possible]) -> dict[str | None, SectionPoints]:
        """The points of each section, given what each criterion's value may be."""
        return {key: _sum(parts) for key, parts in self._points_parts(values).items()}

    def _range(self, values: Mapping[str, Possible]) -> tuple[Fraction, Fraction]:
        if self.scoring.method == "tree":
            return self._tree_range(values)
        try:
            return ratio_range(self._points_parts(values)[None])
        except Undefined:
            raise ScoreUndefined(
                _why_undefined(any(it > 0 for it in self.points.values()))
            ) from None

    def _points_parts(self, values: Mapping[str, Possible]) -> dict[str | None, list[Options]]:
        """The summands of each section, and of the whole under None; caps innermost first."""
        parts: defaultdict[str | None, list[Options]] = defaultdict(list)
        parts[None] = []
        for key, value in values.items():
            parts[self.criteria[key].section].append(weighed(value, self.points[key]))
        for section_key in self.innermost_first:
            section = self.sections[section_key]
            inside = parts[section_key]
            if section.cap is not None:
                inside = parts[section_key] = [capped(inside, exact(section.cap))]
            parts[section.parent].extend(inside)
        return parts

    def _tree_range(self, values: Mapping[str, Possible]) -> tuple[Fraction, Fraction]:
        if any(points < 0 for points in self.points.values()):
            raise ScoreUndefined("A tree score takes no negative points; make them a gate.")
        parts: defaultdict[str | None, list[Options]] = defaultdict(list)
        for key, value in values.items():
            parts[self.criteria[key].section].append(weighed(value, self.points[key]))
        for section_key in self.innermost_first:
            section = self.sections[section_key]
            mean = _weighted_mean(parts[section_key])
            parts[section.parent].append(weighed(mean, exact(section.weight)))
        whole = _weighted_mean(parts[None])
        if not whole.applies:
            raise ScoreUndefined(_why_undefined(bool(self.points)))
        return whole.low, whole.high

    def _failed_gates(self, values: Mapping[str, Possible]) -> tuple[list[str], list[str]]:
        """Keys of the gates that fail, and of those that may or may not."""
        failed: list[str] = []
        uncertain: list[str] = []
        for key, criterion in self.criteria.items():
            value, rewards = values[key], self.points[key] > 0
            if criterion.gate is None or not value.applies:
                continue
            may_fail = value.can_be_unmet if rewards else value.can_be_met
            may_hold = value.can_be_met if rewards else value.can_be_unmet
            if may_fail:
                (uncertain if may_hold or value.may_not_apply else failed).append(key)
        return failed, uncertain

    def _gate_caps(self, keys: Iterable[str]) -> list[Fraction]:
        gates = [self.criteria[key].gate for key in keys]
        return [exact(gate.cap) for gate in gates if gate is not None]

    def _weight(self, keys: Iterable[str]) -> Fraction:
        return sum((abs(self.points[key]) for key in keys), ZERO)


def _own_value(criterion: Criterion, verdicts: Verdicts) -> Possible:
    if criterion.key not in verdicts:
        return Possible(ZERO, ONE, criterion.may_not_apply)
    verdict = verdicts[criterion.key]
    if isinstance(verdict, NotApplicable):
        return NEVER
    if not 0 <= verdict <= 1:  # NaN is refused here too
        raise ValueError(f"The verdict on {criterion.key!r} is {verdict}; it must lie in [0, 1].")
    value = exact(verdict)
    return Possible(value, value)


def _weighted_mean(parts: list[Options]) -> Possible:
    """What the weighted mean of siblings may be; without any weight it does not apply."""
    try:
        low, high = ratio_range(parts)
    except Undefined:
        return NEVER
    can_vanish = all(any(not part.below for part in options) for options in parts)
    return Possible(low, high, may_not_apply=can_vanish)


def _sum(parts: list[Options]) -> SectionPoints:
    return SectionPoints(
        low=sum((min(it.above for it in options) for options in parts), ZERO),
        high=sum((max(it.above for it in options) for options in parts), ZERO),
        possible=sum((max(it.below for it in options) for options in parts), ZERO),
    )


def _why_undefined(has_points: bool) -> str:
    if has_points:
        return "No criterion with positive points applies, so there is nothing to score out of."
    return "The rubric has no criterion with positive points; add one before you score."


@lru_cache(maxsize=4096)
def exact(number: Fraction | Number) -> Fraction:
    """The number as the decimal that its shortest form writes: 0.1 is 1/10.

    Raises ValueError for NaN and infinities.
    """
    return Fraction(float.__repr__(number)) if isinstance(number, float) else Fraction(number)
