"""What is judged: a text or a transcript, and the plain text that quotes point into."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rubric_studio.engine.document.types import Json, Message

PartKind = Literal["text", "image", "other", "call", "field"]
IMAGES = ("image_url", "input_image", "image")


@dataclass(frozen=True, slots=True)
class AnswerContent:
    """An answer is either one text or a transcript of messages, never both, never neither."""

    text: str | None = None
    messages: tuple[Message, ...] | None = None

    def __post_init__(self) -> None:
        if (self.text is None) == (self.messages is None):
            raise ValueError("An answer needs either a text or messages, not both.")

    def as_text(self) -> str:
        """The answer as plain text. Offsets of quotes are code points of this string."""
        if self.text is not None:
            return self.text
        return transcript(self.messages or ())


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a transcript, `transcript(messages)[start:end]`. `message` counts from 0.

    A "text" is something said, an "image" or "other" a content part that is no text, as JSON; a
    "call" is the arguments of a call of the tool `name`, as they were written; a "field" is the
    message's further member `name`.
    """

    message: int
    kind: PartKind
    name: str
    start: int
    end: int


def transcript(messages: Sequence[Message]) -> str:
    """Messages as readable text: each role on its own line, tool calls written out.

    A single plain message is its content alone, without a heading.
    """
    if len(messages) == 1 and not messages[0].extra:
        return _content(messages[0].content)
    return "\n\n".join(_turn(message) for message in messages)


def parts(messages: Sequence[Message]) -> tuple[Part, ...]:
    """Where everything that the messages hold stands in `transcript(messages)`, in order.

    Empty contents have no part, nor do the headings and line ends between parts.
    """
    is_alone = len(messages) == 1 and not messages[0].extra
    found: list[Part] = []
    at = 0
    for number, message in enumerate(messages):
        for line in _lines(message):
            if line.kind is not None:
                end = at + len(line.text) - line.tail
                found.append(Part(number, line.kind, line.name, at + line.skip, end))
            elif is_alone:
                continue
            at += len(line.text) + 1
        at += 1
    return tuple(found)


def content_places(messages: Sequence[Message]) -> tuple[tuple[int, int], ...]:
    """Where each message's content stands in `transcript(messages)`: its start and end."""
    if len(messages) == 1 and not messages[0].extra:
        return ((0, len(_content(messages[0].content))),)
    places: list[tuple[int, int]] = []
    begins = 0
    for message in messages:
        start = begins + len(_heading(message)) + 1
        content = _content(message.content)
        places.append((start, start + len(content)) if content else (start - 1, start - 1))
        begins += len(_turn(message)) + 2
    return tuple(places)


def _heading(message: Message) -> str:
    name = message.extra.get("name")
    return f"{message.role} ({name}):" if isinstance(name, str) else f"{message.role}:"


def _turn(message: Message) -> str:
    return "\n".join(line.text for line in _lines(message))


@dataclass(frozen=True, slots=True)
class _Line:
    """What one part of a message adds to its text; the part is `text[skip : len(text) - tail]`."""

    text: str
    kind: PartKind | None
    name: str = ""
    skip: int = 0
    tail: int = 0


def _lines(message: Message) -> Iterator[_Line]:
    yield _Line(_heading(message), None)
    if _content(message.content):
        for part in message.content if isinstance(message.content, list) else [message.content]:
            yield _Line(_part(part), _kind_of(part))
    for key, value in _in_order(message.extra):
        if key == "tool_calls" and isinstance(value, list):
            yield from map(_call_line, value)
        elif key != "name":
            yield _Line(f"{key}: {_plain(value)}", "field", key, len(key) + 2)


def _kind_of(part: Json) -> PartKind:
    if isinstance(part, str) or (isinstance(part, dict) and isinstance(part.get("text"), str)):
        return "text"
    is_image = isinstance(part, dict) and part.get("type") in IMAGES
    return "image" if is_image else "other"


def _content(content: Json) -> str:
    if content is None:
        return ""
    if isinstance(content, list):
        return "\n".join(_part(part) for part in content)
    return _plain(content)


def _part(part: Json) -> str:
    if isinstance(part, dict) and isinstance(part.get("text"), str):
        return str(part["text"])
    return _plain(part)


def _call_line(call: Json) -> _Line:
    function = call.get("function") if isinstance(call, dict) else None
    if isinstance(function, dict) and isinstance(function.get("name"), str):
        opening = f"calls {function['name']}("
        text = f"{opening}{_plain(function.get('arguments', ''))})"
        return _Line(text, "call", function["name"], len(opening), 1)
    return _Line(f"calls {_plain(call)}", "call", "", len("calls "))


def _plain(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(_ordered(value), ensure_ascii=False)


def _in_order(members: Mapping[str, Json]) -> list[tuple[str, Json]]:
    """Members of an object in the order in which PostgreSQL keeps them (shorter names first), so
    that an answer reads the same before and after it was stored."""
    return sorted(members.items(), key=lambda it: (len(it[0].encode()), it[0].encode()))


def _ordered(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _ordered(it) for key, it in _in_order(value)}
    return [_ordered(it) for it in value] if isinstance(value, list) else value
