from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubric_studio.engine.document.scoring import NOT_APPLICABLE
from rubric_studio.engine.document.types import Criterion, Level
from rubric_studio.engine.measuring.intervals import wilson
from rubric_studio.engine.measuring.steering_edits import EditResult, mean_interval, measure_edits
from rubric_studio.engine.measuring.verdict_changes import has_room, least_step, moved

STEPS = {"a": 1.0, "b": 1.0, "c": 1.0}
POINTS = {"a": 5.0, "b": 3.0, "c": -2.0}


def edit(criterion, way, before, after, **more):
    """edit("a", 1, "010", "110"): the verdicts on a, b and c before and after."""
    keys = sorted(STEPS)
    return EditResult(
        criterion,
        {criterion: way} if way else {},
        {key: float(it) for key, it in zip(keys, before, strict=True)},
        {key: float(it) for key, it in zip(keys, after, strict=True)},
        **more,
    )


def measured(*edits, requires: Mapping[str, tuple[str, ...]] | None = None):
    return measure_edits(edits, STEPS, POINTS, requires)


def test_nothing_says_what_is_missing():
    found = measured()
    assert (found.sensitivity.share, found.invariance.share) == (None, None)
    assert (found.needs, found.needs_criteria, found.needs_invariants) == (20, 3, 5)
    assert (found.flips, found.spills, found.gains, found.weight) == ((), (), (), 0.0)


def test_a_flip_counts_only_in_the_stated_direction():
    found = measured(
        edit("a", 1, "000", "100"),
        edit("a", -1, "100", "000"),
        edit("a", 1, "000", "000"),
    )
    [flip] = found.flips
    assert (flip.flips.hits, flip.flips.n, flip.needs) == (2, 3, 2)
    assert flip.misses == (2,)
    assert flip.is_low
    assert flip.flips.interval == wilson(2, 3)


def test_a_verdict_without_room_to_move_is_left_out():
    found = measured(edit("a", 1, "100", "100"), edit("a", -1, "000", "000"))
    assert (found.sensitivity.n, found.left_out) == (0, 2)


def test_a_missing_verdict_is_left_out_and_never_a_miss():
    broken = EditResult("a", {"a": 1}, {"b": 0.0}, {"a": 1.0, "b": 0.0})
    assert measured(broken).left_out == 1


def test_the_pair_is_never_mixed():
    found = measured(
        edit("a", 1, "000", "100"), edit("", 0, "010", "010"), edit("", 0, "010", "110")
    )
    assert (found.sensitivity.hits, found.sensitivity.n) == (1, 1)
    assert (found.invariance.hits, found.invariance.n) == (1, 2)
    assert found.unsteady == (2,)


def test_what_moves_besides_is_spillover_by_pair():
    found = measured(*[edit("a", 1, "000", "110")] * 3, edit("a", 1, "000", "100"))
    spills = {(it.edited, it.other): it for it in found.spills}
    assert spills["a", "b"].changed.hits == 3
    assert spills["a", "b"].changed.n == 4
    assert spills["a", "b"].mean == pytest.approx(0.75)
    assert spills["a", "b"].is_spilling
    assert spills["a", "b"].edits == (0, 1, 2)
    assert not spills["a", "c"].is_spilling


def test_one_edit_that_spills_proves_nothing():
    [spill, _] = measured(edit("a", 1, "000", "110")).spills
    assert spill.changed.share == 1
    assert (spill.needs, spill.is_spilling) == (2, False)


def test_two_spills_in_three_are_luck_where_fifty_criteria_are_looked_at():
    keys = [f"k{n}" for n in range(50)]
    before = dict.fromkeys(keys, 0.0)
    spilt, clean = before | {"k0": 1.0, "k1": 1.0}, before | {"k0": 1.0}
    steps, points = dict.fromkeys(keys, 1.0), dict.fromkeys(keys, 1.0)

    def spilling(changed, edits, among):
        given = [
            EditResult("k0", {"k0": 1}, before, spilt if at < changed else clean)
            for at in range(edits)
        ]
        shown = {key: steps[key] for key in keys[:among]}
        return [it.other for it in measure_edits(given, shown, points).spills if it.is_spilling]

    assert spilling(2, 3, among=50) == []
    assert spilling(2, 3, among=3) == ["k1"]
    assert spilling(4, 5, among=50) == ["k1"]


