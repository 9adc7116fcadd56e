"""An agent's run in the OpenAI chat shape: telling it from a text, and what is wrong with it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from rubric_studio.engine.document.problems import Problem, pointer
from rubric_studio.engine.document.strict_json import JsonError, loads
from rubric_studio.engine.document.types import Json

ROLES = ("system", "developer", "user", "assistant", "tool", "function")
RESULT_ROLES = ("tool", "function")
MOST_MESSAGES = 2_000

# What begins like this was meant as a transcript, also when it can't be read.
_BEGINNING = re.compile(r'\s*\[?\s*\{\s*"(?:role|messages)"\s*:')


class TranscriptError(ValueError):
    """A text that begins like a transcript and can't be read as one; `message` says where."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Pasted:
    """`messages` as they were written; `left_out` names what stood beside them, such as "tools"."""

    messages: list[Json]
    left_out: tuple[str, ...] = ()


def read_pasted(text: str) -> Pasted | None:
    """The transcript that a text holds; None when it is a text and nothing else.

    Reads a JSON array of messages, an object with "messages" and whatever stands beside them, and
    JSON Lines of messages. Raises TranscriptError for what begins like one and is broken. Of the
    messages only their having a role is looked at: see `transcript_problems`.
    """
    start = text.lstrip("\ufeff \t\r\n")
    if not start.startswith(("[", "{")):
        return None
    try:
        return _transcript_of(loads(text))
    except JsonError as whole:
        return _lines_of(text, whole)


def transcript_problems(messages: Json) -> list[Problem]:
    """Everything that keeps these messages from being a transcript; pointers lead into the list.

    Arguments of calls may be any text: what a model wrote is kept, JSON or not.
    """
    if not isinstance(messages, list) or not messages:
        return [Problem("", "Give a list of at least one message.")]
    if len(messages) > MOST_MESSAGES:
        found = f"This transcript has {len(messages):,} messages; keep at most {MOST_MESSAGES:,}."
        return [Problem("", found)]
    problems: list[Problem] = []
    for place, message in enumerate(messages):
        if isinstance(message, dict):
            problems += _message_problems(place, message)
        else:
            problems.append(_problem(place, "is no object; write {…} with a role and content."))
    return [*problems, *_result_problems([it if isinstance(it, dict) else {} for it in messages])]


def _transcript_of(value: Json) -> Pasted | None:
    if isinstance(value, dict) and isinstance(value.get("messages"), list):
        left_out = tuple(key for key in value if key != "messages")
        return Pasted(value["messages"], left_out)
    if isinstance(value, dict):
        value = [value]
    is_chat = isinstance(value, list) and value and all(_has_role(it) for it in value)
    return Pasted(value) if is_chat else None


def _has_role(value: Json) -> bool:
    return isinstance(value, dict) and isinstance(value.get("role"), str)


def _lines_of(text: str, whole: JsonError) -> Pasted | None:
    """Messages one a line; `whole` is why the text is no JSON value by itself."""
    messages: list[Json] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = loads(line)
        except JsonError as error:
            if not messages:
                # Not even one line can be read: it is JSON over many lines, or a text.
                return _refuse(whole) if _BEGINNING.match(text) else None
            _refuse(JsonError(error.message, number))
        if not _has_role(value):
            return None
        messages.append(value)
    return Pasted(messages)


def _refuse(error: JsonError) -> NoReturn:
    raise TranscriptError(f"This begins like a transcript, but can't be read. {error}")


def _problem(place: int, message: str, *steps: str | int) -> Problem:
    return Problem(pointer(place, *steps), f"Message {place + 1} {message}")


def _message_problems(place: int, message: dict[str, Json]) -> Iterator[Problem]:
    role = message.get("role")
    if not isinstance(role, str):
        yield _problem(place, "has no role; give it one, such as “assistant”.", "role")
    elif role not in ROLES:
        said = f"has the role “{role[:40]}”; write user, assistant, system, developer or tool."
        yield _problem(place, said, "role")
    yield from _content_problems(place, message.get("content"))
    calls = message.get("tool_calls")
    if calls is None:
        return
    if not isinstance(calls, list):
        yield _problem(place, "has tool_calls that are no list.", "tool_calls")
        return
    if role != "assistant" and calls:
        yield _problem(place, "calls a tool, which only the assistant can.", "tool_calls")
    seen: set[Json] = set()
    for number, call in enumerate(calls):
        yield from _call_problems(place, number, call, seen)


def _content_problems(place: int, content: Json) -> Iterator[Problem]:
    if content is None or isinstance(content, str):
        return
    if not isinstance(content, list):
        yield _problem(place, "has content that is neither text nor a list of parts.", "content")
        return
    for number, part in enumerate(content):
        if isinstance(part, str) or (isinstance(part, dict) and isinstance(part.get("type"), str)):
            continue
        said = f"has a part {number + 1} without a type; write " + '{"type": "text", "text": "…"}.'
        yield _problem(place, said, "content", number)


def _call_problems(place: int, number: int, call: Json, seen: set[Json]) -> Iterator[Problem]:
    steps = ("tool_calls", number)
    function = call.get("function") if isinstance(call, dict) else None
    if not isinstance(function, dict) or not isinstance(function.get("name"), str):
        said = f"calls a tool without a name (call {number + 1}); give function.name."
        yield _problem(place, said, *steps)
        return
    arguments, name = function.get("arguments"), call.get("id")
    if not isinstance(arguments, str | dict | None):
        said = f"has arguments of “{function['name'][:40]}” that are neither text nor an object."
        yield _problem(place, said, *steps, "function", "arguments")
    if name is not None and not isinstance(name, str):
        yield _problem(place, f"has an id of call {number + 1} that is no text.", *steps, "id")
    elif name is not None and name in seen:
        yield _problem(place, f"uses the id “{name[:40]}” for two calls.", *steps, "id")
    else:
        seen.add(name)


def _result_problems(messages: list[dict[str, Json]]) -> Iterator[Problem]:
    """Tool results that answer no call, or one that comes after them."""
    asked: set[str] = set()
    later = {name: place for place, it in enumerate(messages) for name in _ids(it)}
    waiting = 0
    for place, message in enumerate(messages):
        calls = message.get("tool_calls")
        waiting += len(calls) if isinstance(calls, list) else 0
        waiting += isinstance(message.get("function_call"), dict)
        asked |= set(_ids(message))
        if message.get("role") not in RESULT_ROLES:
            continue
        name = message.get("tool_call_id")
        if name is None and not waiting:
            yield _problem(place, "is a tool result, but no call stands before it.")
        elif name is None:
            waiting -= 1
        elif name not in asked:
            yield _problem(place, _unanswered(str(name)[:40], later.get(str(name))), "tool_call_id")


def _unanswered(name: str, later: int | None) -> str:
    if later is None:
        return f"is a tool result for the call “{name}”, and no call has that id."
    return (
        f"is a tool result for the call “{name}”, which comes only in message {later + 1}; "
        "put the result after it."
    )


def _ids(message: dict[str, Json]) -> list[str]:
    calls = message.get("tool_calls")
    found = (
        [it.get("id") for it in calls if isinstance(it, dict)] if isinstance(calls, list) else []
    )
    return [it for it in found if isinstance(it, str)]
