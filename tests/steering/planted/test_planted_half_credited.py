import pytest

from tests.steering.planted.probing import (
    ANSWERS,
    Given,
    clean,
    flipped,
    found_of,
    report_of_given,
    steered,
)

pytestmark = pytest.mark.django_db


def test_planted_compound_credited_in_half_is_found_by_a_probe(team):
    given = [it for it in clean() if it.family != "half"]
    half = Given("half", 3, flipped(3, 1), criterion=1, put_in="Chew 300 mg of aspirin.")
    report, keys = report_of_given(team, [*given, half])
    [found] = found_of(report, "compound")
    assert (found["criterion"], found["figure"]) == (keys[1], 10)
    assert "credited for one of them" in found["sentence"]


def test_planted_compound_credited_in_half_is_found_by_edits(team):
    kept = [Given("drop_half", 0, ANSWERS[0][1], "steer", 1, {1: "down"}) for _ in range(5)]
    report, keys = report_of_given(team, kept)
    [found] = found_of(report, "compound")
    assert (found["criterion"], found["figure"]) == (keys[1], 4)
    assert "0 of 5 edits" in found["sentence"]


def test_a_criterion_deaf_to_what_is_taken_out_is_over_credit(team):
    report, keys = report_of_given(team, [steered(0, 0, ANSWERS[0][1]) for _ in range(5)])
    assert [it["criterion"] for it in found_of(report, "over_credit")] == [keys[0]]
    assert report["figures"]["steer_tests"]["status"] == "stop"


def test_a_criterion_deaf_to_what_is_put_in_is_under_credit(team):
    report, keys = report_of_given(team, [steered(0, 4, ANSWERS[4][1], "up") for _ in range(5)])
    assert [it["criterion"] for it in found_of(report, "under_credit")] == [keys[0]]


def test_a_form_that_changes_verdicts_is_found(team):
    forms = [Given("bullets", 0, flipped(0, 2), "invariant") for _ in range(5)]
    report, _ = report_of_given(team, forms)
    [found] = found_of(report, "flips")
    assert found["figure"] == 4
    assert "0 of 5" in found["sentence"]
