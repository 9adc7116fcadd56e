"""What figure 9 keeps of one criterion."""

from dataclasses import dataclass

from rubric_studio.engine.measuring.repeatability import Repeatability


@dataclass(frozen=True, slots=True)
class Flipped:
    """An answer on which the judge did not stay with its verdict."""

    answer: str
    letter: str


@dataclass(frozen=True, slots=True)
class RepeatRow:
    """`is_flagged`: unsteady, and more so than the unluckiest of so many criteria would be."""

    key: str
    number: int
    text: str
    measured: Repeatability
    flipped: tuple[Flipped, ...]
    is_flagged: bool = False
