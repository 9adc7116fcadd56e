from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau

from rubric_studio.engine.document.scoring import NOT_APPLICABLE, score
from rubric_studio.engine.document.types import Criterion, Document, Gate, Section
from rubric_studio.engine.measuring.rescoring import Rescoring
from rubric_studio.engine.measuring.weights import effective_weights, measure_weights
from tests.engine.document.documents import QUESTION, VALUES, documents
from tests.engine.measuring.test_rescoring import verdicts_of

TIERS = [3, 3, 2, 2, 1, 1]


def rubric(*points, **fields):
    criteria = [Criterion(f"c{n}", f"Says {n}.", it) for n, it in enumerate(points)]
    return Document(QUESTION, criteria=tuple(criteria), **fields)


def rows(*columns):
    """One mapping an answer, from one list of values a criterion."""
    return [{f"c{n}": it for n, it in enumerate(row)} for row in zip(*columns, strict=True)]


def measured(points, columns, tiers=TIERS, **options):
    return measure_weights(rubric(*points), rows(*columns), tiers, **options)


THREE = [[1, 1, 1, 1, 0, 0], [1, 1, 0, 0, 0, 0], [1, 0, 1, 0, 1, 0]]


def test_the_shares_of_a_hand_case():
    found = measured([2, 3, 1], THREE)
    # By hand: raw scores 6, 5, 3, 2, 1, 0 of 6.
    scores = np.array([6, 5, 3, 2, 1, 0]) / 6
    for weight, column, points in zip(found.weights, THREE, [2, 3, 1], strict=True):
        covariance = np.cov(points * np.array(column) / 6, scores)[0, 1]
        assert weight.effective == pytest.approx(covariance / scores.var(ddof=1))
        assert weight.nominal == pytest.approx(points / 6)
    assert (found.n, found.pairs, found.needs, found.closed_form) == (6, 12, 0, True)


def test_the_room_of_a_hand_case():
    room = measured([2, 3, 1], THREE).weights[2].room
    # D (2 points) beats E (1 point) by 1; E has the third criterion and D has not.
    assert (room.more.change, room.more.better, room.more.worse) == (pytest.approx(1), 3, 4)
    assert room.fewer is None
    assert room.exact
    assert room.least == pytest.approx(1)


def test_the_order_holds_whatever_a_criterion_pays_that_pays_all_alike():
    found = measured([2, 3, 1, 5], [*THREE, [1] * 6])
    assert found.weights[3].room.least is None
    assert found.weights[3].effective == pytest.approx(0)
    assert found.weights[3].order_shift == 0


def test_leaving_a_criterion_out_is_a_rubric_without_it():
    found = measured([2, 3, 1], THREE)
    base = [6 / 6, 5 / 6, 3 / 6, 2 / 6, 1 / 6, 0]
    without = [3 / 3, 2 / 3, 3 / 3, 2 / 3, 1 / 3, 0]
    assert found.weights[1].order_shift == pytest.approx(1 - kendalltau(base, without).statistic)
    assert found.weights[1].score_shift == pytest.approx(0.5)
    assert found.weights[1].shifted == 2


def test_the_tightest_weight_is_named():
    found = measured([2, 3, 1], THREE)
    assert found.tightest == min(found.weights, key=lambda it: it.room.least or 9)


def test_draws_are_the_same_each_time_and_counted():
    close = measured([2, 3, 1.9], THREE)
    assert close == measured([2, 3, 1.9], THREE)
    assert close.unchanged.n == 2000
    assert 0 < close.unchanged.share < 1


def test_draws_agree_with_a_plain_loop():
    found = measured([2, 3, 1.9], THREE, draws=500, seed=3)
    moved = np.random.default_rng(3).uniform(-0.25, 0.25, size=(500, 3))
    values = np.array(THREE).T
    held = 0
    for draw in moved:
        scores = values @ (np.array([2, 3, 1.9]) * (1 + draw))
        held += all(
            scores[a] > scores[b] for a in range(6) for b in range(6) if TIERS[a] > TIERS[b]
        )
    assert found.unchanged.hits == held


@pytest.mark.parametrize("answers, needs", [(0, 5), (1, 4), (4, 1), (5, 0)])
def test_few_answers_say_how_many_more(answers, needs):
    found = measured([2, 3, 1], [it[:answers] for it in THREE], TIERS[:answers])
    assert found.needs == needs
    if answers < 2:
        assert {it.effective for it in found.weights} == {None}
        assert (found.unchanged, found.tightest) == (None, None)


def test_equal_scores_have_no_shares():
    found = measured([1, 1], [[1, 0, 1, 0, 1], [0, 1, 0, 1, 0]], [3, 3, 2, 1, 1])
    assert [it.effective for it in found.weights] == [None, None]
    assert [it.order_shift for it in found.weights] == [None, None]
    assert (found.pairs, found.unchanged) == (0, None)
    assert found.weights[0].room is None


def test_no_tiers_no_room():
    found = measured([2, 3, 1], THREE, [None] * 6)
    assert (found.pairs, found.unchanged, found.weights[0].room) == (0, None, None)
    assert found.weights[0].effective is not None


