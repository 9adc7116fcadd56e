"""The tool calls of a transcript, in the shapes that agents' logs have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import orjson

from rubric_studio.engine.document.types import Json, Message


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `message` counts from 0; `arguments` is the text itself where it is not JSON."""

    message: int
    tool: str
    arguments: Json


def calls_of(messages: Sequence[Message]) -> tuple[Call, ...]:
    """Every tool call of the assistant, in order.

    Reads `tool_calls` and `function_call` of the OpenAI chat shape and `tool_use` content parts.
    """
    return tuple(
        Call(index, tool, _read(arguments))
        for index, message in enumerate(messages)
        if message.role == "assistant"
        for tool, arguments in _written(message)
    )


def _written(message: Message) -> Iterator[tuple[str, Json]]:
    if isinstance(message.content, list):
        for part in message.content:
            if isinstance(part, dict) and part.get("type") == "tool_use":
                yield str(part.get("name", "")), part.get("input")
    listed = message.extra.get("tool_calls")
    for call in listed if isinstance(listed, list) else []:
        if isinstance(call, dict):
            yield from _function(call.get("function", call))
    yield from _function(message.extra.get("function_call"))


def _function(function: Json) -> Iterator[tuple[str, Json]]:
    if isinstance(function, dict) and isinstance(function.get("name"), str):
        yield function["name"], function.get("arguments")


def _read(arguments: Json) -> Json:
    if not isinstance(arguments, str):
        return {} if arguments is None else arguments
    try:
        return orjson.loads(arguments) if arguments.strip() else {}
    except orjson.JSONDecodeError:
        return arguments
