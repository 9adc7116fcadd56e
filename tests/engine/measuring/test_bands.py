import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubric_studio.engine.measuring.bands import Expectation, measure_bands


def test_hits_and_signed_misses():
    measured = measure_bands(
        [
            Expectation(0.5, band=(0.4, 0.6)),
            Expectation(0.7, band=(0.4, 0.6)),
            Expectation(0.1, band=(0.4, 0.6)),
            Expectation(0.3),
        ]
    )
    assert [it.miss for it in measured.bands] == [0, pytest.approx(0.1), pytest.approx(-0.3)]
    assert (measured.hits.hits, measured.hits.n) == (1, 3)
    assert [it.index for it in measured.misses] == [2, 1]
    assert measured.hits.interval.low < 1 / 3 < measured.hits.interval.high


def test_both_edges_belong_to_the_band():
    edges = [Expectation(0.4, band=(0.4, 0.6)), Expectation(0.1 + 0.2, band=(0.1, 0.3))]
    assert measure_bands(edges).hits.share == 1


@pytest.mark.parametrize(
    "anchor, score, holds",
    [
        ("empty", 0.05, True),
        ("empty", -0.4, True),
        ("empty", 0.06, False),
        ("off_topic", 0.15, True),
        ("off_topic", 0.16, False),
        ("ideal", 0.90, True),
        ("ideal", 0.89, False),
    ],
)
def test_anchors_hold_up_to_their_limit(anchor, score, holds):
    measured = measure_bands([Expectation(score, anchor=anchor)])
    assert measured.anchors[0].is_hit is holds
    assert (measured.misses == ()) is holds


def worst_acceptable(score, *others):
    return measure_bands([Expectation(score, anchor="worst_acceptable", tier=2), *others])


def test_the_worst_acceptable_scores_below_the_lowest_acceptable_tier():
    others = [Expectation(0.6, tier=2), Expectation(0.5, tier=2), Expectation(0.4, tier=1)]
    assert worst_acceptable(0.45, *others).anchors[0].is_hit
    assert worst_acceptable(0.5, *others).anchors[0].is_hit is False
    assert worst_acceptable(0.55, *others).anchors[0].miss == pytest.approx(0.05)


def test_the_lowest_acceptable_tier_may_be_the_strong_one():
    assert worst_acceptable(0.7, Expectation(0.8, tier=3)).anchors[0].is_hit


def test_without_acceptable_answers_the_anchor_cannot_be_tried():
    measured = worst_acceptable(0.4, Expectation(0.1, tier=1), Expectation(None, tier=2))
    assert measured.untestable == (0,)
    assert measured.anchors == ()
    assert measured.needs == 1


def test_incomplete_scores_are_left_out_and_counted():
    measured = measure_bands(
        [Expectation(None, band=(0, 1)), Expectation(0.5, band=(0, 1), anchor="ideal")]
    )
    assert (measured.hits.hits, measured.hits.n, measured.left_out) == (1, 2, 1)
    assert measured.bands[0].miss is None
    assert measured.bands[0].is_hit is None


def test_missed_anchors_come_before_missed_bands():
    measured = measure_bands(
        [Expectation(0.9, band=(0, 0.1)), Expectation(0.2, anchor="empty", band=(0, 0.1))]
    )
    assert [(it.index, it.anchor) for it in measured.misses] == [(1, "empty"), (0, None), (1, None)]


def test_nothing_stated_needs_one():
    measured = measure_bands([Expectation(0.5, tier=2)])
    assert (measured.needs, measured.hits.share, measured.hits.interval) == (1, None, None)


@given(st.floats(-3, 1), st.floats(-1, 1), st.floats(0, 1))
def test_a_miss_is_the_way_back_to_the_band(score, low, width):
    placed = measure_bands([Expectation(score, band=(low, low + width))]).bands[0]
    assert low - 1e-8 <= score - placed.miss <= low + width + 1e-8
    assert placed.is_hit == (placed.miss == 0)


def test_a_band_the_wrong_way_round_is_refused():
    with pytest.raises(ValueError, match="wrong way round"):
        measure_bands([Expectation(0.5, band=(0.6, 0.4))])


def test_an_unknown_anchor_is_refused():
    with pytest.raises(ValueError, match="no anchor"):
        measure_bands([Expectation(0.5, anchor="best")])
