from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rubric_studio.engine.measuring.chance import (
    answers_until_luck_is_rare,
    chance_line,
    permutation_p,
    wins,
)


def concordance(scores, tiers):
    pairs = [(a, b) for a in range(len(tiers)) for b in range(len(tiers)) if tiers[a] > tiers[b]]
    return sum((scores[a] > scores[b]) + (scores[a] == scores[b]) / 2 for a, b in pairs) / len(
        pairs
    )


@pytest.mark.parametrize(
    "answers, line", [(3, 1.0), (4, 0.83), (5, 0.80), (6, 0.80), (8, 0.75), (10, 0.71)]
)
def test_chance_reaches_the_published_line(answers, line):
    assert chance_line(range(answers)) == pytest.approx(line, abs=0.005)


def test_ties_between_tiers_are_respected():
    assert chance_line([3, 3, 3, 1, 1, 1]) == pytest.approx(8 / 9)
    assert chance_line([3, 3, 3, 1, 1]) == 1.0


@pytest.mark.parametrize("tiers", [[], [2], [2, 2, 2]])
def test_one_tier_has_no_chance_line(tiers):
    assert chance_line(tiers) is None
    assert permutation_p([0.1] * len(tiers), tiers) is None


@given(st.lists(st.integers(1, 3), min_size=2, max_size=6).filter(lambda it: len(set(it)) > 1))
@settings(max_examples=40)
def test_the_chance_line_is_that_of_all_orders(tiers):
    shares = sorted(concordance(order, tiers) for order in permutations(range(len(tiers))))
    at = next(c for c in shares if sum(s <= c for s in shares) * 20 >= 19 * len(shares))
    assert chance_line(tiers) == pytest.approx(at)


def test_the_normal_approximation_joins_the_exact_line():
    assert chance_line([*range(30), *range(31)]) == pytest.approx(
        chance_line([*range(30), *range(30)]), abs=0.004
    )


@pytest.mark.parametrize("n, orders", [(3, 6), (4, 24), (5, 120), (6, 720)])
def test_a_perfect_order_has_the_p_of_one_order_in_all(n, orders):
    assert permutation_p(range(n), range(n)) == pytest.approx(1 / orders)


def test_p_counts_arrangements_of_tiers_not_of_answers():
    assert permutation_p([0.1, 0.2, 0.3, 0.8, 0.9], [1, 1, 1, 2, 2]) == pytest.approx(1 / 10)


def test_equal_scores_prove_nothing():
    assert permutation_p([0.5] * 6, [1, 1, 2, 2, 3, 3]) == 1


def test_a_wholly_reversed_order_has_p_one():
    assert permutation_p([5, 4, 3, 2, 1], [1, 2, 3, 4, 5]) == 1


def test_eight_answers_are_too_many_to_go_through():
    assert permutation_p(range(8), range(8)) is None


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(1, 3)), min_size=2, max_size=6).filter(
        lambda it: len({tier for _, tier in it}) > 1
    )
)
@settings(max_examples=40)
def test_p_is_the_share_of_all_permutations_that_do_as_well(answers):
    scores, tiers = zip(*answers, strict=True)
    shares = [concordance(scores, deal) for deal in permutations(tiers)]
    expected = np.mean([share >= concordance(scores, tiers) - 1e-12 for share in shares])
    assert permutation_p(scores, tiers) == pytest.approx(expected)


def test_scores_need_their_tiers():
    with pytest.raises(ValueError, match="its tier"):
        permutation_p([1, 2], [1])


def test_scores_within_eps_are_ties():
    assert wins([0.50, 0.52, 0.60], eps=0.05).tolist() == [
        [0.5, 0.5, 0],
        [0.5, 0.5, 0],
        [1, 1, 0.5],
    ]


@pytest.mark.parametrize(
    "tiers, more",
    [
        ([1, 2, 3, 4], 0),
        ([1, 2, 3], 2),
        ([1, 1, 1, 2, 2], 1),
        ([1, 1, 1, 2, 2, 2], 0),
        ([1, 1, 1, 1, 1, 2], 1),
        ([], 6),
    ],
)
def test_answers_until_luck_is_rare(tiers, more):
    assert answers_until_luck_is_rare(tiers) == more


@given(st.lists(st.integers(1, 4), min_size=2, max_size=12).filter(lambda it: len(set(it)) > 1))
def test_a_perfect_order_beats_the_chance_line_exactly_when_no_more_are_needed(tiers):
    assert (chance_line(tiers) < 1) == (answers_until_luck_is_rare(tiers) == 0)
