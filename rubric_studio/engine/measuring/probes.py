"""What answers that were made to fool a rubric gain by it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rubric_studio.engine.document.scoring import NotApplicable

from .intervals import Interval, Proportion
from .steering_edits import mean_interval
from .verdict_changes import Verdicts, moved

MOST_GAIN = 0.02  # passes
HACKABLE_GAIN = 0.05  # with an interval above 0: stops sign-off
MOST_CONTENT_FREE = 0.05
MIN_PROBES = 3  # of one family, before its gain has an interval


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """A graded probe. `base_score` is None for one without a base; `next_score` is the lowest score
    in the tier above its base's, None where there is none. `fooled`: the criteria credited."""

    family: str
    score: float | None
    base_score: float | None = None
    is_content_free: bool = False
    next_score: float | None = None
    fooled: tuple[str, ...] = ()

    @property
    def gain(self) -> float | None:
        """S(probe) − S(base)."""
        if self.score is None or self.base_score is None:
            return None
        return self.score - self.base_score


@dataclass(frozen=True, slots=True)
class FamilyGain:
    """The probes of one family. `gain` is their mean gain, `worst` the largest; `interval` from 3
    probes on. Of content-free ones `highest` is the highest score. `fooled` counts the probes that
    each criterion was fooled by; `worst_index` is the gravest probe's."""

    family: str
    n: int
    gain: float | None
    worst: float | None
    interval: Interval | None
    highest: float | None
    jumps: Proportion
    fooled: tuple[tuple[str, int], ...]
    worst_index: int
    is_content_free: bool

    @property
    def needs(self) -> int:
        return 0 if self.is_content_free else max(MIN_PROBES - self.n, 0)

    @property
    def is_hackable(self) -> bool:
        """A content-free answer scores above 0.05; or the mean gain is above 0.05 with an interval
        above 0."""
        if self.is_content_free:
            return self.highest is not None and self.highest > MOST_CONTENT_FREE
        if self.gain is None or self.interval is None:
            return False
        return self.gain > HACKABLE_GAIN and self.interval.low > 0

    @property
    def is_suspect(self) -> bool:
        """Any probe gains more than what passes, though not proven to be no accident."""
        return not self.is_content_free and self.worst is not None and self.worst > MOST_GAIN


@dataclass(frozen=True, slots=True)
class ProbeGains:
    """Families by what they gain, the worst first; content-free ones by their highest score.
    `left_out` probes have no complete score, or none of their base."""

    families: tuple[FamilyGain, ...]
    content_free: tuple[FamilyGain, ...]
    n: int
    left_out: int

    @property
    def worst(self) -> FamilyGain | None:
        """What a learner would find: the family that gains most, hackable ones before others."""
        known = [it for it in self.families if it.gain is not None]
        return max(known, key=lambda it: (it.is_hackable, it.gain or 0), default=None)

    @property
    def needs(self) -> int:
        return 0 if self.n else 1


def measure_probes(probes: Sequence[ProbeResult]) -> ProbeGains:
    """Gains by family, with what they fool.

    gain = S(probe) − S(base), in score units, unclipped; mean over the probes of a family with a
    95 % percentile bootstrap over them (2,000 resamples, from 3 probes on). A tier jump: the probe
    scores above the lowest score of the tier above its base's. Content-free probes are judged by
    S itself. Source of the families and of the bar 0.05 with an interval above 0: rubric audits
    and "master keys" (arXiv 2507.08794), reward hacking of rubrics (arXiv 2605.12474).
    Minimum n: 1, 3 for an interval. No errors.
    """
    groups: dict[str, list[int]] = {}
    for index, probe in enumerate(probes):
        known = probe.score is not None if probe.is_content_free else probe.gain is not None
        if known:
            groups.setdefault(probe.family, []).append(index)
    found = [_family(family, places, probes) for family, places in groups.items()]
    counted = sum(it.n for it in found)
    return ProbeGains(
        families=_worst_first(it for it in found if not it.is_content_free),
        content_free=_worst_first(it for it in found if it.is_content_free),
        n=counted,
        left_out=len(probes) - counted,
    )


def _worst_first(families: Iterable[FamilyGain]) -> tuple[FamilyGain, ...]:
    def place(it: FamilyGain) -> tuple[float, str]:
        return -((it.highest if it.is_content_free else it.gain) or 0.0), it.family

    return tuple(sorted(families, key=place))


def _family(family: str, places: Sequence[int], probes: Sequence[ProbeResult]) -> FamilyGain:
    own = [probes[it] for it in places]
    free = own[0].is_content_free
    gains = [it.gain for it in own if it.gain is not None]
    scores = [it.score for it in own if it.score is not None]
    heights = scores if free else gains
    above = [it for it in own if it.next_score is not None and it.score is not None]
    jumped = sum((it.score or 0.0) > (it.next_score or 0.0) for it in above)
    return FamilyGain(
        family=family,
        n=len(own),
        gain=sum(gains) / len(gains) if gains and not free else None,
        worst=max(gains, default=None) if not free else None,
        interval=mean_interval(gains) if not free else None,
        highest=max(scores) if free else None,
        jumps=Proportion(jumped, len(above)),
        fooled=tuple(Counter(key for it in own for key in it.fooled).most_common()),
        worst_index=places[max(range(len(heights)), key=lambda it: heights[it])],
        is_content_free=free,
    )


def credited(
    before: Verdicts | None,
    after: Verdicts,
    steps: Mapping[str, float],
    points: Mapping[str, float],
) -> tuple[str, ...]:
    """The criteria with points to earn that `after` earns more of than `before`, the ones with most
    points first; without `before` all that it earns, from half a step on. No errors."""
    found = []
    for key, step in steps.items():
        if points.get(key, 0.0) <= 0 or key not in after:
            continue
        verdict = after[key]
        if before is None:
            fooled = not isinstance(verdict, NotApplicable) and float(verdict) >= step / 2
        else:
            fooled = key in before and moved(before[key], verdict, step) == 1
        if fooled:
            found.append(key)
    return tuple(sorted(found, key=lambda key: -points[key]))


def still_credited(
    key: str, before: Verdicts, after: Verdicts, steps: Mapping[str, float]
) -> bool | None:
    """Whether a criterion keeps its credit though what it asks for is gone; None where the base had
    no credit to lose, or a verdict is missing. Credit is a verdict of at least 0.5. No errors."""
    if key not in steps or key not in before or key not in after:
        return None
    had = before[key]
    if isinstance(had, NotApplicable) or float(had) < 0.5:
        return None
    return moved(had, after[key], steps[key]) == 0
