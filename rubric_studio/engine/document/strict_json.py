"""JSON read strictly: what two readers could understand differently is refused."""

import json
from typing import NoReturn

import orjson

from .types import Json

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 200
MAX_NUMBER = 2**53 - 1


class JsonError(ValueError):
    """The data is not JSON that can be kept exactly. `line` counts from 1, None where unknown."""

    def __init__(self, message: str, line: int | None = None) -> None:
        self.message = message
        self.line = line
        super().__init__(message if line is None else f"Line {line}: {message}")


def loads(data: bytes | str, *, max_bytes: int = MAX_BYTES) -> Json:
    """The JSON value in `data`.

    A byte order mark is dropped. Raises JsonError for: more than `max_bytes`, not UTF-8, bad
    syntax, NaN or Infinity, a key twice in one object, nesting deeper than 200, a lone surrogate,
    U+0000, a number beyond 2**53 - 1 in size (RFC 8785 could not write it back exactly).
    """
    raw = _utf8(data, max_bytes)
    try:
        _check_values(orjson.loads(raw), may_hold_nul=b"\\u0000" in raw)
    except orjson.JSONDecodeError as error:
        raise _syntax_error(error) from None
    # orjson keeps the last of two equal keys without a word, so a second reading looks for them.
    return json.loads(
        raw,
        object_pairs_hook=_unique_keys,
        parse_int=_integer,
        parse_float=_decimal,
        parse_constant=_constant,
    )


def _utf8(data: bytes | str, max_bytes: int) -> bytes:
    try:
        raw = data.encode() if isinstance(data, str) else data
    except UnicodeEncodeError:
        raise JsonError("The text holds half of a surrogate pair; save it as UTF-8.") from None
    if len(raw) > max_bytes:
        raise JsonError(f"The data is larger than {max_bytes} bytes; split it into parts.")
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise JsonError("This is not UTF-8 text; save the file as UTF-8.", line) from None
    return raw


def _syntax_error(error: orjson.JSONDecodeError) -> JsonError:
    reason = error.msg.split(":")[0]
    if "depth" in reason:
        return JsonError(f"Lists or objects are nested deeper than {MAX_DEPTH}.")
    return JsonError(f"This is not JSON ({reason}, column {error.colno}).", error.lineno)


def _check_values(value: Json, *, may_hold_nul: bool) -> None:
    """Refuse what is nested too deep before the second, recursive reading meets it."""
    level, depth = [value], 0
    while level:
        if may_hold_nul:
            _refuse_nul(level)
        depth += any(isinstance(it, dict | list) for it in level)
        if depth > MAX_DEPTH:
            raise JsonError(f"Lists or objects are nested deeper than {MAX_DEPTH}.")
        level = [child for container in level for child in _children(container)]


def _children(value: Json) -> list[Json]:
    if isinstance(value, dict):
        return [*value.values(), *value]
    return value if isinstance(value, list) else []


def _refuse_nul(values: list[Json]) -> None:
    if any(isinstance(value, str) and "\0" in value for value in values):
        raise JsonError("A text holds the character U+0000, which cannot be stored; remove it.")


def _unique_keys(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise JsonError(f"The key {key!r} appears twice in one object; keep one.")
            seen.add(key)
    return found


def _integer(digits: str) -> int:
    # Python refuses to convert thousands of digits, so the length is looked at first.
    if len(digits) > 17 or abs(int(digits)) > MAX_NUMBER:
        _too_large(digits)
    return int(digits)


def _decimal(digits: str) -> float:
    number = float(digits)
    if abs(number) > MAX_NUMBER:
        _too_large(digits)
    return number


def _too_large(digits: str) -> NoReturn:
    shown = digits if len(digits) <= 24 else digits[:21] + "..."
    raise JsonError(f"The number {shown} is too large to be kept exactly; write it as text.")


def _constant(name: str) -> NoReturn:
    raise JsonError(f"{name} is not a JSON number.")
