import pytest

from tests.steering.planted.collection import CLEAN, grade
from tests.steering.planted.experts import ask_again

pytestmark = pytest.mark.django_db


def report(run):
    from rubric_studio.steering.report import report_json, report_of

    return report_json(report_of(run))


def test_planted_vague_criterion_flips(team):
    planted = CLEAN.with_criterion(4, text="Is clear and reassuring.")
    question, run = grade(team, planted)
    ask_again(run, c4="10100111")
    ask_again(run, c4="11000010")
    said = report(run)
    [found] = [it for it in said["fix_first"] if it["kind"] == "flips"]
    assert found["criterion"] == question.criteria.order_by("position")[4].key
    assert found["figure"] == 9
    assert "Asked 3 times, the judge changed its verdict on 5 of 8 answers" in found["sentence"]
    figure = said["figures"]["repeatability"]
    assert figure["status"] == "look"
    assert figure["sentence"] == (
        "Asked 3 times, the judge changed its mind on criterion 5 in 5 of 8 answers."
        " Elsewhere it is steady."
    )
    worst = figure["criteria"][0]
    assert (worst["flipped_cells"], worst["flip_rate"]) == (5, pytest.approx(5 / 24))
    assert worst["variance"] == pytest.approx(5 * 2 / 9 / 8)


def test_a_steady_judge_shows_nothing(team):
    _, run = grade(team, CLEAN)
    ask_again(run)
    said = report(run)
    assert "flips" not in {it["kind"] for it in said["fix_first"]}
    assert said["figures"]["repeatability"]["status"] == "ok"
    assert "said the same in all 64 cells" in said["figures"]["repeatability"]["sentence"]


def test_one_cell_that_flips_is_no_vague_criterion(team):
    _, run = grade(team, CLEAN)
    ask_again(run, c4="01010010")
    said = report(run)
    assert "flips" not in {it["kind"] for it in said["fix_first"]}
    assert "in 1 of 64 cells, on no criterion often" in said["figures"]["repeatability"]["sentence"]


def test_a_judge_that_was_asked_once_says_what_is_missing(team):
    _, run = grade(team, CLEAN)
    figure = report(run)["figures"]["repeatability"]
    assert (figure["status"], figure["n"], figure["needs"]) == ("none", 0, 1)
    assert "asked once" in figure["sentence"]
