"""What is wrong with a document, and where."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right: `pointer` is a JSON pointer (RFC 6901) into the document."""

    pointer: str
    message: str

    def __str__(self) -> str:
        return f"{self.pointer}: {self.message}" if self.pointer else self.message


class DocumentError(ValueError):
    """A value is not a usable document; `problems` names every reason found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))


def pointer(*steps: str | int) -> str:
    """A JSON pointer of these steps, escaped as RFC 6901 asks; no steps is the whole value."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)
