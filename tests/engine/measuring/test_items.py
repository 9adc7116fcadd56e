from statistics import correlation

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import entropy as scipy_entropy
from scipy.stats import kendalltau

from rubric_studio.engine.measuring.items import (
    discrimination,
    ends_by_score,
    entropy,
    item_rest,
    measure_item,
    met_by_points,
)

TIERS = [3, 3, 2, 2, 1, 1]
VALUES = st.sampled_from([0.0, 1.0, 0.5, 0.25])
RANKED = st.lists(st.tuples(VALUES, st.integers(1, 4)), min_size=1, max_size=14)


def item(values, points=5, tiers=TIERS, **options):
    return measure_item(values, tiers, points, **options)


def test_a_criterion_that_the_better_answers_meet():
    it = item([1, 1, 1, 0, 0, 0])
    assert (it.n, it.left_out, it.needs, it.mean) == (6, 0, 0, 0.5)
    assert it.entropy == 1
    assert (it.discrimination.d, it.discrimination.n_top, it.discrimination.n_bottom) == (1, 2, 2)
    assert not (it.is_reversed)
    assert not (it.is_dead)
    assert not (it.is_always_met)


def test_levels_count_by_their_value():
    it = item([1, 0.5, 0.5, 0.25, 0.25, 0])
    assert it.mean == pytest.approx(2.5 / 6)
    assert it.met.hits == 3
    assert it.discrimination.d == pytest.approx(0.75 - 0.125)


def test_a_reward_that_only_weak_answers_earn_is_reversed():
    it = item([0, 0, 0, 0, 1, 1])
    assert it.discrimination.luck_low == pytest.approx(1 / 15)
    assert it.is_reversed


def test_a_penalty_that_only_strong_answers_get_is_reversed():
    assert item([1, 1, 0, 0, 0, 0], -4).is_reversed
    assert not item([0, 0, 0, 0, 1, 1], -4).is_reversed


def test_one_odd_verdict_is_no_reversal():
    it = item([0, 0, 0, 0, 0, 1])
    assert it.discrimination.d < 0
    assert not it.is_reversed


def test_ends_alone_do_not_reverse_what_the_middle_supports():
    it = measure_item([0, 1, 1, 1, 0, 0, 0, 1], [3, 2, 2, 2, 2, 1, 1, 1], 5)
    assert it.discrimination.d < 0
    assert not it.is_reversed


@pytest.mark.parametrize("points, dead", [(5, True), (-5, False)])
def test_never_met_is_dead_for_a_reward_and_right_for_a_penalty(points, dead):
    it = item([0] * 6, points)
    assert it.is_dead is dead
    assert it.is_untried is not dead
    assert it.met.interval.high == pytest.approx(0.39, abs=0.001)


def test_always_met_needs_all_tiers_and_is_the_same_for_penalties():
    assert item([1] * 6).is_always_met
    assert item([1] * 6, -5).is_always_met
    assert not item([1] * 6, tiers=[3] * 6).is_always_met
    assert item([1] * 6, tiers=[3] * 6).needs == 1


def test_guards_may_stay_silent():
    assert not item([0] * 6, guard=True).is_dead
    assert not item([1] * 6, guard=True).is_always_met


def test_few_verdicts_say_how_many_more():
    it = item([0, 0, None, None, 0, None])
    assert (it.n, it.left_out, it.needs) == (3, 3, 2)
    assert not it.is_dead


def test_a_column_that_never_applies_says_nothing():
    it = item([None] * 6, rest=[0.5] * 6)
    assert (it.n, it.left_out, it.needs) == (0, 6, 5)
    assert (it.mean, it.entropy, it.discrimination, it.rest, it.met.interval) == (None,) * 5
    assert not (it.is_dead)
    assert not (it.is_always_met)
    assert not (it.is_reversed)
    assert not (it.is_untried)


def test_one_tier_has_no_discrimination():
    it = item([1, 0, 1, 0, 1, 0], tiers=[2] * 6)
    assert it.discrimination is None
    assert not it.is_reversed


@pytest.mark.parametrize("met, dead", [(0, True), (1, True), (2, False)])
def test_rarely_met_is_as_dead_as_never(met, dead):
    values = [1] * met + [0] * (20 - met)
    assert measure_item(values, [1, 2] * 10, 5).is_dead is dead


def test_item_rest_needs_twenty_answers():
    values, rest = [0, 1] * 10, [0.1 * (n % 7) for n in range(20)]
    assert item_rest(values[:19], rest[:19]) is None
    assert item_rest(values, rest) == pytest.approx(correlation(values, rest))
    assert item_rest([1] * 20, rest) is None
    assert measure_item(values, [1] * 20, rest=rest).rest_needs == 0
    assert item(values[:6], rest=rest[:6]).rest_needs == 14


def test_the_ends_of_many_scores_leave_ties_at_the_edge_out():
    top, bottom = ends_by_score([n / 30 for n in range(30)])
    assert (set(top), set(bottom)) == (set(range(22, 30)), set(range(8)))
    assert ends_by_score([0.5] * 30) == ((), ())
    assert ends_by_score([0.1, 0.9] * 9) == ((), ())


def test_heavy_criteria_are_told_apart_from_light_ones():
    items = [item([1, 0, 0, 0, 0, 0], 9), item([1, 1, 1, 1, 0, None], 1), item([1] * 6, -9)]
    heavy, light = met_by_points(items)
    assert (heavy.low, heavy.criteria, heavy.met.hits, heavy.met.n) == (9, 1, 1, 6)
    assert (light.high, light.met.hits, light.met.n) == (1, 4, 5)
    assert met_by_points([]) == ()


def test_misuse_is_refused():
    with pytest.raises(ValueError, match="needs its value"):
        measure_item([1], [1, 2])
    with pytest.raises(ValueError, match="between 0 and 1"):
        measure_item([1.5], [1])
    with pytest.raises(ValueError, match="no share"):
        entropy(2)


@given(st.floats(0, 1))
def test_entropy_is_that_of_scipy(share):
    assert entropy(share) == pytest.approx(scipy_entropy([share, 1 - share], base=2), abs=1e-12)


@settings(max_examples=200)
@given(RANKED)
def test_pairs_in_order_are_counted_as_by_hand(ranked):
    found = discrimination(ranked)
    if found is None:
        assert len({tier for _, tier in ranked}) < 2
        return
    by_hand = sum(
        (value > other) - (value < other)
        for value, tier in ranked
        for other, lower in ranked
        if tier > lower
    )
    assert found.agrees == by_hand
    assert -1 <= found.d <= 1


@settings(max_examples=200)
@given(st.lists(st.tuples(VALUES, st.integers(1, 4)), min_size=8, max_size=20))
def test_luck_above_seven_answers_is_that_of_scipy(ranked):
    found = discrimination(ranked)
    values, tiers = [it for it, _ in ranked], [tier for _, tier in ranked]
    if found is None or found.luck_high is None:
        assert len(set(values)) < 2 or len(set(tiers)) < 2
        return
    for alternative, luck in (("greater", found.luck_high), ("less", found.luck_low)):
        theirs = kendalltau(values, tiers, method="asymptotic", alternative=alternative).pvalue
        assert luck == pytest.approx(theirs)


@given(st.lists(VALUES, max_size=12), st.integers(-9, 9))
def test_no_data_breaks_it(values, points):
    it = measure_item(values, [None, 1, 2] * 4 if len(values) == 12 else [1] * len(values), points)
    assert it.n == len(values)
