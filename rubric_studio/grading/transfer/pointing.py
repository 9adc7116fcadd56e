"""Where in a file a problem lies, in words: "row 4, rubrics 2, points"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rubric_studio.engine.document.problems import Problem

# The readers of files begin a message with the row where there is more than one.
_ROW = re.compile(r"^Row \d+: ")


@dataclass(frozen=True)
class PlacedProblem:
    """`place` is "" for what concerns the whole file."""

    place: str
    message: str


def in_lines(problems: Iterable[Problem]) -> tuple[PlacedProblem, ...]:
    """Of a file whose pointers begin with the line's number, counted from 1."""
    return tuple(PlacedProblem(_place(it.pointer, "line", 0), it.message) for it in problems)


def in_rows(problems: Iterable[Problem]) -> tuple[PlacedProblem, ...]:
    """Of a file whose pointers begin with the row's index, or lead into its only object."""
    return tuple(
        PlacedProblem(_place(it.pointer, "row", 1), _ROW.sub("", it.message)) for it in problems
    )


def _place(pointer: str, called: str, first: int) -> str:
    steps = [it.replace("~1", "/").replace("~0", "~") for it in pointer.split("/")[1:]]
    words: list[str] = []
    for index, step in enumerate(steps):
        if not step.isdecimal():
            words.append(step)
        elif index == 0:
            words.append(f"{called} {int(step) + first}")
        else:
            words[-1] += f" {int(step) + 1}"
    return ", ".join(words)
