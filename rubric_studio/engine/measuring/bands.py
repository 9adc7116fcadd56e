"""Whether scores fall where the expert said they should."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .intervals import Proportion

Anchor = Literal["empty", "off_topic", "ideal", "worst_acceptable"]

# Where an anchor's score must lie, both ends included; None is open.
EMPTY_AT_MOST = 0.05
OFF_TOPIC_AT_MOST = 0.15
IDEAL_AT_LEAST = 0.90
LOWEST_ACCEPTABLE_TIER = 2
# An edge is a decimal that somebody typed; the last digits of a float are not a miss.
EDGE = 1e-9


@dataclass(frozen=True, slots=True)
class Expectation:
    """One answer's score and what was stated about it: a band, an anchor, a tier, or none."""

    score: float | None
    band: tuple[float, float] | None = None
    anchor: Anchor | None = None
    tier: int | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """One stated range and the score it was stated for. Either end may be open (None); `strict`
    keeps the upper end itself out."""

    index: int
    anchor: Anchor | None
    low: float | None
    high: float | None
    score: float | None
    strict: bool = False

    @property
    def miss(self) -> float | None:
        """Score less the nearest edge: above 0 the rubric was too generous, below 0 too harsh, 0
        inside the range; None while the score is incomplete."""
        if self.score is None:
            return None
        if self.low is not None and self.score < self.low - EDGE:
            return self.score - self.low
        if self.high is not None and self.score > self.high + EDGE:
            return self.score - self.high
        return 0.0

    @property
    def is_hit(self) -> bool | None:
        """None while the score is incomplete."""
        if self.score is None:
            return None
        if self.strict and self.high is not None and self.score >= self.high - EDGE:
            return False
        return self.miss == 0


@dataclass(frozen=True, slots=True)
class Bands:
    """`bands` and `anchors` in the order given. `left_out` of them have no complete score, and
    `untestable` anchors of worst acceptable have no acceptable answer to be compared with.
    `hits` counts bands and anchors that hold, over those that could be tried."""

    bands: tuple[Placed, ...]
    anchors: tuple[Placed, ...]
    untestable: tuple[int, ...]
    hits: Proportion
    left_out: int
    needs: int

    @property
    def misses(self) -> tuple[Placed, ...]:
        """What missed, the widest first, anchors before bands."""
        missed = [it for it in (*self.anchors, *self.bands) if it.is_hit is False]
        return tuple(sorted(missed, key=lambda it: (it.anchor is None, -abs(it.miss or 0))))


def measure_bands(expectations: Sequence[Expectation]) -> Bands:
    """Hit rate with its Wilson interval, signed misses (score less the nearest edge), and the
    anchors: an empty answer at most 0.05, an off-topic one at most 0.15, the ideal at least 0.90,
    the worst acceptable below every other answer of the lowest acceptable tier (2 or above).

    Minimum n: one stated band or anchor with a complete score; `needs` is 1 while there is none.
    Raises ValueError for a band whose ends are the wrong way round.
    """
    bands: list[Placed] = []
    anchors: list[Placed] = []
    untestable: list[int] = []
    for index, stated in enumerate(expectations):
        if stated.band is not None:
            low, high = stated.band
            if not low <= high:
                raise ValueError(f"The band from {low} to {high} is the wrong way round.")
            bands.append(Placed(index, None, low, high, stated.score))
        if stated.anchor is not None:
            placed = _anchored(index, stated, expectations)
            if placed is None:
                untestable.append(index)
            else:
                anchors.append(placed)
    tried = [it for it in (*bands, *anchors) if it.score is not None]
    return Bands(
        bands=tuple(bands),
        anchors=tuple(anchors),
        untestable=tuple(untestable),
        hits=Proportion(sum(it.is_hit is True for it in tried), len(tried)),
        left_out=len(bands) + len(anchors) - len(tried),
        needs=0 if tried else 1,
    )


def _anchored(
    index: int, stated: Expectation, expectations: Sequence[Expectation]
) -> Placed | None:
    match stated.anchor:
        case "empty":
            return Placed(index, "empty", None, EMPTY_AT_MOST, stated.score)
        case "off_topic":
            return Placed(index, "off_topic", None, OFF_TOPIC_AT_MOST, stated.score)
        case "ideal":
            return Placed(index, "ideal", IDEAL_AT_LEAST, None, stated.score)
        case "worst_acceptable":
            limit = _lowest_acceptable(index, expectations)
            if limit is None:
                return None
            return Placed(index, "worst_acceptable", None, limit, stated.score, strict=True)
        case _:
            raise ValueError(f"There is no anchor {stated.anchor!r}.")


def _lowest_acceptable(index: int, expectations: Sequence[Expectation]) -> float | None:
    """The lowest complete score in the lowest acceptable tier, the anchor itself left out."""
    acceptable = [
        (it.tier, it.score)
        for place, it in enumerate(expectations)
        if place != index and it.tier is not None and it.tier >= LOWEST_ACCEPTABLE_TIER
    ]
    scored = [(tier, score) for tier, score in acceptable if score is not None]
    return min(scored)[1] if scored else None