def test_criteria_that_require_the_edited_one_may_move_with_it():
    found = measured(edit("a", 1, "000", "111"), requires={"b": ("a",), "c": ("b",)})
    assert found.spills == ()


def test_score_gain_is_one_when_the_score_moves_as_it_should():
    edits = [edit("a", 1, "000", "100", gain=0.25, due=0.25)] * 3
    [gain] = measured(*edits).gains
    assert (gain.n, gain.mean, gain.is_off) == (3, 1.0, False)
    doubled = [edit("a", 1, "000", "110", gain=0.5, due=0.25)] * 3
    [gain] = measured(*doubled).gains
    assert (gain.mean, gain.is_off) == (2.0, True)


def test_nothing_is_divided_by_a_change_that_was_not_due():
    assert measured(edit("a", 1, "000", "100", gain=0.1, due=0.0)).gains == ()


def test_enough_edits_need_no_more():
    edits = [
        edit(key, 1, "000", after) for key, after in zip("abc", ("100", "010", "001"), strict=True)
    ]
    found = measured(*edits * 5, *[edit("", 0, "010", "010")] * 5)
    assert (found.needs, found.weight, len(found.tested)) == (0, 1.0, 3)


@pytest.mark.parametrize(
    "before, after, step, way",
    [
        (0.0, 1.0, 1.0, 1),
        (1.0, 0.0, 1.0, -1),
        (1 / 3, 2 / 3, 1.0, 0),
        (0.0, 2 / 3, 1.0, 1),
        (0.5, 1.0, 0.5, 1),
        (NOT_APPLICABLE, NOT_APPLICABLE, 1.0, 0),
        (NOT_APPLICABLE, 1.0, 1.0, None),
        (0.0, NOT_APPLICABLE, 1.0, None),
    ],
)
def test_a_verdict_moved_from_half_a_step_on(before, after, step, way):
    assert moved(before, after, step) == way


def test_the_step_of_levels_is_their_least_distance():
    levels = tuple(Level(str(it), it) for it in (0, 0.25, 1))
    assert least_step(Criterion("k", "t", 1, levels=levels)) == 0.25
    assert least_step(Criterion("k", "t", 1)) == 1
    assert least_step(Criterion("k", "t", 1, levels=(Level("only", 1),))) == 1


def test_not_applicable_has_no_room():
    assert not has_room(NOT_APPLICABLE, 1)
    assert has_room(0.5, 1)
    assert has_room(0.5, -1)


verdicts = st.one_of(st.just(NOT_APPLICABLE), st.sampled_from([0.0, 0.5, 1.0]))
cells = st.dictionaries(st.sampled_from("abcx"), verdicts)
results = st.builds(
    EditResult,
    criterion=st.sampled_from("abc"),
    expected=st.dictionaries(st.sampled_from("abcx"), st.sampled_from([1, -1]), max_size=2),
    before=cells,
    after=cells,
    gain=st.none() | st.floats(-2, 2),
    due=st.none() | st.sampled_from([0.0, 0.2, -0.3]),
)


# A busy machine makes drawing slow, which is nothing wrong with what is drawn.
@given(st.lists(results, max_size=12))
def test_any_edits_are_measured_without_an_error(edits):
    found = measured(*edits)
    for share in (found.sensitivity, found.invariance, *(it.flips for it in found.flips)):
        assert 0 <= share.hits <= share.n
    assert 0 <= found.weight <= 1
    assert all(it.edited in STEPS for it in found.spills)
    assert all(len(it.edits) == it.changed.hits for it in found.spills)
    assert len(edits) >= found.invariance.n + found.left_out


@given(st.lists(st.floats(-1, 1), max_size=20))
def test_the_bootstrap_contains_the_mean_and_is_the_same_each_time(values):
    interval = mean_interval(values)
    if len(values) < 3:
        assert interval is None
    else:
        assert interval.low <= sum(values) / len(values) <= interval.high
        assert interval == mean_interval(values)


def test_the_bootstrap_agrees_with_scipy():
    from scipy import stats

    values = [0.1, 0.05, 0.3, -0.1, 0.2, 0.15, 0.0, 0.25]
    theirs = stats.bootstrap(
        (values,),
        lambda it: sum(it) / len(it),
        method="percentile",
        vectorized=False,
        n_resamples=4000,
        random_state=1,
    ).confidence_interval
    ours = mean_interval(values)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.015)
