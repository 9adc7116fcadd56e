"""A narrow page shows one answer at a time: which one, and which others there are."""

from collections.abc import Sequence
from dataclasses import dataclass

from rubric_studio.grading.models import SampleAnswer
from rubric_studio.grading.page.table import Column

# The style sheet shows these columns; a script those beyond.
COLUMNS_IN_STYLE = 20


@dataclass(frozen=True)
class Choice:
    """A column by its place in the table, from 1."""

    number: int
    column: Column


@dataclass(frozen=True)
class OneAnswer:
    """The column that is shown, by its `number` from 1, and all that can be."""

    number: int
    answers: Sequence[Choice]
    probes: Sequence[Choice]

    @property
    def is_probe(self) -> bool:
        return any(it.number == self.number for it in self.probes)

    @property
    def is_beyond(self) -> bool:
        return self.number > COLUMNS_IN_STYLE


def one_answer(columns: Sequence[Column], letter: str) -> OneAnswer:
    """The answer of that letter; the first where there is none."""
    choices = [Choice(number, it) for number, it in enumerate(columns, start=1)]
    number = next((it.number for it in choices if it.column.answer.letter == letter), 1)
    apart: tuple[list[Choice], list[Choice]] = ([], [])
    for it in choices:
        apart[it.column.answer.origin == SampleAnswer.Origin.PROBE].append(it)
    return OneAnswer(number, *apart)
