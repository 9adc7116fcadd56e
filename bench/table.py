"""A table of figures: what was measured beside what it should be, and how busy the machine was."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """A measured value with its target: at most `most`, at least `least`, or exactly both."""

    name: str
    value: float
    unit: str = ""
    most: float | None = None
    least: float | None = None

    @property
    def target(self) -> str:
        if self.most is not None and self.most == self.least:
            return f"= {self.most:g} {self.unit}".rstrip()
        if self.most is not None:
            return f"≤ {self.most:g} {self.unit}".rstrip()
        return "" if self.least is None else f"≥ {self.least:g} {self.unit}".rstrip()

    @property
    def verdict(self) -> str:
        if self.most is None and self.least is None:
            return ""
        is_low = self.least is not None and self.value < self.least
        is_high = self.most is not None and self.value > self.most
        return "MISSED" if is_low or is_high else "met"

    @property
    def measured(self) -> str:
        digits = 0 if self.value >= 100 or self.value == int(self.value) else 1
        digits = 2 if self.value < 2 and digits else digits
        return f"{self.value:.{digits}f} {self.unit}".rstrip()


@dataclass
class Table:
    figures: list[Figure] = field(default_factory=list)

    def add(self, name: str, value: float, unit: str = "", **target: float) -> None:
        self.figures.append(Figure(name, value, unit, **target))

    def print(self) -> None:
        width = max(len(figure.name) for figure in self.figures)
        print(f"{'':{width}}  {'measured':>12}  {'target':>14}")
        for figure in self.figures:
            line = f"{figure.name:{width}}  {figure.measured:>12}  {figure.target:>14}"
            print(f"{line}  {figure.verdict}".rstrip())


@contextmanager
def table() -> Iterator[Table]:
    """Collect figures; they are printed at the end, with the machine's load before and after."""
    found, before = Table(), os.getloadavg()[0]
    yield found
    found.print()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"{cores} cores; load {before:.1f} before, {os.getloadavg()[0]:.1f} at the end")
