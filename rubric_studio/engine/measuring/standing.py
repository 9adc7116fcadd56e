"""Where one rater stands among the others: a judge as a percentile of the experts."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import combinations

from .agreement import Confusion, confusion
from .intervals import Interval

MIN_EXPERTS = 2


@dataclass(frozen=True, slots=True)
class RaterPair:
    """Two raters on the cells that both rated; `counts` has the second as the reference."""

    first: str
    second: str
    counts: Confusion


@dataclass(frozen=True, slots=True)
class Against:
    """One rater against every other one's verdicts, each pair of verdicts counted by itself."""

    rater: str
    others: int
    counts: Confusion


@dataclass(frozen=True, slots=True)
class Standing:
    """A judge among experts. `experts` are each against the other experts, `judge` against all of
    them. `percentile` is the share of experts (a tie counts half) whose macro-F1 is not above the
    judge's, in [0, 1]; None while `needs` experts with comparable cells are missing."""

    judge: Against
    experts: tuple[Against, ...]
    percentile: float | None
    needs: int


def rater_pairs[Cell: Hashable](
    raters: Mapping[str, Mapping[Cell, bool]],
) -> tuple[RaterPair, ...]:
    """Every two raters that share a cell, in the order given; ratings by cell. No errors."""
    found = (
        RaterPair(first, second, _between(raters[first], raters[second]))
        for first, second in combinations(raters, 2)
    )
    return tuple(it for it in found if it.counts.n)


def against_others[Cell: Hashable](
    rater: str, own: Mapping[Cell, bool], others: Mapping[str, Mapping[Cell, bool]]
) -> Against:
    """HealthBench's pairing: each verdict of the rater with each other rater's on that cell, no
    majority in between. openai/simple-evals, healthbench_meta_eval. No errors."""
    counts = [_between(own, theirs) for name, theirs in others.items() if name != rater]
    compared = [it for it in counts if it.n]
    return Against(rater, len(compared), sum(compared, Confusion(0, 0, 0, 0)))


def standing[Cell: Hashable](
    name: str, judge: Mapping[Cell, bool], experts: Mapping[str, Mapping[Cell, bool]]
) -> Standing:
    """The judge and each expert by the same yardstick, and the judge's percentile among them.

    Arora et al. (2025), HealthBench, arXiv 2505.08775, section on the meta-evaluation. Two
    experts with cells in common are the least; a percentile of two says little. No errors.
    """
    of_experts = tuple(against_others(it, own, experts) for it, own in experts.items())
    comparable = [it for it in of_experts if it.counts.macro_f1 is not None]
    of_judge = against_others(name, judge, experts)
    mine = of_judge.counts.macro_f1
    percentile = None
    if mine is not None and len(comparable) >= MIN_EXPERTS:
        percentile = sum(_beats(mine, it) for it in comparable) / len(comparable)
    return Standing(of_judge, of_experts, percentile, max(0, MIN_EXPERTS - len(comparable)))


def ceiling(pairs: tuple[RaterPair, ...]) -> Interval | None:
    """The lowest and the highest kappa between two experts: what a judge can hope to reach. None
    where no two of them have a kappa. No errors."""
    kappas = [kappa for it in pairs if (kappa := it.counts.kappa) is not None]
    return Interval(min(kappas), max(kappas)) if kappas else None


def _between[Cell: Hashable](first: Mapping[Cell, bool], second: Mapping[Cell, bool]) -> Confusion:
    return confusion((first[cell], second[cell]) for cell in first if cell in second)


def _beats(mine: float, expert: Against) -> float:
    theirs = expert.counts.macro_f1
    if theirs is None or mine > theirs:
        return 1.0
    return 0.5 if mine == theirs else 0.0
