"""Figure 3: every stated range as a box, the score on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from rubric_studio.engine.measuring.bands import Bands, Placed
from rubric_studio.rubrics.drawing.numbers import MINUS, score
from rubric_studio.steering.drawing.axis import Axis, Span
from rubric_studio.steering.samples import Sample
from rubric_studio.steering.sentences import ANCHOR_NAMES, gap_words


@dataclass(frozen=True, slots=True)
class BandRow:
    """One stated range. `point` is None while the score is incomplete: then `open` is where it
    may still fall, or None when nothing can be scored."""

    sample: Sample
    placed: Placed
    box: Span
    point: float | None
    open: Span | None

    @property
    def name(self) -> str:
        """An anchor by what it is, any other answer by its name."""
        if self.placed.anchor is None:
            return self.sample.name
        return ANCHOR_NAMES[self.placed.anchor].removeprefix("the ").capitalize()

    @property
    def stated(self) -> str:
        """The range in words: 0.40 to 0.60, at most 0.05."""
        low, high = self.placed.low, self.placed.high
        if low is not None and high is not None:
            return f"{score(low)} to {score(high)}"
        if low is not None:
            return f"at least {score(low)}"
        return f"{'below' if self.placed.strict else 'at most'} {score(high)}"

    @property
    def missed(self) -> str:
        """0.12 above, 0.05 below, not below, or nothing when it is a hit."""
        if self.placed.is_hit is not False:
            return ""
        if not self.placed.miss:
            return "not below"
        return f"{gap_words(self.placed.miss)} {'above' if self.placed.miss > 0 else 'below'}"

    @property
    def signed_miss(self) -> str:
        """The miss as the figure has room for it: +0.12, −0.05; nothing when it is a hit."""
        if self.placed.is_hit is not False or not self.placed.miss:
            return self.missed
        sign = "+" if self.placed.miss > 0 else MINUS
        return sign + gap_words(self.placed.miss).replace("less than ", "<")


@dataclass(frozen=True, slots=True)
class BandDrawing:
    axis: Axis
    rows: tuple[BandRow, ...]


def draw_bands(bands: Bands, samples: Sequence[Sample]) -> BandDrawing:
    stated = (*bands.bands, *bands.anchors)
    placed = [samples[it.index] for it in stated]
    ends = [end for it in stated for end in (it.low, it.high)]
    # An incomplete score shows how low it may still fall.
    axis = Axis.for_values([*ends, *(it.low if it.score is None else it.score for it in placed)])
    return BandDrawing(axis, tuple(_row(it, samples[it.index], axis) for it in stated))


def _row(placed: Placed, sample: Sample, axis: Axis) -> BandRow:
    low = axis.low if placed.low is None else placed.low
    high = 1.0 if placed.high is None else placed.high
    open_span = None
    if placed.score is None and sample.low is not None and sample.high is not None:
        open_span = axis.span(sample.low, sample.high)
    return BandRow(
        sample=sample,
        placed=placed,
        box=axis.span(low, high),
        point=None if placed.score is None else axis.at(placed.score),
        open=open_span,
    )
