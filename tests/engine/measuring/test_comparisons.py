from itertools import combinations, permutations

from hypothesis import given
from hypothesis import strategies as st

from rubric_studio.engine.measuring.comparisons import (
    Choice,
    concordance,
    consistency,
    most_pairs,
    sort_by_choices,
    tiers_of_groups,
)


def answer_all(values, order=None, skipped=frozenset()):
    """Let somebody choose by these values until nothing is asked."""
    answers, choices = order or list(range(len(values))), []
    while (done := sort_by_choices(answers, choices, skipped)).ask is not None:
        a, b = done.ask
        better, worse = (a, b) if values[a] >= values[b] else (b, a)
        choices.append(Choice(better, worse, values[a] == values[b]))
    return done, choices


@given(st.lists(st.integers(0, 6), max_size=12))
def test_the_choices_of_one_mind_give_its_order_with_its_ties(values):
    done, choices = answer_all(values)
    assert [{values[it] for it in group} for group in done.groups] == [
        {it} for it in sorted(set(values))
    ]
    assert len(choices) <= most_pairs(len(values))
    assert consistency(choices).circles == 0


def test_every_order_of_five_is_found():
    for values in permutations(range(5)):
        done, _ = answer_all(values)
        assert [values[group[0]] for group in done.groups] == list(range(5))


@given(st.lists(st.integers(0, 99), min_size=2, max_size=9, unique=True))
def test_a_later_answer_costs_few_pairs(values):
    _, before = answer_all(values[:-1])
    _, after = answer_all(values)
    assert after[: len(before)] == before
    assert len(after) - len(before) <= len(values).bit_length()


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.booleans()), max_size=30))
def test_any_choices_end_and_ask_of_what_nobody_chose(rows):
    choices = [Choice(a, b, tie) for a, b, tie in rows if a != b]
    done = sort_by_choices(range(6), choices)
    if done.ask:
        assert frozenset(done.ask) not in {frozenset((it.better, it.worse)) for it in choices}
    else:
        assert sorted(it for group in done.groups for it in group) == list(range(6))


def test_one_answer_and_none_ask_nothing():
    assert sort_by_choices([], []).groups == ()
    assert sort_by_choices(["a"], []).groups == (("a",),)


def test_a_skipped_pair_is_not_asked_and_leaves_the_answer_out():
    done = sort_by_choices(["a", "b"], [], {frozenset("ab")})
    assert done.ask is None
    assert done.left_out == ("b",)
    assert not done.is_whole


def test_a_pair_near_a_skipped_one_is_asked_instead():
    choices = [Choice("b", "a"), Choice("c", "b")]
    asked = sort_by_choices("abcd", choices).ask
    other = sort_by_choices("abcd", choices, {frozenset(asked)}).ask
    assert other is not None
    assert other != asked


def test_the_later_choice_of_a_pair_counts():
    choices = [Choice("b", "a"), Choice("a", "b")]
    assert sort_by_choices("ab", choices).groups == (("b",), ("a",))
    assert consistency(choices).changed == 1


def test_circles_are_those_that_brute_force_finds():
    circle = [Choice("a", "b"), Choice("b", "c"), Choice("c", "a")]
    assert consistency(circle).circles == consistency(circle).triads == 1
    line = [Choice("a", "b"), Choice("b", "c"), Choice("a", "c")]
    assert (consistency(line).triads, consistency(line).circles) == (1, 0)


@given(st.lists(st.booleans(), min_size=10, max_size=10))
def test_circles_follow_kendalls_formula(wins):
    pairs = list(combinations(range(5), 2))
    choices = [
        Choice(a, b) if won else Choice(b, a) for (a, b), won in zip(pairs, wins, strict=True)
    ]
    won = [sum(it.better == answer for it in choices) for answer in range(5)]
    assert consistency(choices).circles == 10 - sum(it * (it - 1) // 2 for it in won)


@given(st.dictionaries(st.integers(0, 9), st.integers(0, 4)))
def test_one_agrees_with_oneself_and_not_with_the_reverse(ranks):
    same, reverse = (
        concordance(ranks, ranks),
        concordance(ranks, {it: -rank for it, rank in ranks.items()}),
    )
    assert same.pairs == reverse.pairs
    assert (same.share, reverse.share) == ((1.0, 0.0) if same.pairs else (None, None))


@given(st.integers(0, 40))
def test_tiers_keep_the_order_and_end_at_nine(count):
    tiers = tiers_of_groups([[it] for it in range(count)])
    given_tiers = [tiers[it] for it in range(count)]
    assert given_tiers == sorted(given_tiers)
    assert all(1 <= it <= 9 for it in given_tiers)
    assert count > 9 or given_tiers == list(range(1, count + 1))
