from itertools import combinations, permutations
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubric_studio.engine.measuring.ceiling import better_than, followed_by, measure_ceiling
from rubric_studio.engine.measuring.comparisons import (
    Choice,
    concordance,
    pair_to_repeat,
    sort_by_choices,
)

LETTERS = "abcdefgh"


def chosen(values):
    """All pairs of these values, chosen by them: {"a": 3, "b": 1}."""
    return [
        Choice(a, b, values[a] == values[b])
        if values[a] >= values[b]
        else Choice(b, a, values[a] == values[b])
        for a, b in combinations(sorted(values), 2)
    ]


choices_of_six = st.lists(
    st.builds(Choice, st.sampled_from("abcdef"), st.sampled_from("abcdef"), st.booleans()).filter(
        lambda it: it.better != it.worse
    ),
    max_size=16,
)
ranks = st.dictionaries(st.sampled_from(LETTERS), st.integers(0, 4), min_size=2)


def by_paths(choices):
    """Who is better than whom, by walking all paths."""
    latest = {frozenset((it.better, it.worse)): it for it in choices}
    steps = {(it.better, it.worse) for it in latest.values()}
    steps |= {(it.worse, it.better) for it in latest.values() if it.is_tie}

    def leads(start, end, seen=()):
        return any(
            b == end or (b not in seen and leads(b, end, (*seen, b)))
            for a, b in steps
            if a == start
        )

    answers = {it for pair in latest for it in pair}
    return {a: {b for b in answers if leads(a, b) and not leads(b, a)} for a in answers}


@given(choices_of_six)
def test_what_follows_from_choices_is_what_paths_lead_to(choices):
    assert {it: set(others) for it, others in better_than(choices).items()} == by_paths(choices)


@given(ranks, ranks)
def test_two_experts_agree_as_their_ranks_do(one, other):
    found = measure_ceiling([chosen(one), chosen(other)])
    expected = concordance(one, other)
    assert (found.pairs, found.alike) == (expected.pairs, expected.alike)


@given(st.lists(ranks, min_size=3, max_size=4))
def test_more_experts_are_all_two_of_them_together(experts):
    found = measure_ceiling([chosen(it) for it in experts])
    each = [concordance(one, other) for one, other in combinations(experts, 2)]
    assert found.pairs == sum(it.pairs for it in each)
    assert found.alike == sum(it.alike for it in each)
    if found.interval is not None:
        assert 0 <= found.interval.low <= found.interval.high <= 1


def test_one_expert_and_none_have_no_ceiling():
    alone = measure_ceiling([chosen({"a": 1, "b": 2})])
    assert (alone.share, alone.interval, alone.needs, alone.experts) == (None, None, 1, 1)
    assert measure_ceiling([]).needs == 2
    assert measure_ceiling([[], []]).experts == 0


def test_experts_of_one_mind_agree_on_all_and_opposite_ones_on_nothing():
    values = dict(zip(LETTERS, range(8), strict=True))
    same = measure_ceiling([chosen(values), chosen(values)])
    assert (same.share, same.pairs, same.answers) == (1.0, 28, 8)
    assert (same.interval.low, same.interval.high) == (1.0, 1.0)
    against = {it: -value for it, value in values.items()}
    assert measure_ceiling([chosen(values), chosen(against)]).share == 0.0


def test_the_interval_waits_for_five_answers_and_holds_the_share():
    four = dict(zip("abcd", range(4), strict=True))
    assert measure_ceiling([chosen(four), chosen(four)]).interval is None
    one = dict(zip(LETTERS, range(8), strict=True))
    other = {**one, "a": 7, "h": 0}
    found = measure_ceiling([chosen(one), chosen(other)])
    assert found.interval.low < found.share < found.interval.high


def test_experts_who_compared_other_answers_have_no_pair_in_common():
    found = measure_ceiling([chosen({"a": 1, "b": 2}), chosen({"c": 1, "d": 2})])
    assert (found.experts, found.pairs, found.share) == (2, 0, None)


@given(choices_of_six, st.dictionaries(st.sampled_from("abcdef"), st.none() | st.integers(0, 3)))
def test_scores_follow_an_order_as_counting_by_hand_says(choices, scores):
    found = followed_by(choices, scores)
    pairs = [
        (scores[a], scores[b])
        for a, others in by_paths(choices).items()
        for b in others
        if scores.get(a) is not None and scores.get(b) is not None
    ]
    assert found.pairs == len(pairs)
    assert found.alike == sum(a > b for a, b in pairs)
    assert found.tied == sum(a == b for a, b in pairs)


@pytest.mark.parametrize("n", [2, 5, 8, 16, 32, 64])
def test_active_pairs_find_a_known_order_in_n_log_n_choices(n):
    order = [(it * 37) % n if n % 37 else it for it in range(n)]
    choices, told = [], []
    while (done := sort_by_choices(range(n), choices)).ask is not None:
        a, b = done.ask
        told.append(done.about_left)
        choices.append(Choice(a, b) if order[a] > order[b] else Choice(b, a))
    found = [group[0] for group in done.groups]
    assert found == sorted(range(n), key=lambda it: order[it])
    assert len(choices) <= n * log2(n)
    assert len(better_than(choices)[found[-1]]) == n - 1  # the choices alone say the whole order
    assert abs(told[0] - len(choices)) <= max(2, 0.15 * len(choices))
    assert told[-1] >= 1


@given(st.permutations(range(9)), st.integers(1, 4))
def test_active_pairs_find_a_known_order_with_ties(order, kinds):
    values = [it % kinds for it in order]
    choices = []
    while (done := sort_by_choices(range(9), choices)).ask is not None:
        a, b = done.ask
        better, worse = (a, b) if values[a] >= values[b] else (b, a)
        choices.append(Choice(better, worse, values[a] == values[b]))
    assert [{values[it] for it in group} for group in done.groups] == [{it} for it in range(kinds)]
    assert len(choices) <= 9 * log2(9)


def test_every_order_of_four_says_about_how_many_are_left():
    for order in permutations(range(4)):
        choices = []
        while (done := sort_by_choices(range(4), choices)).ask is not None:
            a, b = done.ask
            assert 1 <= done.about_left <= 5
            choices.append(Choice(a, b) if order[a] > order[b] else Choice(b, a))
        assert done.about_left == 0


def test_one_pair_in_four_is_asked_again_and_at_most_four():
    values = dict(zip(LETTERS, range(8), strict=True))
    choices, asked = chosen(values), []
    while (pair := pair_to_repeat(LETTERS, choices)) is not None:
        asked.append(frozenset(pair))
        choices.append(Choice(*pair))
    assert len(asked) == len(set(asked)) == 4
    assert pair_to_repeat("abc", chosen({"a": 1, "b": 2, "c": 3})) is None
    assert pair_to_repeat("", []) is None


@given(choices_of_six, st.sets(st.sampled_from("abcdef")))
def test_what_is_asked_again_was_chosen_once_and_is_there(choices, there):
    pair = pair_to_repeat(there, choices)
    if pair is not None:
        times = [it for it in choices if {it.better, it.worse} == set(pair)]
        assert len(times) == 1
        assert set(pair) <= there


def test_a_skipped_repeat_gives_way():
    choices = chosen(dict(zip("abcde", range(5), strict=True)))
    first = pair_to_repeat("abcde", choices)
    other = pair_to_repeat("abcde", choices, {frozenset(first)})
    assert other is not None
    assert set(other) != set(first)
