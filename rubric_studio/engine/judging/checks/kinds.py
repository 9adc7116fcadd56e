"""What a check is made of: its kind, the fields of its spec, and the result it comes to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rubric_studio.engine.document.problems import Problem
from rubric_studio.engine.document.types import Json
from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.engine.judging.evidence import Quote

from .child import Child

FieldKind = Literal["text", "lines", "number", "integer", "choice", "flag", "json"]
Spec = Mapping[str, Json]

MAX_QUOTES = 20


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a spec, as a form shows it and as `problems_of` reads it.

    `text` is a string, `lines` a list of strings, `number` a finite number, `integer` a whole one,
    `choice` one of `choices` (value, label), `flag` true or false, `json` any JSON value.
    `longest` bounds a string in code points; `least` and `most` bound a number, and `most` the
    number of lines.
    """

    name: str
    label: str
    kind: FieldKind
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    default: Json = None
    required: bool = False
    longest: int = 500
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check came to. `value` is 1.0 (the sentence is true of the answer), 0.0, or None
    when the check could not be decided: then `error_code` and `error` say why."""

    status: Literal["graded", "failed"]
    value: float | None
    reason: str
    quotes: tuple[Quote, ...] = ()
    error_code: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A way of deciding. The three functions are called through `checks`, which guards them."""

    name: str
    title: str
    hint: str
    fields: tuple[Field, ...]
    problems: Callable[[Spec], Sequence[Problem]]
    decide: Callable[[Spec, AnswerContent, Child | None], CheckResult]
    describe: Callable[[Spec], str]
    needs_transcript: bool = False


def verdict(is_true: bool, reason: str, quotes: Sequence[Quote] = ()) -> CheckResult:
    shown = tuple(quote for quote in quotes if quote.text)[:MAX_QUOTES]
    return CheckResult("graded", float(is_true), reason, shown)


def undecided(code: str, message: str) -> CheckResult:
    return CheckResult("failed", None, "", (), code, message)


def no_problems(spec: Spec) -> Sequence[Problem]:
    """For a kind whose fields say all that must hold."""
    return ()


def filled(kind: Kind, spec: Spec) -> Spec:
    """The spec with the default of every field that is absent or null."""
    given = {name: value for name, value in spec.items() if value is not None}
    return {**{field.name: field.default for field in kind.fields}, **given}
