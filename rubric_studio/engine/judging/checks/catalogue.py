"""All kinds of checks, and the three things that can be done with a spec."""

from collections.abc import Mapping

from rubric_studio.engine.document.problems import Problem
from rubric_studio.engine.document.types import Json
from rubric_studio.engine.judging.answer import AnswerContent

from . import (
    asks_first,
    choice,
    citation,
    contains,
    json_text,
    language,
    length,
    maths,
    number,
    regex,
    tool_called,
    turns,
)
from .child import Child
from .kinds import CheckResult, Kind, filled, undecided
from .shapes import shape_problems
from .undecided import Undecided

KINDS: Mapping[str, Kind] = {
    module.KIND.name: module.KIND
    for module in (
        contains,
        number,
        choice,
        maths,
        regex,
        length,
        language,
        citation,
        json_text,
        tool_called,
        turns,
        asks_first,
    )
}


def problems_of(spec: Mapping[str, Json]) -> list[Problem]:
    """What must be put right in the spec; nothing when `decide` can use it.

    Pointers are into the spec: "/kind", "/values/2". A field that the kind does not know is a
    problem, a field that is absent or null has its default.
    """
    kind = _kind_of(spec)
    if kind is None:
        return [Problem("/kind", f"Choose a kind of check: {', '.join(KINDS)}.")]
    return shape_problems(kind, spec) or list(kind.problems(filled(kind, spec)))


def decide(
    spec: Mapping[str, Json], answer: AnswerContent, child: Child | None = None
) -> CheckResult:
    """Whether what the spec says is true of the answer.

    Status `graded` with value 1.0 or 0.0 and the quotes that show it, or `failed` with a code:
    bad_spec, not_transcript, too_large, too_slow, or one of the kind's own (docs/checks.md). Quotes
    count code points of `answer.as_text()`. `child` runs what may burn; without one, the process
    has its own.
    """
    found = problems_of(spec)
    if found:
        return undecided("bad_spec", "; ".join(str(problem) for problem in found[:3]))
    kind = KINDS[spec["kind"]]
    if kind.needs_transcript and answer.messages is None:
        message = "This check reads the messages of a transcript, and the answer is a plain text."
        return undecided("not_transcript", message)
    try:
        return kind.decide(filled(kind, spec), answer, child)
    except Undecided as error:
        return undecided(error.code, error.message)


def describe(spec: Mapping[str, Json]) -> str:
    """The spec in one plain sentence; empty for one that has problems."""
    if problems_of(spec):
        return ""
    kind = KINDS[spec["kind"]]
    return " ".join(kind.describe(filled(kind, spec)).split())


def _kind_of(spec: Mapping[str, Json]) -> Kind | None:
    name = spec.get("kind")
    return KINDS.get(name) if isinstance(name, str) else None
