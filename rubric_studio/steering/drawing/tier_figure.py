"""Figure 2: the scores of each tier on one axis, and the room between tiers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rubric_studio.engine.measuring.separation import Margin, Separation, Tier
from rubric_studio.steering.drawing.axis import Axis, Span
from rubric_studio.steering.samples import Sample

# Marks closer than this, in percent of the axis, share one label.
TOGETHER = 7.0
MOST_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Label:
    """The letters of marks that stand together; `above` the marks, or below them."""

    at: float
    letters: str
    above: bool


@dataclass(frozen=True, slots=True)
class TierRow:
    tier: Tier
    points: tuple[float, ...]
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class MarginRow:
    """The room between a tier and the next, or how far they overlap."""

    margin: Margin
    span: Span


@dataclass(frozen=True, slots=True)
class TierDrawing:
    axis: Axis
    rows: tuple[TierRow | MarginRow, ...]


def draw_tiers(separation: Separation, samples: Sequence[Sample]) -> TierDrawing:
    axis = Axis.for_values(it.score for it in samples if it.tier is not None)
    rows: list[TierRow | MarginRow] = []
    for number, tier in enumerate(separation.tiers):
        members = [it for it in samples if it.tier == tier.tier]
        rows.append(_tier_row(tier, members, axis))
        if number < len(separation.margins):
            rows.append(_margin_row(separation.margins[number], samples, axis))
    return TierDrawing(axis, tuple(rows))


def _tier_row(tier: Tier, members: Iterable[Sample], axis: Axis) -> TierRow:
    marks = sorted((axis.at(it.score), it.letter) for it in members if it.score is not None)
    groups: list[list[tuple[float, str]]] = []
    for mark in marks:
        if groups and mark[0] - groups[-1][-1][0] < TOGETHER:
            groups[-1].append(mark)
        else:
            groups.append([mark])
    labels = tuple(_label(group, number) for number, group in enumerate(groups))
    return TierRow(tier, tuple(at for at, _ in marks), labels)


def _label(group: list[tuple[float, str]], number: int) -> Label:
    letters = [letter for _, letter in group]
    said = " ".join(letters[:MOST_LETTERS])
    if len(letters) > MOST_LETTERS:
        said += f" +{len(letters) - MOST_LETTERS}"
    return Label(round((group[0][0] + group[-1][0]) / 2, 2), said, number % 2 == 0)


def _margin_row(margin: Margin, samples: Sequence[Sample], axis: Axis) -> MarginRow:
    above = samples[margin.lowest_above].score or 0.0
    below = samples[margin.highest_below].score or 0.0
    return MarginRow(margin, axis.span(above, below))
