import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rubric_studio.engine.document.scoring import NOT_APPLICABLE, ScoreUndefined, score
from rubric_studio.engine.document.types import Document
from rubric_studio.engine.measuring.rescoring import Rescoring
from tests.engine.document.documents import QUESTION, VALUES, documents


def verdicts_of(draw, document):
    """Of an answer; now and then one is missing."""

    def one(criterion):
        return draw(st.one_of([VALUES, st.just(NOT_APPLICABLE)][: 1 + criterion.may_not_apply]))

    given_verdicts = {it.key: one(it) for it in document.criteria}
    for key in draw(st.sets(st.sampled_from(sorted(given_verdicts)), max_size=1)):
        if draw(st.integers(0, 4)) == 0:
            del given_verdicts[key]
    return given_verdicts


def exact(document, verdicts):
    try:
        return score(document, verdicts).score
    except ScoreUndefined:
        return None


@settings(max_examples=300)
@given(st.data())
def test_scores_are_those_of_the_exact_scorer(data):
    document = data.draw(documents())
    answers = [verdicts_of(data.draw, document) for _ in range(3)]
    rescoring = Rescoring(document, answers)
    expected = [exact(document, it) for it in answers]
    complete = [place for place, value in enumerate(expected) if value is not None]
    assert list(rescoring.complete) == complete
    found = rescoring.scores(rescoring.points)[0]
    assert found == pytest.approx([expected[place] for place in complete])


@settings(max_examples=150)
@given(st.data())
def test_scores_under_other_points_are_those_of_the_document_with_them(data):
    from dataclasses import replace

    document = data.draw(documents())
    answers = [verdicts_of(data.draw, document) for _ in range(3)]
    rescoring = Rescoring(document, answers)
    factors = [data.draw(st.sampled_from([0.5, 1, 1.25, 3])) for _ in document.criteria]
    moved = replace(
        document,
        criteria=tuple(
            replace(it, points=it.points * factor)
            for it, factor in zip(document.criteria, factors, strict=True)
        ),
    )
    found = rescoring.scores(np.stack([rescoring.points, rescoring.points * factors]))
    expected = [exact(moved, answers[place]) for place in rescoring.complete]
    assert found[1] == pytest.approx(expected)


@settings(max_examples=150)
@given(st.data())
def test_contributions_sum_up_to_the_score_before_caps_and_gates(data):
    from dataclasses import replace

    document = data.draw(documents(gates=False))
    document = replace(document, sections=tuple(replace(it, cap=None) for it in document.sections))
    answers = [verdicts_of(data.draw, document) for _ in range(3)]
    rescoring = Rescoring(document, answers)
    summed = rescoring.contributions().sum(axis=1)
    assert summed == pytest.approx(rescoring.scores(rescoring.points)[0])


@settings(max_examples=100)
@given(st.data())
def test_without_a_criterion_is_the_document_without_it(data):
    from dataclasses import replace

    document = data.draw(documents(size=4))
    document = replace(
        document, criteria=tuple(replace(it, requires=()) for it in document.criteria)
    )
    answers = [verdicts_of(data.draw, document) for _ in range(3)]
    rescoring = Rescoring(document, answers)
    place = data.draw(st.integers(0, len(document.criteria) - 1))
    rest = tuple(it for n, it in enumerate(document.criteria) if n != place)
    smaller = replace(document, criteria=rest)
    found = rescoring.without(place)
    for value, answer in zip(found, rescoring.complete, strict=True):
        expected = exact(smaller, answers[answer])
        assert np.isnan(value) if expected is None else value == pytest.approx(expected)


def test_nothing_to_score_is_no_answer():
    rescoring = Rescoring(Document(QUESTION), [{}, {}])
    assert rescoring.complete == ()
    assert rescoring.scores(rescoring.points).shape == (1, 0)
    assert Rescoring(Document(QUESTION), []).complete == ()
