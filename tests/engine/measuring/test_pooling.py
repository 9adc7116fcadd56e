import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubric_studio.engine.measuring import pooling
from rubric_studio.engine.measuring.agreement import Confusion
from rubric_studio.engine.measuring.intervals import Interval
from rubric_studio.engine.measuring.pooling import pool, pool_alpha
from rubric_studio.engine.measuring.raters import krippendorff_interval


def judged(questions=20, answers=5, cells=6, right=0.85, seed=3):
    """Pairs of a rater that is right so often: rater, reference, questions, answers."""
    generator = np.random.default_rng(seed)
    many = questions * answers * cells
    reference = generator.random(many) < 0.5
    rater = np.where(generator.random(many) < right, reference, ~reference)
    asked = np.repeat(np.arange(questions), answers * cells)
    given = np.repeat(np.arange(questions * answers), cells)
    return rater.tolist(), reference.tolist(), asked.tolist(), given.tolist()


def test_pooled_counts_are_those_of_the_pairs():
    it = pool([1, 1, 0, 0, 1], [1, 0, 1, 0, 1], ["q"] * 5, ["a", "a", "b", "c", "c"])
    assert (it.counts, it.questions, it.answers) == (Confusion(2, 1, 1, 1), 1, 3)


def test_too_few_answers_have_no_interval_and_say_what_they_need():
    it = pool([1, 0], [1, 0], ["q", "q"], ["a", "b"])
    assert (it.kappa_interval, it.needs) == (None, 3)


def test_nothing_to_pool_is_no_error():
    it = pool([], [], [], [])
    assert (it.counts.n, it.raw_interval, it.needs) == (0, None, 5)


def test_intervals_hold_their_figures():
    it = pool(*judged())
    assert it.counts.raw.share in it.raw_interval
    assert it.counts.kappa in it.kappa_interval
    assert it.counts.ac1 in it.ac1_interval
    assert it.counts.macro_f1 in it.macro_f1_interval
    assert it.counts.bias in it.bias_interval


def test_one_question_is_drawn_by_its_answers():
    it = pool(*judged(questions=1, answers=12))
    assert it.kappa_interval.low < it.counts.kappa < it.kappa_interval.high


def test_agreement_on_one_verdict_has_no_interval_of_kappa():
    it = pool([True] * 10, [True] * 10, ["q"] * 10, list(range(10)))
    assert it.kappa_interval is None
    assert it.raw_interval == Interval(1, 1)


def test_cells_that_are_alike_within_an_answer_widen_the_interval():
    """A judge that is wrong on whole answers is known less well than its many cells suggest."""
    spread, whole = pool(*judged(questions=1, answers=40, cells=10, right=0.8)), None
    reference = [bool(cell % 2) for _ in range(40) for cell in range(10)]
    wrong = [answer % 5 == 0 for answer in range(40) for _ in range(10)]
    rater = [a != b for a, b in zip(reference, wrong, strict=True)]
    whole = pool(rater, reference, ["q"] * 400, [n // 10 for n in range(400)])
    width = [it.raw_interval.high - it.raw_interval.low for it in (spread, whole)]
    assert width[1] > 2 * width[0]


@given(st.tuples(*[st.integers(0, 30)] * 4))
def test_figures_in_sums_are_those_of_the_table(counts):
    it, row = Confusion(*counts), np.array([counts], float)
    for figure, value in (
        (pooling._raw, it.raw.share),
        (pooling._kappa, it.kappa),
        (pooling._ac1, it.ac1),
        (pooling._macro_f1, it.macro_f1),
        (pooling._bias, it.bias),
    ):
        found = figure(row)[0]
        assert (None if np.isnan(found) else found) == pytest.approx(value)


@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.sampled_from([0.0, 0.25, 0.5, 1.0])), max_size=4),
        max_size=20,
    )
)
def test_pooled_alpha_is_krippendorffs(units):
    it = pool_alpha(units, ["q"] * len(units), list(range(len(units))), draws=10)
    assert it.alpha == pytest.approx(krippendorff_interval(units), abs=1e-9)


def test_pooled_alpha_has_its_interval():
    rater, reference, questions, answers = judged()
    units = [[float(a), float(b)] for a, b in zip(rater, reference, strict=True)]
    it = pool_alpha(units, questions, answers)
    assert it.alpha in it.interval
    assert (it.units, it.ratings, it.answers, it.needs) == (600, 1200, 100, 0)


def test_misuse_is_refused():
    with pytest.raises(ValueError, match="question and an answer"):
        pool([True], [True], ["q"], [])
    with pytest.raises(ValueError, match="question and an answer"):
        pool_alpha([[1.0, 0.0]], [], ["a"])
    with pytest.raises(ValueError, match="one question"):
        pool([True] * 6, [True] * 6, ["q", *["r"] * 5], ["a", "a", "b", "c", "d", "e"])
