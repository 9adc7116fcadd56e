import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubric_studio.engine.measuring.intervals import Proportion, wilson


@pytest.mark.parametrize(
    "hits, n, low, high",
    [
        (0, 8, 0, 0.32),
        (4, 8, 0.22, 0.79),
        (0, 16, 0, 0.19),
        (8, 16, 0.28, 0.72),
        (0, 32, 0, 0.11),
        (16, 32, 0.34, 0.66),
        (0, 64, 0, 0.06),
        (32, 64, 0.38, 0.62),
        (0, 100, 0, 0.037),
        (8, 8, 0.68, 1),
        (5, 5, 0.57, 1),
    ],
)
def test_wilson_gives_the_published_values(hits, n, low, high):
    interval = wilson(hits, n)
    assert interval.low == pytest.approx(low, abs=0.006)
    assert interval.high == pytest.approx(high, abs=0.006)


@given(st.integers(1, 500), st.data())
def test_wilson_contains_the_share_and_is_symmetric(n, data):
    hits = data.draw(st.integers(0, n))
    interval, mirrored = wilson(hits, n), wilson(n - hits, n)
    assert 0 <= interval.low <= hits / n <= interval.high <= 1
    assert interval.low == pytest.approx(1 - mirrored.high, abs=1e-12)


@given(st.integers(1, 200))
def test_more_of_the_same_narrows_the_interval(n):
    once, twice = wilson(n, 2 * n), wilson(2 * n, 4 * n)
    assert twice.high - twice.low < once.high - once.low


def test_a_higher_confidence_is_wider():
    assert wilson(3, 10, 0.99).low < wilson(3, 10, 0.9).low


def test_no_answers_have_no_share():
    assert Proportion(0, 0).share is None
    assert Proportion(0, 0).interval is None


@pytest.mark.parametrize("hits, n", [(0, 0), (3, 2), (-1, 4)])
def test_what_is_no_share_is_refused(hits, n):
    with pytest.raises(ValueError, match="no share"):
        wilson(hits, n)


def test_a_confidence_of_one_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        wilson(1, 2, 1)
