import numpy as np
import pytest

from rubric_studio.engine.measuring.clusters import drawn_sums, numbered, percentile_interval, ratio


def test_names_are_numbered_in_order_of_first_sight():
    places, many = numbered(["b", "a", "b", "c"])
    assert (places.tolist(), many) == ([0, 1, 0, 2], 3)


def test_a_draw_takes_whole_answers_and_keeps_their_number_where_questions_are_alike():
    sums = np.ones((12, 1))
    drawn = drawn_sums(sums, np.repeat(np.arange(4), 3), draws=50)
    assert (drawn == 12).all()


def test_cells_of_one_answer_are_drawn_together():
    sums = np.array([[10.0, 0.0], [0.0, 10.0]] * 3)
    drawn = drawn_sums(sums, np.zeros(6, int), draws=200)
    assert (drawn % 10 == 0).all()
    assert drawn[:, 0].std() > 0


def test_the_same_input_gives_the_same_draws():
    sums, questions = np.arange(10.0).reshape(5, 2), np.array([0, 0, 1, 1, 2])
    assert (drawn_sums(sums, questions) == drawn_sums(sums, questions)).all()
    assert not (drawn_sums(sums, questions) == drawn_sums(sums, questions, seed=1)).all()


def test_the_order_of_answers_does_not_matter_for_which_question_they_are_of():
    mixed = drawn_sums(np.array([[1.0], [0.0], [1.0], [0.0]]), np.array([0, 1, 0, 1]), draws=400)
    assert set(mixed[:, 0]) == {0, 2, 4}


def test_the_mean_over_draws_is_the_figure_itself():
    generator = np.random.default_rng(1)
    sums = np.stack([generator.random(60), np.ones(60)], axis=1)
    drawn = drawn_sums(sums, np.repeat(np.arange(12), 5))
    assert (drawn[:, 0] / drawn[:, 1]).mean() == pytest.approx(sums[:, 0].mean(), abs=0.005)


def test_spread_between_questions_is_seen_where_cells_alone_would_hide_it():
    """20 answers of one question are no 20 witnesses: all that varies is the question."""
    sums = np.stack([np.repeat([1.0, 0.0] * 5, 20), np.ones(200)], axis=1)
    drawn = drawn_sums(sums, np.repeat(np.arange(10), 20))
    expected = (0.25 / 10) ** 0.5
    assert (drawn[:, 0] / drawn[:, 1]).std() == pytest.approx(expected, rel=0.1)


def test_an_interval_of_mostly_undefined_draws_is_none():
    drawn = np.array([[1.0]] * 80 + [[0.0]] * 20)

    def figure(sums):
        return ratio(np.ones(len(sums)), sums[:, 0])

    assert percentile_interval(drawn, figure, np.ones((1, 1))) is None
    assert percentile_interval(np.ones((9, 1)), figure, np.zeros((1, 1))) is None


def test_an_interval_reaches_to_the_figure_itself():
    drawn = np.arange(1.0, 101.0)[:, None]
    it = percentile_interval(drawn, lambda sums: sums[:, 0], np.array([[120.0]]))
    assert (it.low, it.high) == (pytest.approx(3.475), 120)


def test_misuse_is_refused():
    with pytest.raises(ValueError, match="questions of answers"):
        drawn_sums(np.ones((2, 1)), np.array([0]))
    with pytest.raises(ValueError, match="questions of answers"):
        drawn_sums(np.ones((0, 1)), np.array([], int))
