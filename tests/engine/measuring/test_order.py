import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from rubric_studio.engine.measuring.order import bootstrap_interval, measure_order, tau_b

SIX = [0.87, 0.88, 0.53, 0.44, 0.11, -0.04]
TIERS = [3, 3, 2, 2, 1, 1]
scores = st.one_of(st.none(), st.floats(-2, 1, allow_nan=False))
answers = st.lists(st.tuples(scores, st.one_of(st.none(), st.integers(1, 4))), max_size=9)


def measured(answers, **options):
    return measure_order([it[0] for it in answers], [it[1] for it in answers], **options)


def test_a_perfect_order():
    order = measure_order(SIX, TIERS)
    assert (order.n, order.pairs, order.tiers) == (6, 12, 3)
    assert order.concordance == order.strict == 1
    assert order.inversions == order.ties == ()
    assert order.p == pytest.approx(1 / 90)
    assert order.interval is None
    assert order.needs == 0
    assert order.beats_luck


def test_inversions_come_worst_first_by_index():
    order = measure_order([0.2, 0.9, 0.5, 0.4, 0.6, 0.1], TIERS)
    named = [(it.better, it.worse) for it in order.inversions]
    assert named == [(0, 4), (0, 2), (0, 3), (3, 4), (2, 4)]
    assert order.inversions[0].gap == pytest.approx(0.4)
    assert order.concordance == pytest.approx(7 / 12)


def test_ties_count_half_and_not_at_all_strictly():
    order = measure_order([0.5, 0.5, 0.5, 0.5, 0.1], [3, 3, 2, 2, 1])
    assert (order.pairs, len(order.ties)) == (8, 4)
    assert order.concordance == pytest.approx(6 / 8)
    assert order.strict == pytest.approx(4 / 8)


def test_eps_makes_close_scores_ties():
    close = measure_order([0.50, 0.49, 0.2, 0.1, 0.0], [2, 3, 1, 1, 1], eps=0.02)
    assert (len(close.inversions), len(close.ties)) == (0, 1)


def test_incomplete_scores_are_left_out_and_counted():
    order = measure_order([*SIX, None, 0.4, None], [*TIERS, 3, None, None])
    assert (order.n, order.left_out) == (6, 1)
    assert order.concordance == 1


def test_an_incomplete_score_is_not_zero():
    assert measure_order([None, 0.9, 0.5, 0.4, 0.1, 0], TIERS).concordance == 1


@pytest.mark.parametrize(
    "tiers, needs",
    [([], 5), ([2], 4), ([3, 2, 1], 2), ([3, 2, 2, 1], 1), ([2] * 6, 1), ([2] * 3, 2)],
)
def test_too_few_say_how_many_more(tiers, needs):
    order = measure_order([0.1 * n for n in range(len(tiers))], tiers)
    assert order.needs == needs


def test_five_in_two_tiers_are_enough_but_luck_may_do_it():
    order = measure_order([0.9, 0.8, 0.3, 0.2, 0.1], [2, 2, 1, 1, 1])
    assert (order.needs, order.needs_to_beat_luck) == (0, 1)
    assert order.concordance == 1
    assert not order.beats_luck


def test_above_seven_an_interval_takes_the_place_of_p():
    order = measure_order([0.9, 0.8, 0.7, 0.3, 0.6, 0.5, 0.4, 0.2], [3, 3, 3, 3, 1, 1, 1, 1])
    assert order.p is None
    assert order.interval.low < order.concordance < order.interval.high
    assert order == measure_order(
        [0.9, 0.8, 0.7, 0.3, 0.6, 0.5, 0.4, 0.2], [3, 3, 3, 3, 1, 1, 1, 1]
    )


def test_a_perfect_order_leaves_the_interval_no_room():
    interval = bootstrap_interval([0.1 * n for n in range(10)], [1] * 5 + [2] * 5)
    assert (interval.low, interval.high) == (1, 1)


def test_one_tier_has_no_interval():
    assert bootstrap_interval([0.1, 0.2], [1, 1]) is None


def test_tau_b_with_ties_gives_the_gold_value():
    assert tau_b((1, 2, 2, 3, 4), (0.2, 0.3, 0.3, 0.5, 0.9)) == pytest.approx(1.0)


@pytest.mark.parametrize("x", [[], [1], [2, 2, 2]])
def test_tau_b_is_undefined_without_differences(x):
    assert tau_b(x, range(len(x))) is None


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=20))
def test_tau_b_is_that_of_scipy(points):
    x, y = zip(*points, strict=True)
    ours = tau_b(x, y)
    if len(set(x)) == 1 or len(set(y)) == 1:
        assert ours is None
    else:
        assert ours == pytest.approx(kendalltau(x, y).statistic)


@given(answers)
def test_every_pair_is_won_tied_or_inverted(answers):
    order = measured(answers)
    ranked = [tier for score, tier in answers if tier is not None and score is not None]
    assert order.n == len(ranked)
    assert order.n + order.left_out == sum(tier is not None for _, tier in answers)
    assert (order.concordance is None) == (order.pairs == 0) == (len(set(ranked)) < 2)
    if order.pairs:
        assert order.strict * order.pairs == pytest.approx(
            order.pairs - len(order.inversions) - len(order.ties)
        )
        assert 0 <= order.strict <= order.concordance <= 1
        assert 0.5 <= order.chance <= 1
    assert all(it.gap > 0 for it in order.inversions)


@given(answers)
def test_reversing_the_tiers_mirrors_the_concordance(answers):
    order = measured(answers)
    assume(order.pairs)
    mirrored = measured([(score, None if tier is None else -tier) for score, tier in answers])
    assert order.concordance + mirrored.concordance == pytest.approx(1)
    assert order.chance == mirrored.chance


@given(answers, st.randoms())
def test_the_order_of_the_answers_does_not_matter(answers, random):
    order, shuffled = measured(answers), list(answers)
    random.shuffle(shuffled)
    again = measured(shuffled)
    assert (order.concordance, order.p, order.chance) == (again.concordance, again.p, again.chance)


@pytest.mark.parametrize(
    "scores, tiers, eps, words",
    [
        ([0.1], [], 0, "each answer needs both"),
        ([float("nan")], [1], 0, "finite"),
        ([0.1], [1], -1, "negative"),
        ([0.1], [1], float("nan"), "negative"),
    ],
)
def test_what_cannot_be_measured_is_refused(scores, tiers, eps, words):
    with pytest.raises(ValueError, match=words):
        measure_order(scores, tiers, eps)
