import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau

from rubric_studio.engine.measuring.rescoring import Rescoring
from rubric_studio.engine.measuring.weights import effective_weights, measure_weights
from tests.engine.document.documents import documents
from tests.engine.measuring.test_rescoring import verdicts_of
from tests.engine.measuring.weighed import THREE, rows, rubric


def measured(points, columns):
    return measure_weights(rubric(*points), rows(*columns))


def test_the_shares_of_a_hand_case():
    found = measured([2, 3, 1], THREE)
    scores = np.array([6, 5, 3, 2, 1, 0]) / 6
    for weight, column, points in zip(found.weights, THREE, [2, 3, 1], strict=True):
        covariance = np.cov(points * np.array(column) / 6, scores)[0, 1]
        assert weight.effective == pytest.approx(covariance / scores.var(ddof=1))
        assert weight.nominal == pytest.approx(points / 6)
    assert (found.n, found.left_out, found.needs) == (6, 0, 0)


def test_leaving_a_criterion_out_is_a_rubric_without_it():
    found = measured([2, 3, 1], THREE)
    base = [6 / 6, 5 / 6, 3 / 6, 2 / 6, 1 / 6, 0]
    without = [3 / 3, 2 / 3, 3 / 3, 2 / 3, 1 / 3, 0]
    assert found.weights[1].order_shift == pytest.approx(1 - kendalltau(base, without).statistic)
    assert found.weights[1].score_shift == pytest.approx(0.5)
    assert found.weights[1].shifted == 2


def test_what_pays_all_alike_makes_no_difference():
    weight = measured([2, 3, 1, 5], [*THREE, [1] * 6]).weights[3]
    assert weight.effective == pytest.approx(0)
    assert weight.order_shift == 0
    assert weight.nominal == pytest.approx(5 / 11)


def test_a_reward_that_goes_against_the_others_has_a_negative_share():
    assert measured([5, 5, 1], [*THREE[:2], [0, 0, 0, 0, 1, 1]]).weights[2].effective < 0


def test_one_criterion_that_decides_is_dominant_and_few_criteria_need_more():
    five = [*THREE, [0, 1, 0, 1, 0, 1], [1, 0, 0, 1, 1, 0]]
    assert measured([1, 20, 1, 1, 1], five).dominant.index == 1
    assert measured([1, 1, 1, 1, 1], five).dominant is None
    assert measured([1, 20], THREE[:2]).dominant is None
    assert measured([1, 20, 1, 1, 1], [it[:4] for it in five]).dominant is None


@pytest.mark.parametrize("answers, needs", [(0, 5), (1, 4), (4, 1), (5, 0)])
def test_few_answers_say_how_many_more(answers, needs):
    found = measured([2, 3, 1], [it[:answers] for it in THREE])
    assert found.needs == needs
    if answers < 2:
        assert {it.effective for it in found.weights} == {None}


def test_equal_scores_have_no_shares():
    found = measured([1, 1], [[1, 0, 1, 0, 1], [0, 1, 0, 1, 0]])
    assert [it.effective for it in found.weights] == [None, None]
    assert [it.order_shift for it in found.weights] == [None, None]
    assert found.dominant is None


def test_a_rubric_without_positive_points_says_nothing():
    found = measured([-2, -1], THREE[:2])
    assert (found.n, found.left_out, found.needs) == (0, 6, 5)
    assert (found.weights[0].effective, found.weights[0].order_shift) == (None, None)


def test_the_last_criterion_that_rewards_leaves_nothing_to_score():
    found = measured([2, -1], THREE[:2])
    assert (found.weights[0].order_shift, found.weights[0].shifted) == (None, None)


@settings(max_examples=200)
@given(st.data())
def test_effective_weights_sum_up_to_one(data):
    document = data.draw(documents())
    answers = [verdicts_of(data.draw, document) for _ in range(4)]
    shares = effective_weights(Rescoring(document, answers))
    assert shares is None or shares.sum() == pytest.approx(1)
