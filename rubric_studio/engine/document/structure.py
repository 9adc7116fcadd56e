"""How criteria and sections refer to each other: names that exist, and no circles."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from .problems import Problem, pointer
from .types import Document


def structure_problems(document: Document) -> tuple[Problem, ...]:
    """Keys used twice, sections and criteria that do not exist, circles in parents and requires."""
    return (
        *_repeated("sections", [it.key for it in document.sections]),
        *_repeated("criteria", [it.key for it in document.criteria]),
        *_unknown_names(document),
        *_circles(document),
    )


def in_dependency_order(document: Document) -> tuple[str, ...]:
    """Criterion keys, each after those it requires. Raises CycleError on a circle."""
    return tuple(TopologicalSorter(_requires(document)).static_order())


def innermost_first(document: Document) -> tuple[str, ...]:
    """Section keys, each after the sections inside it. Raises CycleError on a circle."""
    return tuple(TopologicalSorter(_parents(document)).static_order())[::-1]


def _requires(document: Document) -> dict[str, tuple[str, ...]]:
    return {it.key: it.requires for it in document.criteria}


def _parents(document: Document) -> dict[str, tuple[str, ...]]:
    return {it.key: () if it.parent is None else (it.parent,) for it in document.sections}


def _repeated(kind: str, keys: Iterable[str]) -> Iterable[Problem]:
    seen: set[str] = set()
    for index, key in enumerate(keys):
        if key in seen:
            yield Problem(
                pointer(kind, index, "key"), f"The key {key!r} is used twice; give each its own."
            )
        seen.add(key)


def _unknown_names(document: Document) -> Iterable[Problem]:
    sections = {it.key for it in document.sections}
    criteria = {it.key for it in document.criteria}
    for index, section in enumerate(document.sections):
        if section.parent is not None and section.parent not in sections:
            yield Problem(
                pointer("sections", index, "parent"), f"There is no section {section.parent!r}."
            )
    for index, criterion in enumerate(document.criteria):
        if criterion.section is not None and criterion.section not in sections:
            yield Problem(
                pointer("criteria", index, "section"), f"There is no section {criterion.section!r}."
            )
        for place, key in enumerate(criterion.requires):
            if key not in criteria:
                yield Problem(
                    pointer("criteria", index, "requires", place), f"There is no criterion {key!r}."
                )


def _circles(document: Document) -> Iterable[Problem]:
    yield from _circle("sections", "parent", "lies inside", _parents(document))
    yield from _circle("criteria", "requires", "requires", _requires(document))


def _circle(
    kind: str, field: str, verb: str, edges: Mapping[str, tuple[str, ...]]
) -> Iterable[Problem]:
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        ring: list[str] = error.args[1][::-1]
        chain = f" {verb} ".join(repr(key) for key in ring)
        index = list(edges).index(ring[0])
        yield Problem(pointer(kind, index, field), f"This goes in a circle: {chain}.")
