import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubric_studio.engine.measuring.headroom import measure_headroom, measure_without_rubric

scores = st.lists(st.one_of(st.none(), st.floats(-2, 1, allow_nan=False)), max_size=12)


def test_the_best_of_the_models_alone_says_what_room_is_left():
    room = measure_headroom([0.95, 0.7, 0.3, None], [False, True, True, True])
    assert (room.best, room.n, room.left_out, room.needs) == (0.7, 3, 1, 5)
    assert not room.is_saturated
    assert room.at_ceiling.hits == 1


def test_nothing_is_said_of_no_scores():
    room = measure_headroom([None], [True])
    assert (room.n, room.best, room.entropy, room.at_floor.share) == (0, None, None, None)


def test_equal_scores_have_no_entropy_and_even_ones_one_bit():
    assert measure_headroom([0.5] * 4, [True] * 4).entropy == 0
    assert measure_headroom([0.1, 0.9], [True] * 2).entropy == pytest.approx(1)


@given(scores)
def test_counts_never_exceed_what_was_scored(values):
    room = measure_headroom(values, [True] * len(values))
    assert room.n + room.left_out == len(values)
    assert room.at_ceiling.hits + room.at_floor.hits <= room.n
    assert room.distinct <= room.n


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="model"):
        measure_headroom([0.5], [])


def test_the_majority_of_choices_counts_and_equal_scores_count_against():
    scores = [0.9, 0.5, 0.5, None]
    choices = [(0, 1), (0, 1), (1, 0), (1, 2), (0, 2), (2, 0), (0, 3)]
    found = measure_without_rubric(scores, choices)
    assert (found.agreed.hits, found.agreed.n) == (1, 2)
    assert found.against == ((1, 2),)
    assert (found.undecided, found.left_out, found.needs) == (1, 1, 3)
