"""What became of each call that was sent to a judge, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rubric_studio.engine.document.types import Json
from rubric_studio.grading.models import Call


@dataclass(frozen=True)
class Tried:
    """One call: when it was sent, how many seconds it took; `code` and `message` of its failure."""

    number: int
    at: datetime | None
    seconds: float
    code: str
    message: str

    @property
    def is_read(self) -> bool:
        """Whether its reply could be read."""
        return not self.code

    @property
    def words(self) -> str:
        return "answered, and the reply was read" if self.is_read else self.message or self.code


def tries_of(call: Call) -> Sequence[Tried]:
    """In the order in which they were sent."""
    return [_tried(number, it) for number, it in enumerate(call.attempts, start=1)]


def _tried(number: int, attempt: Json) -> Tried:
    at = attempt.get("at")
    return Tried(
        number,
        datetime.fromtimestamp(at, UTC) if at is not None else None,
        attempt.get("seconds") or 0.0,
        attempt.get("code") or "",
        attempt.get("message") or "",
    )
