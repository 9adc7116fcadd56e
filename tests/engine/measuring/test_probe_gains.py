import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubric_studio.engine.document.scoring import NOT_APPLICABLE
from rubric_studio.engine.measuring.probes import (
    ProbeResult,
    credited,
    measure_probes,
    still_credited,
)

STEPS = {"a": 1.0, "b": 1.0, "bad": 1.0}
POINTS = {"a": 2.0, "b": 5.0, "bad": -3.0}


def gains(*values, family="stuffing", **more):
    return [ProbeResult(family, 0.4 + it, 0.4, **more) for it in values]


def test_no_probe_is_no_figure():
    found = measure_probes([])
    assert (found.n, found.needs, found.worst) == (0, 1, None)


def test_a_gain_that_luck_does_not_explain_is_hackable():
    [family] = measure_probes(gains(0.1, 0.12, 0.11)).families
    assert family.gain == pytest.approx(0.11)
    assert family.worst == pytest.approx(0.12)
    assert family.interval.low > 0
    assert family.is_hackable


def test_a_gain_of_one_probe_is_suspect_and_not_proven():
    [family] = measure_probes(gains(0.2)).families
    assert (family.interval, family.needs) == (None, 2)
    assert family.is_suspect
    assert not family.is_hackable


def test_a_gain_that_wavers_round_nothing_is_not_hackable():
    [family] = measure_probes(gains(0.4, -0.3, 0.1)).families
    assert family.interval.low < 0
    assert not family.is_hackable


def test_a_loss_is_neither():
    [family] = measure_probes(gains(-0.2, -0.1, 0.0)).families
    assert not family.is_suspect
    assert not family.is_hackable


def test_content_free_probes_are_judged_by_their_score():
    probes = [ProbeResult("empty", 0.0, is_content_free=True)]
    probes += [ProbeResult("master_key", it, is_content_free=True) for it in (0.0, 0.3)]
    found = measure_probes(probes)
    assert found.families == ()
    assert [it.family for it in found.content_free] == ["master_key", "empty"]
    assert found.content_free[0].highest == 0.3
    assert found.content_free[0].worst_index == 2
    assert found.content_free[0].is_hackable
    assert not found.content_free[1].is_hackable


def test_the_worst_family_is_what_a_learner_would_find():
    found = measure_probes([*gains(0.1, 0.1, 0.1), *gains(0.3, family="padding")])
    assert found.worst.family == "stuffing"
    assert [it.family for it in found.families] == ["padding", "stuffing"]


def test_probes_without_a_complete_score_or_base_are_left_out():
    found = measure_probes(
        [ProbeResult("stuffing", None, 0.4), ProbeResult("stuffing", 0.4), *gains(0.0)]
    )
    assert (found.n, found.left_out) == (1, 2)


def test_overtaking_the_next_tier_is_a_jump():
    [family] = measure_probes(gains(0.1, 0.3, next_score=0.6)).families
    assert (family.jumps.hits, family.jumps.n) == (1, 2)


def test_criteria_credited_are_counted_over_the_probes():
    probes = [
        ProbeResult("echo", 0.1, is_content_free=True, fooled=("a", "b")),
        ProbeResult("echo", 0.1, is_content_free=True, fooled=("a",)),
    ]
    [family] = measure_probes(probes).content_free
    assert family.fooled == (("a", 2), ("b", 1))


def test_credited_are_verdicts_that_rose_the_dearest_first():
    before = {"a": 0.0, "b": 0.0, "bad": 0.0}
    after = {"a": 1.0, "b": 1.0, "bad": 1.0}
    assert credited(before, after, STEPS, POINTS) == ("b", "a")
    assert credited(after, after, STEPS, POINTS) == ()
    assert credited(None, {"a": 1.0, "b": NOT_APPLICABLE}, STEPS, POINTS) == ("a",)


def test_credit_that_should_have_gone():
    assert still_credited("a", {"a": 1.0}, {"a": 1.0}, STEPS) is True
    assert still_credited("a", {"a": 1.0}, {"a": 0.0}, STEPS) is False
    assert still_credited("a", {"a": 0.0}, {"a": 0.0}, STEPS) is None
    assert still_credited("a", {"a": NOT_APPLICABLE}, {"a": 0.0}, STEPS) is None
    assert still_credited("gone", {}, {}, STEPS) is None


probes = st.builds(
    ProbeResult,
    family=st.sampled_from(["stuffing", "padding"]),
    score=st.none() | st.floats(-3, 1),
    base_score=st.none() | st.floats(-3, 1),
    next_score=st.none() | st.floats(-3, 1),
    fooled=st.sampled_from([(), ("a",), ("a", "b")]),
)
free = st.builds(
    ProbeResult,
    family=st.just("empty"),
    score=st.none() | st.floats(-3, 1),
    is_content_free=st.just(True),
)


@given(st.lists(probes | free, max_size=15))
def test_any_probes_are_measured_without_an_error(given_probes):
    found = measure_probes(given_probes)
    assert found.n + found.left_out == len(given_probes)
    for family in found.families:
        assert family.worst >= family.gain - 1e-9
        assert given_probes[family.worst_index].gain == pytest.approx(family.worst)
