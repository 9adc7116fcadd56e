import pytest

from rubric_studio.engine.measuring.agreement import Confusion
from rubric_studio.engine.measuring.standing import (
    against_others,
    ceiling,
    rater_pairs,
    standing,
)

TRUTH = {cell: cell % 2 == 0 for cell in range(20)}


def wrong_on(*cells):
    return {cell: met != (cell in cells) for cell, met in TRUTH.items()}


def test_raters_are_compared_on_the_cells_that_both_rated():
    [pair] = rater_pairs({"ann": {1: True, 2: False}, "ben": {2: True, 3: True}})
    assert (pair.first, pair.second, pair.counts) == ("ann", "ben", Confusion(0, 0, 1, 0))


def test_raters_without_a_cell_in_common_are_no_pair():
    assert rater_pairs({"ann": {1: True}, "ben": {2: True}}) == ()
    assert ceiling(()) is None


def test_each_verdict_is_paired_with_every_other_raters():
    experts = {"ann": wrong_on(), "ben": wrong_on(0), "eve": wrong_on(1)}
    it = against_others("ann", experts["ann"], experts)
    assert (it.others, it.counts.n, it.counts.fp, it.counts.fn) == (2, 40, 1, 1)


def test_a_judge_better_than_all_experts_stands_above_them():
    experts = {"ann": wrong_on(0, 1, 2), "ben": wrong_on(3, 4, 5), "eve": wrong_on(6, 7, 8)}
    assert standing("judge", wrong_on(), experts).percentile == 1


def test_a_judge_worse_than_all_experts_stands_below_them():
    experts = {"ann": wrong_on(), "ben": wrong_on(0), "eve": wrong_on()}
    assert standing("judge", wrong_on(*range(10)), experts).percentile == 0


def test_a_judge_that_is_one_of_them_stands_in_the_middle():
    experts = {"ann": wrong_on(0), "ben": wrong_on(2)}
    it = standing("judge", wrong_on(4), experts)
    assert it.percentile == pytest.approx(0.5)


def test_one_expert_gives_no_percentile_but_still_the_agreement():
    it = standing("judge", wrong_on(0), {"ann": wrong_on()})
    assert (it.percentile, it.needs, it.judge.counts.n) == (None, 2, 20)


def test_nobody_gives_nothing():
    it = standing("judge", {}, {})
    assert (it.percentile, it.judge.counts.n, it.experts) == (None, 0, ())


def test_the_ceiling_is_how_far_experts_agree_with_each_other():
    experts = {"ann": wrong_on(), "ben": wrong_on(0, 1), "eve": wrong_on(0)}
    found = ceiling(rater_pairs(experts))
    assert (found.low, found.high) == pytest.approx((0.8, 0.9))
