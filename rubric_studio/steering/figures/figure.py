"""What every figure of the report has in common.

A figure module `figures/<key>.py` holds a frozen dataclass `<Name>Figure` that satisfies `Figure`
and a function `measure(material) -> <Name>Figure`; it is drawn by `templates/steering/figures/
<key>.html`, which gets `figure`, `run`, `question` and `verdicts_from`. A figure carries all that
its template shows, as plain values (numbers, strings, tuples, mappings by string, other frozen
dataclasses): it is stored and read again. Geometry is a property, never a field.
"""

from typing import ClassVar, Literal, Protocol

from rubric_studio.engine.document.types import Json
from rubric_studio.engine.measuring.intervals import Interval
from rubric_studio.steering.findings import Finding

# As it should be, look here, stops sign-off, not enough data.
FigureStatus = Literal["ok", "look", "stop", "none"]
Group = Literal["order", "moves", "work", "trust"]

GROUPS: dict[Group, str] = {
    "order": "Does your order come out?",
    "moves": "Does the score move when it should, and only then?",
    "work": "Which criteria do the work?",
    "trust": "Can the verdicts be trusted?",
}


class Figure(Protocol):
    """One figure as measured. `sentence` is true at every n; `n_line` says what it rests on;
    `findings` are all its failed rows, the gravest first."""

    number: ClassVar[int]
    key: ClassVar[str]
    name: ClassVar[str]
    group: ClassVar[Group]

    @property
    def status(self) -> FigureStatus: ...

    @property
    def sentence(self) -> str: ...

    @property
    def n_line(self) -> str: ...

    @property
    def findings(self) -> tuple[Finding, ...]: ...

    def as_json(self) -> dict[str, Json]:
        """The figure for programs. Begins with status, sentence and n."""
        ...


def interval_json(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [interval.low, interval.high]
