import pytest

from tests.steering.planted.collection import CLEAN, grade
from tests.steering.planted.experts import label, label_all, make_experts

pytestmark = pytest.mark.django_db


def report(run):
    from rubric_studio.steering.report import report_json, report_of

    return report_json(report_of(run))


def of_kind(run, kind):
    return [it for it in report(run)["fix_first"] if it["kind"] == kind]


def test_planted_judge_over_credits(team):
    """The judge sees the fourth criterion met six times in eight; two experts saw it twice."""
    planted = CLEAN.with_criterion(3, verdicts="11111100")
    question, run = grade(team, planted)
    label_all(question, make_experts(team, 2), planted, c3="11000000")
    [found] = of_kind(run, "over_credit")
    assert found["criterion"] == question.criteria.order_by("position")[3].key
    assert found["figure"] == 8
    assert "says met where an expert says not met 8 times in 16" in found["sentence"]
    assert found["answer"] == str(question.answers.get(ordinal=2).pk)


def test_planted_judge_that_never_credits(team):
    planted = CLEAN.with_criterion(3, verdicts="10000100")
    question, run = grade(team, planted)
    label_all(question, make_experts(team, 1), planted, c3="11111100")
    [found] = of_kind(run, "under_credit")
    assert "says not met where an expert says met 4 times in 8" in found["sentence"]


def test_planted_judge_that_credits_a_little_of_everything(team):
    """No criterion by itself is far off, but all lean the same way."""
    wrong = {}
    question, run = grade(team, CLEAN)
    for place, (_, _, verdicts) in enumerate(CLEAN.criteria):
        first = verdicts.index("1")
        wrong[f"c{place}"] = verdicts[:first] + "0" + verdicts[first + 1 :]
    label_all(question, make_experts(team, 1), CLEAN, **wrong)
    [found] = of_kind(run, "over_credit")
    assert (found["criterion"], found["figure"]) == (None, 8)
    assert "of 64 verdicts 8 differ that way, 0 the other" in found["sentence"]


def test_a_judge_that_agrees_shows_nothing(team):
    question, run = grade(team, CLEAN)
    label_all(question, make_experts(team, 2), CLEAN)
    said = report(run)
    assert not {"over_credit", "under_credit", "flips"} & {it["kind"] for it in said["fix_first"]}
    figure = said["figures"]["agreement"]
    assert (figure["status"], figure["judge"]["kappa"]) == ("ok", 1)
    assert figure["sentence"].startswith("Judge and experts agree on all 128 verdicts compared,")


def test_one_odd_verdict_is_no_over_crediting(team):
    question, run = grade(team, CLEAN)
    label_all(question, make_experts(team, 1), CLEAN, c3="00110100")
    assert not of_kind(run, "over_credit")


def test_stale_labels_do_not_count(team):
    from rubric_studio.grading.models import Label

    question, run = grade(team, CLEAN)
    label(question, make_experts(team, 1), 0, "00000000")
    Label.objects.update(grading_hash="0" * 64)
    figure = report(run)["figures"]["agreement"]
    assert (figure["status"], figure["stale"], figure["n"]) == ("none", 8, 0)
    assert "another wording" in figure["sentence"]
    assert not of_kind(run, "over_credit")
