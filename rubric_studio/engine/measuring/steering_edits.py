"""Whether verdicts move when they should, and only then: minimal edits of graded answers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from .intervals import Interval, Proportion
from .multiplicity import chance_of_at_least, stand_out
from .verdict_changes import Verdicts, difference, has_room, moved

MIN_EDITS = 5  # of one criterion, before its share of flips is relied on
MIN_CRITERIA = 3  # with so many edits each
MIN_WEIGHT = 0.5  # of all points, in absolute value, that those criteria carry together
MIN_SENSITIVITY = 0.8
MIN_INVARIANCE = 0.9
MIN_SPILL_EDITS = 3  # of one criterion, before what it spills over to is relied on
MOST_SPILLOVER = 0.05
GAIN_RANGE = (0.8, 1.25)
RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class EditResult:
    """A graded edit and its graded base. `expected` is what its author stated before grading, by
    criterion: 1 up, -1 down; empty: nothing should change. A key that is absent from `before` or
    `after` has no verdict. `gain` is the score's change, `due` the change that the stated flips
    alone would make of it; None where a score is incomplete."""

    criterion: str
    expected: Mapping[str, int]
    before: Verdicts
    after: Verdicts
    gain: float | None = None
    due: float | None = None


@dataclass(frozen=True, slots=True)
class TargetedFlip:
    """Of the edits stated to move this criterion, those that moved it that way. `misses` are their
    indices that did not; `needs` more edits are missing to the minimum of 5."""

    criterion: str
    flips: Proportion
    misses: tuple[int, ...]

    @property
    def needs(self) -> int:
        return max(MIN_EDITS - self.flips.n, 0)

    @property
    def is_low(self) -> bool:
        return self.flips.share is not None and self.flips.share < MIN_SENSITIVITY


@dataclass(frozen=True, slots=True)
class Spill:
    """What edits of `edited` did to `other`, which they were not stated to touch. `changed` counts
    them, `mean` is E[y_other(edit) − y_other(base)], None where no verdict has a value.
    `stands_out` of all pairs of criteria: 1 change in 20 edits makes as many by luck too seldom."""

    edited: str
    other: str
    changed: Proportion
    mean: float | None
    edits: tuple[int, ...]
    stands_out: bool = False

    @property
    def needs(self) -> int:
        return max(MIN_SPILL_EDITS - self.changed.n, 0)

    @property
    def is_spilling(self) -> bool:
        """More than 1 in 20, and not by so few edits, of so many pairs, that chance would do."""
        interval = self.changed.interval
        return self.stands_out and interval is not None and interval.low > MOST_SPILLOVER

    @property
    def luck(self) -> float | None:
        """P(X >= changes) where each edit changes it with chance 0.05; None below 3 edits."""
        if self.needs:
            return None
        return chance_of_at_least(self.changed.hits, [MOST_SPILLOVER] * self.changed.n)


@dataclass(frozen=True, slots=True)
class ScoreGain:
    """The score's change for each point that was due: 1 is ideal, above it something is paid
    twice, below it something is not paid. `interval` from 3 edits on."""

    criterion: str
    n: int
    mean: float
    interval: Interval | None

    @property
    def is_off(self) -> bool:
        """Outside 0.8 to 1.25 as far as the interval goes; unknown below 3 edits."""
        low, high = GAIN_RANGE
        return self.interval is not None and (self.interval.high < low or self.interval.low > high)


@dataclass(frozen=True, slots=True)
class SteeringEdits:
    """The pair (invariance, sensitivity), never averaged, and what it is made of.

    `left_out` edits had no verdict to compare or no room to move. `weight` is the share of the
    points that the criteria with at least 5 edits carry.
    """

    sensitivity: Proportion
    invariance: Proportion
    flips: tuple[TargetedFlip, ...]
    spills: tuple[Spill, ...]
    gains: tuple[ScoreGain, ...]
    unsteady: tuple[int, ...]
    left_out: int
    weight: float

    @property
    def tested(self) -> tuple[TargetedFlip, ...]:
        """The criteria with edits enough."""
        return tuple(it for it in self.flips if not it.needs)

    @property
    def needs_criteria(self) -> int:
        return max(MIN_CRITERIA - len(self.tested), 0)

    @property
    def needs_invariants(self) -> int:
        return max(MIN_EDITS - self.invariance.n, 0)

    @property
    def needs(self) -> int:
        """Edits that are missing at least: to 3 criteria with 5 each, and 5 that change nothing."""
        most_first = sorted((it.flips.n for it in self.flips), reverse=True)[:MIN_CRITERIA]
        most_first += [0] * (MIN_CRITERIA - len(most_first))
        return sum(max(MIN_EDITS - n, 0) for n in most_first) + self.needs_invariants


@dataclass(slots=True)
class _Counts:
    """What is gathered while the edits are gone through."""

    hits: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    tried: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    misses: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    spilled: defaultdict[tuple[str, str], list[tuple[int, bool, float | None]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    ratios: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    left_out: int = 0


def measure_edits(
    edits: Sequence[EditResult],
    steps: Mapping[str, float],
    points: Mapping[str, float],
    requires: Mapping[str, Iterable[str]] | None = None,
) -> SteeringEdits:
    """Sensitivity R and invariance S of minimal edits, and how far edits spill over.

    R_j = #(verdict j changed in the stated direction) / #(edits stated to change j, with room to).
    S = #(edits stated to change nothing that changed no verdict) / #(such edits).
    Spillover C_jk over the criteria k that an edit of j was not stated to touch, those that require
    one of the stated ones left out; of all pairs those are named that stand out by Benjamini and
    Hochberg (multiplicity.py). ScoreGain_j = mean of gain / due, over edits with both.
    Intervals: Wilson (1927); ScoreGain: percentile bootstrap over edits. All shares in [0, 1].
    Source: metamorphic tests as in CheckList (arXiv 2005.04118) and "Stable is not sensitive"
    (arXiv 2608.24419). Minimum: 5 edits a criterion, 3 criteria, 5 invariants; `needs` says what is
    missing. `steps` as of `least_step`, by criterion; others are not looked at. No errors.
    """
    counts = _Counts()
    invariants: list[tuple[int, bool]] = []
    depends = _dependants(requires or {})
    for number, edit in enumerate(edits):
        if edit.expected:
            _count(counts, number, edit, steps, depends)
        elif (steady := _is_steady(edit, steps)) is not None:
            invariants.append((number, steady))
        else:
            counts.left_out += 1
    flips = _flips(counts)
    tested = {it.criterion for it in flips if not it.needs}
    return SteeringEdits(
        sensitivity=Proportion(sum(counts.hits.values()), sum(counts.tried.values())),
        invariance=Proportion(sum(it for _, it in invariants), len(invariants)),
        flips=flips,
        spills=_spills(counts),
        gains=tuple(_gain(key, ratios) for key, ratios in sorted(counts.ratios.items())),
        unsteady=tuple(number for number, steady in invariants if not steady),
        left_out=counts.left_out,
        weight=_share_of_points(tested, points),
    )


def _count(
    counts: _Counts,
    number: int,
    edit: EditResult,
    steps: Mapping[str, float],
    depends: Mapping[str, set[str]],
) -> None:
    tried = False
    for key, direction in edit.expected.items():
        if key not in steps or key not in edit.before or key not in edit.after:
            continue
        if not has_room(edit.before[key], direction):
            continue
        tried = True
        is_hit = moved(edit.before[key], edit.after[key], steps[key]) == direction
        counts.tried[key] += 1
        counts.hits[key] += is_hit
        if not is_hit:
            counts.misses[key].append(number)
    if not tried:
        counts.left_out += 1
    if not tried or edit.criterion not in steps:  # one that is gone spills over from nothing
        return
    touched = set(edit.expected) | {it for key in edit.expected for it in depends.get(key, ())}
    for key in edit.before.keys() & edit.after.keys() & steps.keys() - touched:
        change = moved(edit.before[key], edit.after[key], steps[key])
        by = difference(edit.before[key], edit.after[key])
        counts.spilled[edit.criterion, key].append((number, change != 0, by))
    if edit.gain is not None and edit.due:
        counts.ratios[edit.criterion].append(edit.gain / edit.due)


def _is_steady(edit: EditResult, steps: Mapping[str, float]) -> bool | None:
    """None while verdicts are missing that both have, or all."""
    keys = edit.before.keys() & edit.after.keys() & steps.keys()
    if not keys:
        return None
    return all(moved(edit.before[key], edit.after[key], steps[key]) == 0 for key in keys)


def _flips(counts: _Counts) -> tuple[TargetedFlip, ...]:
    found = [
        TargetedFlip(key, Proportion(counts.hits[key], n), tuple(counts.misses[key]))
        for key, n in counts.tried.items()
    ]
    return tuple(sorted(found, key=lambda it: (it.flips.share or 0, -it.flips.n, it.criterion)))


def _spills(counts: _Counts) -> tuple[Spill, ...]:
    found = []
    for (edited, other), cells in sorted(counts.spilled.items()):
        values = [by for _, _, by in cells if by is not None]
        changed = tuple(number for number, change, _ in cells if change)
        mean = sum(values) / len(values) if values else None
        found.append(Spill(edited, other, Proportion(len(changed), len(cells)), mean, changed))
    beyond = stand_out([it.luck for it in found])
    return tuple(replace(it, stands_out=far) for it, far in zip(found, beyond, strict=True))


def _gain(key: str, ratios: Sequence[float]) -> ScoreGain:
    return ScoreGain(key, len(ratios), sum(ratios) / len(ratios), mean_interval(ratios))


def mean_interval(values: Sequence[float], seed: int = 0) -> Interval | None:
    """The 95 % percentile interval of the mean over 2,000 resamples; None below 3 values.

    The same values give the same interval, in whatever order. Efron (1979), Annals of Statistics 7.
    Of 3 values it covers less than 95 % (docs/measuring.md). No errors.
    """
    n = len(values)
    if n < 3:
        return None
    drawn = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=RESAMPLES)
    means = drawn @ np.sort(np.asarray(values, float)) / n
    low, high = np.quantile(means, [0.025, 0.975])
    # Rounding may leave 1e-17 where all values are equal.
    mean = sum(values) / n
    return Interval(min(float(low), mean), max(float(high), mean))


def _dependants(requires: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """For each criterion those that require it, directly or through others."""
    direct: defaultdict[str, set[str]] = defaultdict(set)
    for key, needed in requires.items():
        for it in needed:
            direct[it].add(key)
    return {key: _reached(key, direct) for key in list(direct)}


def _reached(key: str, direct: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [key]
    while waiting:
        for it in direct.get(waiting.pop(), ()):
            if it not in found:
                found.add(it)
                waiting.append(it)
    return found


def _share_of_points(keys: Iterable[str], points: Mapping[str, float]) -> float:
    whole = sum(abs(it) for it in points.values())
    return sum(abs(points.get(key, 0.0)) for key in keys) / whole if whole else 0.0