def test_incomplete_answers_are_left_out_by_name():
    answers = rows(*THREE)
    del answers[1]["c0"]
    found = measure_weights(rubric(2, 3, 1), answers, TIERS)
    assert (found.n, found.left_out) == (5, 1)
    assert (found.weights[2].room.more.better, found.weights[2].room.more.worse) == (3, 4)


def test_a_rubric_without_positive_points_says_nothing():
    found = measured([-2, -1], THREE[:2])
    assert (found.n, found.left_out, found.needs) == (0, 6, 5)


def test_caps_gates_trees_and_not_applicable_are_scored_again():
    answers = rows(*THREE)
    gated = rubric(2, 3, 1)
    gate = replace(gated.criteria[0], gate=Gate(0.1))
    gated = replace(gated, criteria=(gate, *gated.criteria[1:]))
    capped = replace(
        gated,
        sections=(Section("s", "S", cap=2),),
        criteria=tuple(replace(it, section="s", gate=None) for it in gated.criteria[:2])
        + gated.criteria[2:],
    )
    tree = rubric(2, 3, 1)
    tree = replace(tree, scoring=replace(tree.scoring, method="tree"))
    for document in (gated, capped, tree):
        assert not measure_weights(document, answers, TIERS, draws=10).closed_form
    answers[3]["c2"] = NOT_APPLICABLE
    assert not measure_weights(rubric(2, 3, 1), answers, TIERS, draws=10).closed_form


def test_scoring_again_finds_the_rooms_of_the_closed_form():
    document = rubric(2, 3, 1, 4)
    tree = replace(document, scoring=replace(document.scoring, method="tree"))
    answers = rows(*THREE, [1, 1, 0, 1, 0, 0])
    closed, searched = (measure_weights(it, answers, TIERS, draws=10) for it in (document, tree))
    for ours, theirs in zip(closed.weights, searched.weights, strict=True):
        for edge, other in (
            (ours.room.fewer, theirs.room.fewer),
            (ours.room.more, theirs.room.more),
        ):
            if edge is not None and edge.change < 2.99:
                assert other.change == pytest.approx(edge.change, abs=1e-6)
                assert (other.better, other.worse) == (edge.better, edge.worse)


def test_the_wrong_lengths_and_spreads_are_refused():
    with pytest.raises(ValueError, match="needs both"):
        measure_weights(rubric(1), [{}], [])
    with pytest.raises(ValueError, match="between 0 and 1"):
        measure_weights(rubric(1), [], [], spread=1)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_effective_weights_sum_up_to_one(data):
    document = data.draw(documents())
    answers = [verdicts_of(data.draw, document) for _ in range(4)]
    shares = effective_weights(Rescoring(document, answers))
    assert shares is None or shares.sum() == pytest.approx(1)


POINTS = st.sampled_from([1, 2, 3, 5, 10, -1, -4])


@st.composite
def linear_cases(draw):
    points = [draw(st.sampled_from([1, 2, 5])), *draw(st.lists(POINTS, min_size=1, max_size=4))]
    n = draw(st.integers(2, 6))
    columns = [draw(st.lists(VALUES, min_size=n, max_size=n)) for _ in points]
    tiers = draw(st.lists(st.integers(1, 3), min_size=n, max_size=n))
    return points, columns, tiers


def pairs_in_order(scores, tiers):
    return {
        (a, b) if tiers[a] > tiers[b] else (b, a)
        for a, b in combinations(range(len(scores)), 2)
        if (scores[a] > scores[b] if tiers[a] > tiers[b] else scores[b] > scores[a])
        and tiers[a] != tiers[b]
    }


def exact_pairs(document, answers, tiers, place, change):
    criteria = list(document.criteria)
    moved = float(criteria[place].points * (1 + change))
    criteria[place] = replace(criteria[place], points=moved)
    moved_document = replace(document, criteria=tuple(criteria))
    scores = [score(moved_document, it).value for it in answers]
    return pairs_in_order(scores, tiers)


@settings(max_examples=200, deadline=None)
@given(linear_cases(), st.data())
def test_inside_its_room_a_weight_never_changes_the_order_and_outside_it_does(case, data):
    points, columns, tiers = case
    document, answers = rubric(*points), rows(*columns)
    found = measure_weights(document, answers, tiers, draws=1)
    place = data.draw(st.integers(0, len(points) - 1))
    room = found.weights[place].room
    before = exact_pairs(document, answers, tiers, place, 0)
    assert len(before) == found.pairs
    if room is None:
        assert not before
        return
    low = room.fewer.change if room.fewer else -0.999
    high = room.more.change if room.more else 50.0
    inside = data.draw(st.floats(0.001, 0.999))
    for end in (low, high):
        if abs(end * inside) < 1e-9 or (place == 0 and end * inside <= -1):
            continue
        assert before <= exact_pairs(document, answers, tiers, place, end * inside)
    for edge in (room.fewer, room.more):
        if edge is not None and edge.change * 1.0001 > -1:
            after = exact_pairs(document, answers, tiers, place, edge.change * 1.0001)
            assert (edge.better, edge.worse) in before - after
