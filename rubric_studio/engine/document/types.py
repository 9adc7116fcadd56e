"""The rubric as a value: what an author edits, a version freezes and the scorer reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

SCHEMA = "rubric-studio/1"

Number = int | float
Method = Literal["points", "tree"]
Origin = Literal["real", "synthetic"]
Json = Any  # a JSON value: None, bool, int, float, str, list or dict with str keys


@dataclass(frozen=True, slots=True)
class Message:
    """One chat message. `extra` keeps what else the row carried (name, tool_calls, …), as JSON."""

    role: str
    content: Json
    extra: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    key: str
    messages: tuple[Message, ...]
    reference: str | None = None
    tags: tuple[str, ...] = ()
    origin: Origin = "real"
    title: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading in the rubric's tree; `weight` counts in a tree score, `cap` limits points."""

    key: str
    title: str
    parent: str | None = None
    weight: Number = 1
    cap: Number | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """A named step of an ordinal criterion; `value` in [0, 1]."""

    label: str
    value: Number
    description: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """Failing caps the whole score at `cap`; cap 0 is a veto."""

    cap: Number


@dataclass(frozen=True, slots=True)
class Example:
    """A piece of an answer and the verdict due: met, unmet, or a level's label."""

    answer: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One sentence that is true or false (or at a level) of an answer; `key` is permanent."""

    key: str
    text: str
    points: Number
    section: str | None = None
    guidance: str = ""
    levels: tuple[Level, ...] | None = None
    may_not_apply: bool = False
    gate: Gate | None = None
    requires: tuple[str, ...] = ()
    guard: bool = False
    tags: tuple[str, ...] = ()
    check: Mapping[str, Json] | None = None
    examples: tuple[Example, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Scoring:
    """`floor` and 1 bound the exported score; `pass_mark` is a share of 1."""

    method: Method = "points"
    floor: Number = 0
    pass_mark: Number = 0.7


@dataclass(frozen=True, slots=True)
class Document:
    question: Question
    sections: tuple[Section, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    scoring: Scoring = field(default_factory=Scoring)

    def criterion(self, key: str) -> Criterion:
        """The criterion of that key. Raises KeyError."""
        for criterion in self.criteria:
            if criterion.key == key:
                return criterion
        raise KeyError(key)
