import pytest

from tests.steering.planted.probing import clean, found_of, report_of_given, steered

pytestmark = pytest.mark.django_db


def test_planted_spilling_edit_is_found(team):
    given = [it for it in clean() if it.criterion != 0]
    # Taking the emergency number out also takes the credit for aspirin away.
    report, keys = report_of_given(team, [*given, *[steered(0, 0, "0010") for _ in range(5)]])
    [found] = found_of(report, "spills")
    assert (found["criterion"], found["figure"]) == (keys[1], 5)
    assert "5 of 5 edits" in found["sentence"]
    figure = report["figures"]["spillover"]
    assert figure["status"] == "look"
    assert "also moves 2 in 5 of 5 edits" in figure["sentence"]
    [spill] = figure["spillover"]
    assert (spill["edited"], spill["other"], spill["mean"]) == (keys[0], keys[1], -1)
    gain = next(it for it in figure["score_gain"] if it["criterion"] == keys[0])
    # 10 points are lost where 6 were due.
    assert gain["mean"] == pytest.approx(10 / 6)
    assert gain["off"]


def test_one_verdict_that_moves_along_is_no_finding(team):
    edits = [steered(0, 0, "0110") for _ in range(4)] + [steered(0, 0, "0010")]
    report, _ = report_of_given(team, edits)
    assert found_of(report, "spills") == []
    assert "no pair of them often" in report["figures"]["spillover"]["sentence"]
