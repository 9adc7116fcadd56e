"""JSON Schemas that cannot burn: references within the schema alone, none that loop."""

from collections.abc import Iterator

from rubric_studio.engine.document.problems import pointer
from rubric_studio.engine.document.types import Json

MAX_NODES = 2000
MAX_REPEAT = 1_000_000

_DATA = ("const", "enum", "default", "example", "examples")  # values, not schemas
_REFUSED = {
    "$dynamicRef": "Dynamic references are not supported; use $ref.",
    "$recursiveRef": "Recursive references are not supported; use $ref.",
}
_HERE = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else")

type Steps = tuple[str | int, ...]


def schema_problems(schema: Json) -> list[tuple[Steps, str]]:
    """Why the schema is not used as it is: each place and what to do, before it is compiled."""
    if not isinstance(schema, dict | bool):
        return [((), "A JSON Schema is an object; start with {}.")]
    found: list[tuple[Steps, str]] = []
    goes_on: dict[Steps, list[Steps]] = {}
    for number, (at, node) in enumerate(_schemas(schema, ())):
        if number >= MAX_NODES:
            return [((), f"The schema has more than {MAX_NODES} parts; make it smaller.")]
        found += [((*at, name), said) for name, said in _REFUSED.items() if name in node]
        if "$id" in node and at:
            found.append(((*at, "$id"), "Only the whole schema may have an $id; remove this one."))
        goes_on[at] = _here(at, node)
        if isinstance(node.get("$ref"), str):
            target = _target(schema, node["$ref"])
            if isinstance(target, str):
                found.append(((*at, "$ref"), target))
            else:
                goes_on[at].append(target)
    loop = _loop(goes_on)
    if loop is not None:
        said = "This $ref leads back to itself without going into the value; it would never end."
        found.append(((*loop, "$ref"), said))
    return found


def _schemas(node: Json, at: Steps) -> Iterator[tuple[Steps, dict[str, Json]]]:
    """Every object of the schema outside plain values, with its place."""
    if isinstance(node, dict):
        yield at, node
        for name, child in node.items():
            # A property may be called "enum": a schema stands there, not a list of values.
            if name not in _DATA or isinstance(child, dict):
                yield from _schemas(child, (*at, name))
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from _schemas(child, (*at, index))


def _here(at: Steps, node: dict[str, Json]) -> list[Steps]:
    """The schemas that apply to the same value as this one."""
    found: list[Steps] = []
    for name in _HERE:
        child = node.get(name)
        if isinstance(child, dict):
            found.append((*at, name))
        elif isinstance(child, list):
            found += [(*at, name, index) for index in range(len(child))]
    if isinstance(node.get("dependentSchemas"), dict):
        found += [(*at, "dependentSchemas", name) for name in node["dependentSchemas"]]
    return found


def _target(schema: Json, reference: str) -> Steps | str:
    """Where a reference leads, or what is wrong with it."""
    if reference == "#":
        return ()
    if not reference.startswith("#/"):
        return "Only references within the schema are followed, such as #/$defs/name."
    steps: list[str | int] = []
    node = schema
    for step in reference[2:].split("/"):
        name = step.replace("%25", "%").replace("~1", "/").replace("~0", "~")
        if isinstance(node, dict) and name in node:
            node = node[name]
            steps.append(name)
        elif isinstance(node, list) and name.isdecimal() and int(name) < len(node):
            node = node[int(name)]
            steps.append(int(name))
        else:
            return "This reference leads nowhere in the schema."
    return tuple(steps)


def _loop(goes_on: dict[Steps, list[Steps]]) -> Steps | None:
    """A schema from which one comes back to it on the same value; None without any."""
    done: set[Steps] = set()
    for first in goes_on:
        path: list[tuple[Steps, Iterator[Steps]]] = [(first, iter(goes_on[first]))]
        on_path = {first}
        while path:
            at, rest = path[-1]
            follows = next((it for it in rest if it in goes_on and it not in done), None)
            if follows is None:
                path.pop()
                on_path.discard(at)
                done.add(at)
            elif follows in on_path:
                return follows
            else:
                path.append((follows, iter(goes_on[follows])))
                on_path.add(follows)
    return None


def place(steps: Steps) -> str:
    return pointer("schema", *steps)
