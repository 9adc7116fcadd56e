from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rubric_studio.engine.document.scoring import NOT_APPLICABLE, score
from rubric_studio.engine.document.types import Gate, Section
from rubric_studio.engine.measuring.stability import measure_stability
from tests.engine.document.documents import VALUES
from tests.engine.measuring.weighed import THREE, TIERS, rows, rubric


def measured(points, columns, tiers=TIERS, **options):
    return measure_stability(rubric(*points), rows(*columns), tiers, **options)


def test_the_room_of_a_hand_case():
    found = measured([2, 3, 1], THREE)
    assert (found.n, found.left_out, found.pairs, found.needs) == (6, 0, 12, 0)
    assert found.closed_form
    room = found.rooms[2]
    # D (2 points) beats E (1 point) by 1; E has the third criterion and D has not.
    assert (room.more.change, room.more.better, room.more.worse) == (pytest.approx(1), 3, 4)
    assert room.fewer is None
    assert room.exact
    assert room.least == pytest.approx(1)


def test_the_order_holds_whatever_a_criterion_pays_that_pays_all_alike():
    assert measured([2, 3, 1, 5], [*THREE, [1] * 6]).rooms[3].least is None


def test_the_tightest_weight_is_named():
    found = measured([2, 3, 1.95], THREE)
    # D beats E by 0.05 points: criterion 0 pays D 2, criterion 2 pays E 1.95.
    assert found.tightest == 0
    assert found.unsafe == (0, 2)
    assert measured([2, 3, 1], THREE).unsafe == ()


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


def test_no_tiers_no_room():
    found = measured([2, 3, 1], THREE, [None] * 6)
    assert (found.n, found.pairs, found.unchanged, found.needs) == (0, 0, None, 1)
    assert found.rooms == (None, None, None)
    assert (found.tightest, found.unsafe) == (None, ())


def test_equal_scores_and_no_answers_have_no_room():
    equal = measured([1, 1], [[1, 0, 1, 0, 1], [0, 1, 0, 1, 0]], [3, 3, 2, 1, 1])
    assert (equal.pairs, equal.rooms) == (0, (None, None))
    assert measured([1, 1], [[], []], []).needs == 1


def test_a_criterion_of_no_points_has_no_room():
    assert measured([2, 3, 0], THREE).rooms[2] is None


def test_incomplete_answers_are_left_out_and_the_others_keep_their_names():
    answers = rows(*THREE)
    del answers[1]["c0"]
    found = measure_stability(rubric(2, 3, 1), answers, TIERS)
    assert (found.n, found.left_out) == (5, 1)
    assert (found.rooms[2].more.better, found.rooms[2].more.worse) == (3, 4)


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
        assert not measure_stability(document, answers, TIERS, draws=10).closed_form
    answers[3]["c2"] = NOT_APPLICABLE
    assert not measure_stability(rubric(2, 3, 1), answers, TIERS, draws=10).closed_form


def test_scoring_again_finds_the_rooms_of_the_closed_form():
    document = rubric(2, 3, 1, 4)
    tree = replace(document, scoring=replace(document.scoring, method="tree"))
    answers = rows(*THREE, [1, 1, 0, 1, 0, 0])
    closed, searched = (measure_stability(it, answers, TIERS, draws=10) for it in (document, tree))
    for ours, theirs in zip(closed.rooms, searched.rooms, strict=True):
        for edge, other in (
            (ours.fewer, theirs.fewer),
            (ours.more, theirs.more),
        ):
            if edge is not None and edge.change < 2.99:
                assert other.change == pytest.approx(edge.change, abs=1e-6)
                assert (other.better, other.worse) == (edge.better, edge.worse)


def test_the_wrong_lengths_and_spreads_are_refused():
    with pytest.raises(ValueError, match="needs both"):
        measure_stability(rubric(1), [{}], [])
    with pytest.raises(ValueError, match="between 0 and 1"):
        measure_stability(rubric(1), [], [], spread=1)


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


@settings(max_examples=200)
@given(linear_cases(), st.data())
def test_inside_its_room_a_weight_never_changes_the_order_and_outside_it_does(case, data):
    points, columns, tiers = case
    document, answers = rubric(*points), rows(*columns)
    found = measure_stability(document, answers, tiers, draws=1)
    place = data.draw(st.integers(0, len(points) - 1))
    room = found.rooms[place]
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
