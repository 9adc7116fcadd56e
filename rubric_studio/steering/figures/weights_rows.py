"""What figure 7 holds of each criterion."""

from dataclasses import dataclass

from rubric_studio.engine.measuring.stability import Room


@dataclass(frozen=True, slots=True)
class WeightRow:
    """A criterion, its `number` in the rubric from 1, and how far its points may move."""

    number: int
    key: str
    text: str
    points: float
    room: Room | None
