"""How many messages of a role a transcript has."""

from collections.abc import Sequence

from rubric_studio.engine.document.problems import Problem
from rubric_studio.engine.judging.answer import AnswerContent

from .child import Child
from .kinds import CheckResult, Field, Kind, Spec, verdict
from .length import is_within, range_problems
from .wording import counted, ranged

ROLES = {
    "assistant": "message of the assistant",
    "user": "message of the user",
    "tool": "result of a tool",
    "any": "message",
}
_PLURALS = {
    "assistant": "messages of the assistant",
    "user": "messages of the user",
    "tool": "results of tools",
    "any": "messages",
}


def problems(spec: Spec) -> Sequence[Problem]:
    return range_problems(spec)


def decide(spec: Spec, answer: AnswerContent, child: Child | None) -> CheckResult:
    role = spec["role"]
    number = sum(1 for it in answer.messages or () if role in ("any", it.role))
    said = f"The transcript has {counted(number, ROLES[role], _PLURALS[role])}."
    return verdict(is_within(number, spec), said)


def describe(spec: Spec) -> str:
    role = spec["role"]
    return f"Has {ranged(spec['at_least'], spec['at_most'], ROLES[role], _PLURALS[role])}"


KIND = Kind(
    name="turns",
    title="Has a number of messages",
    hint="Counts the messages of a transcript.",
    fields=(
        Field(
            "role",
            "Messages",
            "choice",
            choices=(
                ("assistant", "Of the assistant"),
                ("user", "Of the user"),
                ("tool", "Results of tools"),
                ("any", "All of them"),
            ),
            default="assistant",
        ),
        Field("at_least", "At least", "integer", least=0, most=10_000),
        Field("at_most", "At most", "integer", least=0, most=10_000),
    ),
    problems=problems,
    decide=decide,
    describe=describe,
    needs_transcript=True,
)
