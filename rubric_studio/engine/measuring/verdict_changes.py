"""Whether and which way an edit moved a verdict."""

from collections.abc import Mapping
from itertools import pairwise

from rubric_studio.engine.document.scoring import NotApplicable, Verdict
from rubric_studio.engine.document.types import Criterion

Verdicts = Mapping[str, Verdict]


def least_step(criterion: Criterion) -> float:
    """The smallest difference between two verdicts of the criterion: 1 for met and unmet, for
    levels the least distance of two values that differ; 1 where there is only one value. Above 0.
    No errors."""
    values = sorted({float(it.value) for it in criterion.levels or ()})
    return min((high - low for low, high in pairwise(values)), default=1.0)


def moved(before: Verdict, after: Verdict, step: float) -> int | None:
    """1 when the verdict rose, -1 when it fell, 0 when it stayed; None when it became, or ceased
    to be, not applicable: a change, though neither up nor down.

    Verdicts in between, of repeats that differ, count as moved from half a step on. No errors.
    """
    if isinstance(before, NotApplicable) and isinstance(after, NotApplicable):
        return 0
    by = difference(before, after)
    if by is None:
        return None
    return 0 if abs(by) < step / 2 else 1 if by > 0 else -1


def difference(before: Verdict, after: Verdict) -> float | None:
    """By how much the verdict rose, in [-1, 1]; None where one of the two is not applicable. No
    errors."""
    if isinstance(before, NotApplicable) or isinstance(after, NotApplicable):
        return None
    return float(after) - float(before)


def has_room(before: Verdict, direction: int) -> bool:
    """Whether the verdict can still go that way: one that is met already can't rise. No
    errors."""
    if isinstance(before, NotApplicable):
        return False
    return float(before) < 1 if direction > 0 else float(before) > 0
