"""How a write is refused."""

from collections.abc import Iterable
from typing import Any

from rubric_studio.engine.document.problems import Problem
from rubric_studio.errors import DomainError


class InvalidEdit(ValueError):
    """What was written can't stand in the document. Pointers start at the part that was edited."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.message for problem in self.problems))


class StaleWrite(DomainError):
    """Somebody changed the same thing since it was read. `current` is the row as it is now;
    `fields` names what both sides changed, where that is known."""

    code = "stale"
    message = "Somebody changed this while you were writing. Compare both texts, then save again."

    def __init__(self, current: Any, fields: Iterable[str] = ()) -> None:
        self.current = current
        self.fields = tuple(fields)
        super().__init__()


class StillRequired(DomainError):
    code = "still_required"


class NotRestorable(DomainError):
    code = "not_restorable"


class InTrash(DomainError):
    code = "in_trash"
    message = "This is in the trash. Restore it before you change it."


class AlreadyLive(DomainError):
    code = "not_in_trash"
    message = "This is not in the trash; there is nothing to restore."
