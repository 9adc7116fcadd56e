"""How far experts agree with each other on what is better: no rubric can agree with them more."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from .comparisons import Choice
from .intervals import Interval
from .order import MIN_ANSWERS, RESAMPLES

MIN_EXPERTS = 2


@dataclass(frozen=True, slots=True)
class Ceiling:
    """`alike` of `pairs` that two of the experts both ordered have the same order, counted once for
    each two experts. `answers` are in such a pair. `share` lies in [0, 1] and is None without a
    pair; `interval` is its 95 % bootstrap over answers, None below 5. `needs` more experts are
    missing to the minimum of 2."""

    experts: int
    answers: int
    pairs: int
    alike: int
    interval: Interval | None
    needs: int

    @property
    def share(self) -> float | None:
        return self.alike / self.pairs if self.pairs else None


def better_than[A: Hashable](choices: Sequence[Choice[A]]) -> dict[A, frozenset[A]]:
    """For each answer those that it is better than, by one person's choices and what follows.

    The later choice of a pair counts. What runs in a circle or is tied is better than neither; what
    the choices do not lead to is not said. Warshall (1962), JACM 9:11-12, on rows of bits. Empty
    without a choice. No errors.
    """
    latest = {frozenset((it.better, it.worse)): it for it in choices}
    answers = list(dict.fromkeys(it for choice in choices for it in (choice.better, choice.worse)))
    place = {answer: number for number, answer in enumerate(answers)}
    reach = [0] * len(answers)
    for choice in latest.values():
        reach[place[choice.better]] |= 1 << place[choice.worse]
        if choice.is_tie:
            reach[place[choice.worse]] |= 1 << place[choice.better]
    for via, middle in enumerate(answers):
        beyond = 1 << place[middle]
        for start in range(len(answers)):
            if reach[start] & beyond:
                reach[start] |= reach[via]
    return {
        answer: frozenset(
            other
            for number, other in enumerate(answers)
            if reach[own] >> number & 1 and not reach[number] >> own & 1
        )
        for own, answer in enumerate(answers)
    }


def measure_ceiling[A: Hashable](experts: Sequence[Sequence[Choice[A]]], seed: int = 0) -> Ceiling:
    """The share of pairs that experts order alike, of those that two of them ordered without a tie.

    (1 + γ) / 2 with Goodman and Kruskal's γ (1954), JASA 49:732-764, pooled over all two experts.
    Pairs share answers, so the interval resamples answers (2,000 percentile bootstrap; Efron 1979).
    Experts without a choice are not counted. Minimum: 2 experts and one pair that both ordered.
    No errors.
    """
    given = [better_than(choices) for choices in experts if choices]
    answers = list(dict.fromkeys(it for order in given for it in order))
    alike, pairs = _counts(given, answers)
    shared = int((pairs.sum(axis=0) > 0).sum())
    return Ceiling(
        experts=len(given),
        answers=shared,
        pairs=int(pairs.sum()) // 2,
        alike=int(alike.sum()) // 2,
        interval=_interval(alike, pairs, seed) if shared >= MIN_ANSWERS else None,
        needs=max(MIN_EXPERTS - len(given), 0),
    )


@dataclass(frozen=True, slots=True)
class FollowedBy:
    """`alike` of `pairs` that a person ordered have the order of their scores; `tied` more have
    equal scores."""

    pairs: int
    alike: int
    tied: int


def followed_by[A: Hashable](
    choices: Sequence[Choice[A]], scores: Mapping[A, float | None]
) -> FollowedBy:
    """How far scores follow one person's order: of the pairs that `better_than` orders, how many
    have their scores the same way round. Answers without a complete score are left out; ties count
    as not alike. Minimum n: one pair; without one, 0 of 0. No errors."""
    pairs = alike = tied = 0
    for better, others in better_than(choices).items():
        above = scores.get(better)
        for worse in others:
            below = scores.get(worse)
            if above is None or below is None:
                continue
            pairs += 1
            alike += above > below
            tied += above == below
    return FollowedBy(pairs, alike, tied)


def _counts[A: Hashable](
    orders: Sequence[Mapping[A, frozenset[A]]], answers: Sequence[A]
) -> tuple[np.ndarray, np.ndarray]:
    """Symmetric matrices over pairs of answers: how many two experts order it alike, and at all."""
    place = {answer: number for number, answer in enumerate(answers)}
    signs = np.zeros((len(orders), len(answers), len(answers)))
    for number, order in enumerate(orders):
        for better, others in order.items():
            for worse in others:
                signs[number, place[better], place[worse]] = 1
                signs[number, place[worse], place[better]] = -1
    alike = np.zeros((len(answers), len(answers)))
    pairs = np.zeros((len(answers), len(answers)))
    for one, other in combinations(signs, 2):
        alike += one * other > 0
        pairs += one * other != 0
    return alike, pairs


def _interval(alike: np.ndarray, pairs: np.ndarray, seed: int) -> Interval | None:
    n = len(pairs)
    drawn = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=RESAMPLES)
    drawn = drawn.astype(float)
    of = ((drawn @ pairs) * drawn).sum(axis=1)
    won = ((drawn @ alike) * drawn).sum(axis=1)
    shares = won[of > 0] / of[of > 0]
    if not shares.size:
        return None
    low, high = np.quantile(shares, [0.025, 0.975])
    return Interval(float(low), float(high))
