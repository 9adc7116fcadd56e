"""Whether the fields of a spec have the shape that their kind asks for."""

import math
from collections.abc import Iterator

import orjson

from rubric_studio.engine.document.problems import Problem, pointer
from rubric_studio.engine.document.types import Json

from .kinds import Field, Kind, Spec

MAX_LINES = 100
MAX_JSON_BYTES = 64 * 1024
MAX_JSON_DEPTH = 32


def shape_problems(kind: Kind, spec: Spec) -> list[Problem]:
    """What is wrong with each field by itself, and fields that the kind does not know."""
    known = {field.name: field for field in kind.fields}
    found = [
        Problem(pointer(name), f"A {kind.name} check has no field {_shown(name)!r}; remove it.")
        for name in spec
        if name != "kind" and name not in known
    ]
    for field in kind.fields:
        value = spec.get(field.name)
        if value is None:
            if field.required:
                found.append(Problem(pointer(field.name), f"Fill in “{field.label}”."))
            continue
        found += [Problem(pointer(field.name, *at), said) for at, said in _wrong(field, value)]
    return found


type Found = Iterator[tuple[tuple[str | int, ...], str]]


def _wrong(field: Field, value: Json) -> Found:
    match field.kind:
        case "text":
            yield from (((), said) for said in _wrong_text(field, value))
        case "lines":
            yield from _wrong_lines(field, value)
        case "number" | "integer":
            yield from _wrong_number(field, value)
        case "choice":
            if not isinstance(value, str) or value not in dict(field.choices):
                names = ", ".join(name for name, _ in field.choices)
                yield (), f"“{field.label}” must be one of: {names}."
        case "flag":
            if not isinstance(value, bool):
                yield (), f"“{field.label}” must be true or false."
        case "json":
            yield from _wrong_json(field, value)


def _wrong_text(field: Field, value: Json) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"“{field.label}” must be a text."
    elif len(value) > field.longest:
        yield f"“{field.label}” is longer than {field.longest} characters; shorten it."
    elif "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        yield f"“{field.label}” holds a character that is no text; remove it."
    elif field.required and not value.strip():
        yield f"Fill in “{field.label}”."
    elif value and not value.strip():
        yield f"“{field.label}” holds nothing but spaces; fill it in or leave it empty."


def _wrong_lines(field: Field, value: Json) -> Found:
    most = int(field.most or MAX_LINES)
    if not isinstance(value, list):
        yield (), f"“{field.label}” must be a list of texts."
    elif len(value) > most:
        yield (), f"“{field.label}” has more than {most} lines; keep the ones that matter."
    elif field.required and not value:
        yield (), f"Fill in “{field.label}”."
    else:
        for index, line in enumerate(value):
            yield from (((index,), said) for said in _wrong_text(field, line))
            if line == "" and not field.required:
                yield (index,), f"A line of “{field.label}” is empty; remove it."


def _wrong_number(field: Field, value: Json) -> Found:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield (), f"“{field.label}” must be a number."
    elif not abs(value) < 1e300 or math.isnan(value):  # also what no float can hold
        yield (), f"“{field.label}” is too large."
    elif field.kind == "integer" and value != int(value):
        yield (), f"“{field.label}” must be a whole number."
    elif field.least is not None and value < field.least:
        yield (), f"“{field.label}” must be at least {field.least:g}."
    elif field.most is not None and value > field.most:
        yield (), f"“{field.label}” must be at most {field.most:g}."


def _wrong_json(field: Field, value: Json) -> Found:
    if depth_of(value, MAX_JSON_DEPTH) > MAX_JSON_DEPTH:
        yield (), f"“{field.label}” is nested deeper than {MAX_JSON_DEPTH} levels."
        return
    try:
        size = len(orjson.dumps(value))
    except TypeError:
        yield (), f"“{field.label}” holds what is not JSON, or a number of more than 64 bits."
        return
    if size > MAX_JSON_BYTES:
        yield (), f"“{field.label}” is larger than {MAX_JSON_BYTES // 1024} KB; shorten it."


def depth_of(value: Json, enough: int) -> int:
    """How deep lists and objects are nested, looked at no further than one past `enough`."""
    level, depth = [value], 0
    while depth <= enough:
        level = [child for it in level for child in _children(it)]
        if not level:
            return depth
        depth += 1
    return depth


def _children(value: Json) -> list[Json]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _shown(name: object) -> str:
    return str(name)[:40]
