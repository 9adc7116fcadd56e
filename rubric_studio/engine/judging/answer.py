"""What is judged: a text or a transcript, and the plain text that quotes point into."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from rubric_studio.engine.document.types import Json, Message


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


def transcript(messages: Sequence[Message]) -> str:
    """Messages as readable text: each role on its own line, tool calls written out.

    A single plain message is its content alone, without a heading.
    """
    if len(messages) == 1 and not messages[0].extra:
        return _content(messages[0].content)
    return "\n\n".join(_turn(message) for message in messages)


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
    lines = [_heading(message)]
    if content := _content(message.content):
        lines.append(content)
    for key, value in message.extra.items():
        if key == "tool_calls" and isinstance(value, list):
            lines += [_tool_call(call) for call in value]
        elif key != "name":
            lines.append(f"{key}: {_plain(value)}")
    return "\n".join(lines)


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


def _tool_call(call: Json) -> str:
    function = call.get("function") if isinstance(call, dict) else None
    if isinstance(function, dict) and isinstance(function.get("name"), str):
        return f"calls {function['name']}({_plain(function.get('arguments', ''))})"
    return f"calls {_plain(call)}"


def _plain(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
