"""What every interchange format reads into, writes from, and complains with."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from rubric_studio.engine.document.problems import Problem
from rubric_studio.engine.document.types import Document, Message, Number

AnswerOrigin = Literal["expert", "model", "synthetic", "probe"]
Anchor = Literal["empty", "off_topic", "ideal", "worst_acceptable"]
LabelStatus = Literal["graded", "not_applicable", "cannot_assess"]

MOST_PROBLEMS = 100
PLURALS = {"criterion": "criteria"}


@dataclass(frozen=True, slots=True)
class ImportedLabel:
    """A person's verdict on a criterion; `value` in [0, 1] and only when graded."""

    criterion: str
    status: LabelStatus
    value: Number | None = None
    level: str | None = None
    note: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class ImportedAnswer:
    """A sample answer: either `text` or `messages`."""

    name: str
    text: str | None = None
    messages: tuple[Message, ...] | None = None
    origin: AnswerOrigin = "expert"
    model: str = ""
    tier: int | None = None
    band: tuple[Number, Number] | None = None
    anchor: Anchor | None = None
    labels: tuple[ImportedLabel, ...] = ()
    is_held_out: bool = False


@dataclass(frozen=True, slots=True)
class ImportedQuestion:
    """A question with its rubric and the answers that came along."""

    document: Document
    answers: tuple[ImportedAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """All that a file held; `warnings` say in words what was not kept, once per kind."""

    questions: tuple[ImportedQuestion, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """An interchange format.

    `read` takes the file's bytes and raises FormatError. `write` streams the file, and raises
    FormatError at a document that the format cannot carry at all. `losses` says in words what the
    format cannot carry of a document; () means that nothing is lost.
    """

    name: str
    title: str
    extension: str
    media_type: str
    read: Callable[[bytes], Imported]
    write: Callable[[Iterable[ImportedQuestion]], Iterator[bytes]]
    losses: Callable[[Document], tuple[str, ...]]


class FormatError(ValueError):
    """A file that cannot be read, or a document that cannot be written. `problems` say why; their
    JSON pointers lead into the file (or the document), a row's number first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        found = tuple(problems)
        self.problems = found[:MOST_PROBLEMS]
        if len(found) > MOST_PROBLEMS:
            more = f"There are {len(found) - MOST_PROBLEMS} more problems; these come first."
            self.problems += (Problem("", more),)
        super().__init__("; ".join(str(problem) for problem in self.problems))


class Warnings:
    """Counts what is worth a word, so that a thousand rows make one line."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()

    def note(self, what: str, thing: str = "row") -> None:
        """Remember `what` once more; `thing` is what is counted, in the singular."""
        self.counts[what, thing] += 1

    def lines(self) -> tuple[str, ...]:
        """One line for each kind, in the order of their first occurrence."""
        return tuple(
            f"{what} ({count:,} {thing if count == 1 else PLURALS.get(thing, thing + 's')})"
            for (what, thing), count in self.counts.items()
        )
