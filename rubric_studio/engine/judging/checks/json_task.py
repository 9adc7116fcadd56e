"""Reading JSON out of an answer and holding it against a schema. Runs in the child."""

import jsonschema_rs
import orjson
import re2

from rubric_studio.engine.document.types import Json

from .undecided import Undecided

MAX_DEPTH = 200
MAX_STARTS = 200
MAX_MARKS = 500_000  # brackets and quotation marks, looked at again for each start
REGEX_BYTES = 1 << 20

_FENCE = re2.compile(
    r"(?ms)^[ \t]{0,3}```[ \t]*(?:json|JSON|json5|jsonc)?[ \t]*\r?\n(.*?)^[ \t]{0,3}```"
)
_MARK = re2.compile(r'(?s)"(?:[^"\\]|\\.)*"|[{}\[\]]')


def schema_error(schema: Json) -> str:
    """Why the schema cannot be used; empty when it can."""
    try:
        _validator(schema)
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
        return str(getattr(error, "message", error))[:300]
    return ""


def find_json(text: str, where: str, schema: Json) -> dict[str, Json]:
    """Where JSON stands in the text and what is wrong with it.

    {"place": [start, end] or None, "problem": ""} in code points. Raises Undecided for JSON nested
    deeper than MAX_DEPTH.
    """
    place = _place(text, where)
    if place is None:
        return {"place": None, "problem": "It holds no JSON."}
    start, end = place
    try:
        value = _loads(text[start:end])
    except orjson.JSONDecodeError as error:
        said = f"This is not JSON: {error.msg.split(':')[0]}, line {error.lineno}."
        return {"place": [start, end], "problem": said}
    if _depth(value) > MAX_DEPTH:
        raise Undecided("too_large", f"The JSON is nested deeper than {MAX_DEPTH} levels.")
    problem = "" if schema is None else _against(schema, value)
    return {"place": [start, end], "problem": problem}


def _loads(text: str) -> Json:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        if "ecursion" in error.msg:
            raise Undecided("too_large", "The JSON is nested too deep to be looked at.") from None
        if "memory" in error.msg:
            raise MemoryError from None
        raise


def _place(text: str, where: str) -> tuple[int, int] | None:
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if where == "whole":
        return (start, end) if start < end else None
    if where in ("auto", "fence"):
        fence = _FENCE.search(text)
        if fence:
            return fence.start(1), fence.end(1)
    if where == "fence":
        return None
    return (start, end) if start < end and _is_json(text[start:end]) else _first(text)


def _is_json(text: str) -> bool:
    try:
        _loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def _first(text: str) -> tuple[int, int] | None:
    """The first object or list in the text that is JSON; else the first that only looks so."""
    looks_so: tuple[int, int] | None = None
    at = 0
    marks = [MAX_MARKS]
    for _ in range(MAX_STARTS):
        start = min((it for it in (text.find("{", at), text.find("[", at)) if it >= 0), default=-1)
        if start < 0:
            break
        end = _closing(text, start, marks)
        if end is not None:
            if _is_json(text[start:end]):
                return start, end
            looks_so = looks_so or (start, end)
        at = start + 1
    return looks_so


def _closing(text: str, start: int, marks: list[int]) -> int | None:
    """Where the bracket at `start` closes. Takes what it looks at from the allowance `marks`."""
    depth = 0
    for mark in _MARK.finditer(text, start):
        marks[0] -= 1
        if marks[0] < 0:
            raise Undecided("too_large", "The answer has too many brackets to be looked through.")
        if text[mark.start()] == '"':
            continue
        depth += 1 if text[mark.start()] in "{[" else -1
        if depth == 0:
            return int(mark.end())
        if depth > MAX_DEPTH:
            raise Undecided("too_large", f"The JSON is nested deeper than {MAX_DEPTH} levels.")
    return None


def _validator(schema: Json) -> "jsonschema_rs.Draft202012Validator":
    return jsonschema_rs.Draft202012Validator(
        schema,
        offline=True,
        validate_formats=True,
        # The engine without backtracking: a pattern's time is linear in the text.
        pattern_options=jsonschema_rs.RegexOptions(
            size_limit=REGEX_BYTES, dfa_size_limit=REGEX_BYTES
        ),
    )


def _against(schema: Json, value: Json) -> str:
    try:
        _validator(schema).validate(value)
    except jsonschema_rs.ValidationError as error:
        at = "".join(f"/{step}" for step in error.instance_path)
        said = error.message if len(error.message) <= 200 else error.message[:199] + "…"
        return f"It does not fit the schema{f' at {at[:100]}' if at else ''}: {said}"
    return ""


def _depth(value: Json) -> int:
    level, depth = [value], 0
    while level and depth <= MAX_DEPTH:
        level = [
            child
            for it in level
            if isinstance(it, dict | list)
            for child in (it.values() if isinstance(it, dict) else it)
        ]
        depth += 1
    return depth
