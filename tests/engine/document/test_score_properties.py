from dataclasses import replace
from fractions import Fraction
from itertools import product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rubric_studio.engine.document.canonical import scoring_hash
from rubric_studio.engine.document.scoring import NOT_APPLICABLE, ScoreUndefined, score
from rubric_studio.engine.document.types import Scoring
from tests.engine.document.documents import VALUES, documents


def score_or_none(document, verdicts):
    try:
        return score(document, verdicts)
    except ScoreUndefined:
        return None


def verdicts_of(draw, document, values=VALUES):
    def one(criterion):
        may_be = [values, st.just(NOT_APPLICABLE)] if criterion.may_not_apply else [values]
        return draw(st.one_of(may_be))

    return {it.key: one(it) for it in document.criteria}


@settings(max_examples=200)
@given(st.data())
def test_interval_contains_every_completion(data):
    document = data.draw(documents())
    verdicts = verdicts_of(data.draw, document)
    known = data.draw(st.sets(st.sampled_from(sorted(verdicts))))
    partial = score_or_none(document, {key: verdicts[key] for key in known})
    complete = score_or_none(document, verdicts)
    if partial is None:
        assert complete is None
        return
    if complete is None:
        return
    assert partial.low <= complete.low == complete.value == complete.high <= partial.high
    assert partial.value in (None, complete.value)
    assert partial.high <= 1


@settings(max_examples=200)
@given(st.data())
def test_interval_ends_are_reached_in_plain_rubrics_with_gates(data):
    document = data.draw(documents(method="points", plain=True))
    verdicts = verdicts_of(data.draw, document)
    known = data.draw(st.sets(st.sampled_from(sorted(verdicts))))
    assert_exact(document, {key: verdicts[key] for key in known})


@settings(max_examples=60)
@given(st.data())
def test_interval_ends_are_reached_when_criteria_may_not_apply(data):
    document = data.draw(documents(gates=False, size=4))
    criteria = tuple(replace(it, requires=()) for it in document.criteria)
    sections = tuple(replace(it, cap=None) for it in document.sections)
    document = replace(document, criteria=criteria, sections=sections)
    verdicts = verdicts_of(data.draw, document)
    known = data.draw(st.sets(st.sampled_from(sorted(verdicts))))
    assert_exact(document, {key: verdicts[key] for key in known})


@settings(max_examples=50)
@given(st.data())
def test_interval_ends_are_reached_under_caps_when_everything_applies(data):
    document = data.draw(documents(method="points", size=4))
    criteria = tuple(replace(it, requires=(), may_not_apply=False) for it in document.criteria)
    document = replace(document, criteria=criteria)
    verdicts = verdicts_of(data.draw, document)
    known = data.draw(st.sets(st.sampled_from(sorted(verdicts))))
    assert_exact(document, {key: verdicts[key] for key in known})


def assert_exact(document, known):
    """The ends are the least and the greatest score over all ways to complete the verdicts."""
    result = score_or_none(document, known)
    open_keys = [it for it in document.criteria if it.key not in known]
    choices = [(0, 1, NOT_APPLICABLE) if it.may_not_apply else (0, 1) for it in open_keys]
    completions = (
        score_or_none(
            document, known | dict(zip((it.key for it in open_keys), choice, strict=True))
        )
        for choice in product(*choices)
    )
    values = [it.value for it in completions if it is not None]
    if result is None:
        assert values == []
    else:
        assert (result.low, result.high) == (min(values), max(values))


@settings(max_examples=60)
@given(st.data())
def test_order_of_criteria_and_sections_never_matters(data):
    document = data.draw(documents())
    verdicts = verdicts_of(data.draw, document)
    known = data.draw(st.sets(st.sampled_from(sorted(verdicts))))
    shuffled = replace(
        document,
        criteria=tuple(data.draw(st.permutations(document.criteria))),
        sections=tuple(data.draw(st.permutations(document.sections))),
    )
    partial = {key: verdicts[key] for key in sorted(known)}
    assert scoring_hash(shuffled) == scoring_hash(document)
    assert score_or_none(shuffled, partial) == score_or_none(document, partial)


@settings(max_examples=60)
@given(st.data())
def test_same_verdicts_and_scoring_hash_give_the_same_score(data):
    document = data.draw(documents())
    verdicts = verdicts_of(data.draw, document)
    reworded = replace(
        document,
        question=replace(document.question, key="other", title="Other", reference="Because."),
        criteria=tuple(
            replace(it, text="Other.", guidance="Other.", tags=("t",), points=it.points * 1.0)
            for it in document.criteria
        ),
        sections=tuple(replace(it, title="Other") for it in document.sections),
    )
    assert scoring_hash(reworded) == scoring_hash(document)
    assert score_or_none(reworded, verdicts) == score_or_none(document, verdicts)


@settings(max_examples=60)
@given(st.data())
def test_a_different_score_means_a_different_scoring_hash(data):
    document = data.draw(documents())
    verdicts = verdicts_of(data.draw, document)
    index = data.draw(st.integers(0, len(document.criteria) - 1))
    edited = list(document.criteria)
    edited[index] = replace(
        edited[index], points=data.draw(st.sampled_from([1, 4, 0.5])), gate=None
    )
    other = replace(document, criteria=tuple(edited))
    before, after = score_or_none(document, verdicts), score_or_none(other, verdicts)
    assume(before is not None and after is not None and before.value != after.value)
    assert scoring_hash(document) != scoring_hash(other)


@given(st.data())
def test_points_score_equals_the_plain_formula(data):
    document = data.draw(documents(method="points", plain=True, gates=False, size=8))
    verdicts = verdicts_of(data.draw, document)
    exact = {it.key: Fraction(str(it.points)) for it in document.criteria}
    earned = sum(exact[key] * Fraction(str(verdicts[key])) for key in exact)
    possible = sum(points for points in exact.values() if points > 0)
    assert score(document, verdicts).value == earned / possible


def test_scoring_defaults_are_those_of_the_document():
    assert Scoring() == Scoring("points", 0, 0.7)
