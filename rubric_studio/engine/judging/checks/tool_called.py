"""Whether an agent called a tool: how often, with what arguments, before which other."""

from collections.abc import Iterator, Sequence

import orjson

from rubric_studio.engine.document.problems import Problem, pointer
from rubric_studio.engine.document.types import Json
from rubric_studio.engine.judging.answer import AnswerContent, content_places
from rubric_studio.engine.judging.evidence import Quote, normalise

from .calls import Call, calls_of
from .child import Child
from .kinds import CheckResult, Field, Kind, Spec, verdict
from .length import is_within
from .regex import find, pattern_problem
from .wording import counted, ranged

MAX_CALLS = 10_000


def problems(spec: Spec) -> Sequence[Problem]:
    found: list[Problem] = []
    least, most = spec["at_least"], spec["at_most"]
    if least is not None and most is not None and least > most:
        found.append(Problem("/at_most", "The most must not be below the least."))
    if spec["before"] and most == 0:
        found.append(Problem("/before", "What is never called is before nothing; remove one."))
    if spec["before"] and spec["before"] == spec["tool"]:
        found.append(Problem("/before", "Name another tool."))
    arguments = spec["arguments"]
    if arguments is not None and not isinstance(arguments, dict):
        found.append(Problem("/arguments", 'Write an object, such as {"city": "Rome"}.'))
    elif arguments is not None and spec["argument_match"] == "regex":
        for steps, text in _texts(arguments, ("arguments",)):
            said = pattern_problem(text)
            if said:
                found.append(Problem(pointer(*steps), said))
    return found


def _texts(value: Json, at: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for name, child in value.items():
            yield from _texts(child, (*at, name))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _texts(child, (*at, index))


def decide(spec: Spec, answer: AnswerContent, child: Child | None) -> CheckResult:
    messages = answer.messages or ()
    calls = calls_of(messages)
    of_tool = [call for call in calls if call.tool == spec["tool"]]
    matching = [call for call in of_tool if _fits(spec, call, child)]
    said = f"{spec['tool']} was called {counted(len(of_tool), 'time')}"
    if spec["arguments"] is not None:
        said += f", {len(matching)} with these arguments"
    limits = _limits(spec)
    holds = is_within(len(matching), limits)
    if holds and spec["before"]:
        holds, ordered = _is_before(matching, calls, spec["before"])
        said += f", {ordered}"
    return verdict(holds, f"{said}.", quotes_of(answer, matching or of_tool))


def _limits(spec: Spec) -> Spec:
    """Once at least, where nothing else is asked for."""
    if spec["at_least"] is None and (spec["at_most"] is None or spec["before"]):
        return {**spec, "at_least": 1}
    return spec


def _is_before(matching: Sequence[Call], calls: Sequence[Call], other: str) -> tuple[bool, str]:
    if not matching:
        return False, f"so not before {other}"
    first = calls.index(matching[0])
    is_before = all(call.tool != other for call in calls[:first])
    return is_before, f"{'' if is_before else 'not '}before {other}"


def _fits(spec: Spec, call: Call, child: Child | None) -> bool:
    wanted = spec["arguments"]
    return wanted is None or _matches(wanted, call.arguments, spec["argument_match"], child)


def _matches(wanted: Json, given: Json, how: str, child: Child | None) -> bool:
    if isinstance(wanted, dict):
        return isinstance(given, dict) and all(
            name in given and _matches(value, given[name], how, child)
            for name, value in wanted.items()
        )
    if isinstance(wanted, list):
        if not isinstance(given, list) or (how == "exact" and len(given) != len(wanted)):
            return False
        if how == "exact":
            pairs = zip(wanted, given, strict=True)
            return all(_matches(value, it, how, child) for value, it in pairs)
        return all(any(_matches(value, it, how, child) for it in given) for value in wanted)
    if isinstance(wanted, str) and how == "contains":
        return normalise(wanted) in normalise(_plain(given))
    if isinstance(wanted, str) and how == "regex":
        return find(wanted, "", _plain(given), child) is not None
    # In Python True equals 1; in JSON it does not.
    return isinstance(wanted, bool) == isinstance(given, bool) and bool(wanted == given)


def _plain(value: Json) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def quotes_of(answer: AnswerContent, calls: Sequence[Call]) -> list[Quote]:
    """The lines of the transcript in which the calls are written."""
    messages = answer.messages or ()
    text, places = answer.as_text(), content_places(messages)
    found: list[Quote] = []
    after = 0
    for call in calls[:20]:
        after = max(after, places[call.message][1])
        start = text.find(f"calls {call.tool}(", after)
        if start < 0:
            continue
        end = text.find("\n", start)
        end = min(len(text) if end < 0 else end, start + 500)
        found.append(Quote(text[start:end], start, end, True))
        after = end
    return found


def describe(spec: Spec) -> str:
    limits = _limits(spec)
    with_these = " with these arguments" if spec["arguments"] is not None else ""
    before = f", before {spec['before']}" if spec["before"] else ""
    if limits["at_most"] == 0:
        return f"Never calls {spec['tool']}{with_these}"
    if (limits["at_least"], limits["at_most"]) == (1, None):
        return f"Calls {spec['tool']}{with_these}{before}"
    times = ranged(limits["at_least"], limits["at_most"], "time")
    return f"Calls {spec['tool']}{with_these} {times}{before}"


KIND = Kind(
    name="tool_called",
    title="Calls a tool",
    hint="Counts an agent's calls of a tool: at least, at most, or never (at most 0).",
    fields=(
        Field("tool", "Tool", "text", "Its exact name.", required=True, longest=200),
        Field(
            "arguments",
            "With these arguments",
            "json",
            'An object such as {"city": "Rome"}; other arguments may be there too.',
        ),
        Field(
            "argument_match",
            "Texts in the arguments",
            "choice",
            choices=(
                ("exact", "Must be the same"),
                ("contains", "Must be contained"),
                ("regex", "Are patterns (RE2)"),
            ),
            default="exact",
        ),
        Field("at_least", "At least", "integer", "1 if nothing is said.", least=0, most=1000),
        Field("at_most", "At most", "integer", "0 for never.", least=0, most=1000),
        Field("before", "Before this other tool", "text", default="", longest=200),
    ),
    problems=problems,
    decide=decide,
    describe=describe,
    needs_transcript=True,
)
