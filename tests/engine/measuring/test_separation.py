from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubric_studio.engine.measuring.separation import measure_separation, score_noise


def test_margins_in_the_worst_case_and_in_the_mean():
    measured = measure_separation([0.87, 0.88, 0.53, 0.44, 0.11, -0.04], [3, 3, 2, 2, 1, 1])
    assert [(it.upper, it.lower) for it in measured.margins] == [(3, 2), (2, 1)]
    first, second = measured.margins
    assert first.worst == pytest.approx(0.34)
    assert first.mean == pytest.approx(0.875 - 0.485)
    assert (second.lowest_above, second.highest_below) == (3, 4)
    assert measured.smallest == second
    assert all(it.is_clear and it.z is None for it in measured.margins)
    assert measured.noise is None


def test_overlapping_tiers_are_not_clear():
    margin = measure_separation([0.4, 0.9, 0.5], [2, 2, 1]).margins[0]
    assert margin.worst == pytest.approx(-0.1)
    assert not margin.is_clear


def test_z_is_the_mean_margin_in_units_of_noise():
    measured = measure_separation([0.61, 0.5], [2, 1], [0.03, 0.04])
    assert measured.margins[0].z == pytest.approx(0.11 / 0.05)
    assert measured.margins[0].is_clear
    assert measured.noise == pytest.approx(sqrt((0.03**2 + 0.04**2) / 2))
    assert not measure_separation([0.6, 0.5], [2, 1], [0.06, 0.08]).margins[0].is_clear


def test_a_judge_that_never_changed_has_noise_zero_and_no_z():
    measured = measure_separation([0.6, 0.5], [2, 1], [0.0, 0.0])
    assert measured.noise == 0
    assert measured.margins[0].z is None
    assert measured.margins[0].is_clear


def test_tiers_without_a_complete_score_are_passed_over():
    measured = measure_separation([0.9, None, 0.1, 0.5], [3, 2, 1, None])
    assert [(it.upper, it.lower) for it in measured.margins] == [(3, 1)]
    assert (measured.n, measured.left_out) == (2, 1)


@pytest.mark.parametrize("scores, tiers, needs", [([], [], 2), ([0.5, 0.6], [1, 1], 1)])
def test_one_tier_has_no_margin(scores, tiers, needs):
    measured = measure_separation(scores, tiers)
    assert (measured.margins, measured.smallest, measured.needs) == ((), None, needs)


@pytest.mark.parametrize("criteria, expected", [(5, 0.134), (10, 0.095), (20, 0.067), (50, 0.042)])
def test_more_criteria_mean_less_noise(criteria, expected):
    assert score_noise([1] * criteria, [0.1 * 0.9] * criteria) == pytest.approx(expected, abs=5e-4)


def test_noise_of_penalties_counts_but_not_their_points():
    assert score_noise([4, -3], [0.25, 0.25]) == pytest.approx(sqrt(25 * 0.25) / 4)


def test_criteria_judged_once_say_nothing_about_noise():
    assert score_noise([1, 5], [0.25, None]) == pytest.approx(0.5)
    assert score_noise([1], [None]) is None
    assert score_noise([-1], [0.25]) is None


@given(st.lists(st.tuples(st.floats(-1, 1), st.integers(1, 4)), min_size=1, max_size=12))
def test_the_worst_case_is_never_above_the_mean(answers):
    measured = measure_separation([it[0] for it in answers], [it[1] for it in answers])
    assert len(measured.margins) == len(measured.tiers) - 1
    for margin in measured.margins:
        assert margin.worst <= margin.mean + 1e-9
        assert answers[margin.lowest_above][1] == margin.upper
        assert answers[margin.highest_below][1] == margin.lower


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="its score, its tier"):
        measure_separation([0.1], [1, 2])
    with pytest.raises(ValueError, match="zip"):
        score_noise([1], [])
