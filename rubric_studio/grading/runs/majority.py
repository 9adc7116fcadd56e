"""What several judges say together of one cell: their strict majority, or that there is none."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rubric_studio.grading.models import Status

NO_MAJORITY = "no_majority"
Said = tuple[str, float | None, str]  # status, value, level


@dataclass(frozen=True, slots=True)
class Vote:
    """One judge's grade of the cell. `status` failed or cancelled is no vote: `error` says why."""

    judge: str
    status: str
    value: float | None = None
    level: str = ""
    reason: str = ""
    quotes: Sequence[Any] = ()
    error: str = ""
    reused: bool = False

    @property
    def is_cast(self) -> bool:
        return self.status not in (Status.FAILED, Status.CANCELLED)

    @property
    def said(self) -> Said:
        return self.status, self.value, self.level

    @property
    def words(self) -> str:
        if self.status == Status.GRADED:
            if self.level:
                return f"“{self.level}”"
            return {1.0: "met", 0.0: "not met"}.get(self.value or 0.0, f"{self.value:g}")
        names = {Status.NOT_APPLICABLE: "not applicable", Status.CANNOT_ASSESS: "cannot assess"}
        return names.get(Status(self.status), "no verdict")


@dataclass(frozen=True, slots=True)
class Decided:
    """The panel's own grade. `quotes` are those of the judge whose reason is given."""

    status: str
    value: float | None = None
    level: str = ""
    reason: str = ""
    quotes: Sequence[Any] = ()
    error_code: str = ""
    error: str = ""


def decide(votes: Sequence[Vote]) -> Decided:
    """The verdict of more than half of all the judges, those counted that gave none.

    Without such a majority nobody's verdict stands: the judges disagree, which is
    "cannot_assess"; or, where those that failed could have made a majority, the cell has failed
    with them and can be judged again.
    """
    cast = [vote for vote in votes if vote.is_cast]
    missing = [vote for vote in votes if not vote.is_cast]
    said, count = Counter(vote.said for vote in cast).most_common(1)[0] if cast else (None, 0)
    needed = len(votes) // 2 + 1
    if count >= needed:
        return _of_majority([vote for vote in cast if vote.said == said], len(votes))
    if missing and count + len(missing) >= needed:
        return Decided(Status.FAILED, error_code=NO_MAJORITY, error=_why_none(cast, missing))
    return Decided(Status.CANNOT_ASSESS, reason=f"The judges disagree: {tally(votes)}.")


def tally(votes: Sequence[Vote]) -> str:
    """2 met, 1 not met; the commonest first."""
    counted = Counter(vote.words for vote in votes).most_common()
    return ", ".join(f"{count} {words}" for words, count in counted)


def _of_majority(backers: Sequence[Vote], judges: int) -> Decided:
    teller = next((vote for vote in backers if vote.reason), backers[0])
    head = f"{len(backers)} of {judges} judges: {teller.words}."
    reason = f"{head} {teller.judge}: {teller.reason}" if teller.reason else head
    return Decided(teller.status, teller.value, teller.level, reason, teller.quotes)


def _why_none(cast: Sequence[Vote], missing: Sequence[Vote]) -> str:
    names = ", ".join(vote.judge for vote in missing)
    why = next((vote.error for vote in missing if vote.error), "")
    so_far = f" The others: {tally(cast)}." if cast else ""
    return f"No majority: {names} gave no verdict.{so_far} {why}".rstrip()
