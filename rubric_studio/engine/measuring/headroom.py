"""How much room scores leave, and whether choices made without the rubric agree with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

from .intervals import Proportion

MIN_SCORES = 8
CEILING, FLOOR = 0.9, 0.1
BINS = 10
MIN_PAIRS = 5


@dataclass(frozen=True, slots=True)
class Headroom:
    """`best` is the highest score among the models' answers, None without one; `at_ceiling` and
    `at_floor` are shares of all complete scores; `entropy` in bits over ten bins of [0, 1], at most
    3.32. `needs` more complete scores until shares are worth reading."""

    n: int
    left_out: int
    needs: int
    best: float | None
    at_ceiling: Proportion
    at_floor: Proportion
    distinct: int
    entropy: float | None

    @property
    def is_saturated(self) -> bool:
        """Whether a model has nearly all there is to have."""
        return self.best is not None and self.best > CEILING


def measure_headroom(scores: Sequence[float | None], is_model: Sequence[bool]) -> Headroom:
    """How scores are spread, in score units, unclipped.

    A score of 0.9 or more is at the ceiling, of 0.1 or less at the floor; entropy = −Σ p log₂ p
    over ten equal bins of [0, 1], scores outside put into the nearest. Bars: DRACO gives a rubric
    back to its experts when the best system is above 0.9. Minimum n: 8 complete scores.
    Raises ValueError when lengths differ.
    """
    if len(scores) != len(is_model):
        raise ValueError("Each score needs to know whether a model gave the answer.")
    known = [it for it in scores if it is not None]
    models = [it for it, own in zip(scores, is_model, strict=True) if own and it is not None]
    return Headroom(
        n=len(known),
        left_out=len(scores) - len(known),
        needs=max(MIN_SCORES - len(known), 0),
        best=max(models, default=None),
        at_ceiling=Proportion(sum(it >= CEILING for it in known), len(known)),
        at_floor=Proportion(sum(it <= FLOOR for it in known), len(known)),
        distinct=len({round(it, 9) for it in known}),
        entropy=_entropy(known),
    )


def _entropy(scores: Sequence[float]) -> float | None:
    if not scores:
        return None
    bins = [0] * BINS
    for score in scores:
        bins[min(BINS - 1, max(0, int(score * BINS)))] += 1
    shares = [it / len(scores) for it in bins if it]
    return max(0.0, -sum(it * log2(it) for it in shares))


@dataclass(frozen=True, slots=True)
class WithoutRubric:
    """Pairs that people chose between without the rubric: how many the scores put the same way,
    a tie of scores counting against. `undecided` pairs have as many choices one way as the other;
    `left_out` have no two complete scores."""

    agreed: Proportion
    against: tuple[tuple[int, int], ...]
    undecided: int
    left_out: int

    @property
    def needs(self) -> int:
        return max(MIN_PAIRS - self.agreed.n, 0)


def measure_without_rubric(
    scores: Sequence[float | None], choices: Sequence[tuple[int, int]]
) -> WithoutRubric:
    """Agreement of scores with choices (better, worse), by index, ties left out beforehand.

    Of several choices on a pair the majority counts. share = pairs with S(better) > S(worse) /
    pairs, interval Wilson (1927). `against` lists the others as (better, worse). Minimum n: 5
    pairs. The only check that sees what a rubric does not say (arXiv 2605.12474). No errors.
    """
    votes: dict[tuple[int, int], int] = {}
    for better, worse in choices:
        first, second = sorted((better, worse))
        votes[first, second] = votes.get((first, second), 0) + (1 if better == first else -1)
    agreed, against, undecided, left_out = 0, [], 0, 0
    for (first, second), balance in sorted(votes.items()):
        better, worse = (first, second) if balance > 0 else (second, first)
        high, low = scores[better], scores[worse]
        if not balance:
            undecided += 1
        elif high is None or low is None:
            left_out += 1
        elif high > low:
            agreed += 1
        else:
            against.append((better, worse))
    share = Proportion(agreed, agreed + len(against))
    return WithoutRubric(share, tuple(against), undecided, left_out)
