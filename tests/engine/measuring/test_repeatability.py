import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from rubric_studio.engine.measuring.intervals import wilson
from rubric_studio.engine.measuring.repeatability import flip_rate, is_flipped

MET, UNMET = 1.0, 0.0


def test_flip_is_the_share_of_the_minority_of_each_cell_by_hand():
    # p = 1, 2/3, 1/2, 0: 1 − max(p, 1 − p) = 0, 1/3, 1/2, 0.
    cells = [(MET, MET, MET), (MET, MET, UNMET), (MET, UNMET), (UNMET, UNMET, UNMET)]
    it = flip_rate(cells)
    assert it.flip == pytest.approx((1 / 3 + 1 / 2) / 4)
    assert (it.flips.hits, it.flips.n, it.flips.share) == (2, 4, 0.5)


def test_the_share_of_flipped_cells_has_its_wilson_interval():
    it = flip_rate([(MET, UNMET)] * 5 + [(MET, MET)] * 15)
    assert it.flips.interval == wilson(5, 20)
    # Wilson (1927) for 5 of 20 by hand: (0.3460 ∓ 0.2225) / 1.1921.
    assert it.flips.interval.low == pytest.approx(0.1119, abs=5e-4)
    assert it.flips.interval.high == pytest.approx(0.4687, abs=5e-4)


def test_cells_with_fewer_than_two_verdicts_say_nothing():
    it = flip_rate([(), (MET,), (UNMET,)])
    assert (it.flips.n, it.flips.share, it.flip, it.is_shaky) == (0, None, None, False)


def test_not_applicable_and_levels_are_verdicts_like_any_other():
    it = flip_rate([("not_applicable", MET, MET), ("some", "some"), (0.5, 1.0, 0.0)])
    assert it.flip == pytest.approx((1 / 3 + 2 / 3) / 3)
    assert it.flips.hits == 2


def test_a_fifth_is_still_steady_and_more_is_shaky():
    assert not flip_rate([(MET,) * 4 + (UNMET,)]).is_shaky
    assert flip_rate([(MET,) * 3 + (UNMET,) * 2]).is_shaky


def test_a_cell_of_one_or_no_verdict_is_not_flipped():
    assert [is_flipped(it) for it in [(), (MET,), (MET, MET), (MET, UNMET)]] == [
        False,
        False,
        False,
        True,
    ]


@given(st.lists(st.lists(st.sampled_from([MET, UNMET]), max_size=9), max_size=20))
def test_flip_is_a_share_of_at_most_one_half_and_counts_what_is_flipped(cells):
    it = flip_rate(cells)
    judged = [cell for cell in cells if len(cell) > 1]
    assert it.flips.n == len(judged)
    assert it.flips.hits == sum(map(is_flipped, judged))
    assert it.flip is None or 0 <= it.flip <= 0.5
    assert (it.flip == 0) == (bool(judged) and it.flips.hits == 0)


def test_variance_is_the_mean_of_p_times_1_less_p():
    it = flip_rate([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 0.0]])
    assert it.variance == pytest.approx((2 / 9 + 0 + 2 / 9) / 3)


def test_variance_of_verdicts_with_their_status_is_that_of_their_values():
    cells = [[("graded", 1.0), ("graded", 0.0), ("not_applicable", None)]]
    assert flip_rate(cells).variance == pytest.approx(0.25)


def test_words_have_flips_but_no_variance():
    it = flip_rate([["not applicable", "not applicable"]])
    assert (it.flip, it.variance) == (0, None)


def test_luck_is_the_tail_of_cells_that_flip_where_verdicts_vary_by_the_bar():
    odd = (1 - 0.8**0.5) / 2
    assert odd * (1 - odd) == pytest.approx(0.05)
    it = flip_rate([[1, 0, 1], [0, 1, 0], *[[1, 1, 1]] * 4])
    assert it.luck == pytest.approx(binom.sf(1, 6, 1 - odd**3 - (1 - odd) ** 3))
    assert flip_rate([[1]]).luck is None


@pytest.mark.parametrize(
    "cells, unsteady",
    [
        ([[1, 0], [1, 0]], False),  # two cells: too few to say
        ([[1, 0], [1, 1], [1, 1]], False),  # one odd answer
        ([[1, 0], [0, 1], [1, 1]], True),
        # Flips 0.11, variance 0.07, but a steady wording does that 1 time in 4.
        ([[1, 0, 1], [0, 1, 0], *[[1, 1, 1]] * 4], False),
        ([[1, 0, 1], [0, 1, 0], [1, 1, 0], *[[1, 1, 1]] * 3], True),
        ([[1, 0, 1], [0, 1, 0], *[[1, 1, 1]] * 10], False),
    ],
)
def test_a_wording_is_unsteady_when_several_cells_flip_or_vary(cells, unsteady):
    assert flip_rate(cells).is_unsteady is unsteady
