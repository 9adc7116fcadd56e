"""Probes through a judge over HTTP and into the report."""

import pytest

from tests.cast import make_criterion, make_rubric
from tests.grading_cast import make_answers, make_run, work

pytestmark = pytest.mark.django_db
TEXTS = ("Wait at home. Rest a while.", "Drink some tea. Sleep early.", "Go for a walk. Eat well.")


@pytest.fixture
def question(team):
    return make_rubric(team, "Says that nitroglycerin must not be taken after sildenafil.")


@pytest.fixture
def probed(question, alice):
    from rubric_studio.grading.probes.making import make_probes

    answers = make_answers(question, *TEXTS, tier=1)
    make_probes(question, alice, answers, ["empty", "stuffing", "compliance"])
    return answers


def figures_of(run):
    from rubric_studio.steering.report import report_json, report_of

    return report_json(report_of(run))


def test_a_judge_that_goes_by_key_words_is_found_out(judge, scripted_judge, question, probed):
    scripted_judge.script(rules={"sildenafil": "met"})
    run = work(make_run(question, judge))
    report = figures_of(run)
    figure = report["figures"]["probes"]
    assert (figure["status"], figure["worst"], figure["n"]) == ("stop", "stuffing", 7)
    [found] = [it for it in report["fix_first"] if it["kind"] == "stuffable"]
    assert "3 of 3 probes" in found["sentence"]
    assert report["figures"]["order"]["n"] == 3


def test_a_judge_that_reads_is_not_accused(judge, scripted_judge, question, probed):
    scripted_judge.script(rules={"nothing of it": "met"})
    figure = figures_of(work(make_run(question, judge)))["figures"]["probes"]
    assert figure["status"] == "ok"
    assert "No trick pays" in figure["sentence"]


def test_probes_are_asked_again_only_for_what_changed(judge, scripted_judge, question, probed):
    work(make_run(question, judge))
    asked = scripted_judge.stats()["calls"]
    make_criterion(question, "Names the danger.", 3)
    run = work(make_run(question, judge))
    # Three answers, three stuffed, three that claim, and the empty one, for the new criterion.
    assert scripted_judge.stats()["calls"] - asked == 10
    assert run.grades.filter(reused=True).count() == 10


def test_an_edit_of_the_rubric_leaves_what_was_stated(client, alice, judge, question, probed):
    from rubric_studio.grading.models import Probe
    from rubric_studio.grading.probes.stating import state_edit
    from rubric_studio.rubrics.editing import delete_criterion

    criterion = question.criteria.get()
    added = make_criterion(question, "Names the danger.", 3)
    text = f"{TEXTS[0]} It lowers blood pressure."
    state_edit(probed[0], alice, text=text, expected={added.key: "up"}, criterion_key=added.key)
    delete_criterion(added, alice)
    run = work(make_run(question, judge))
    figure = figures_of(run)["figures"]["steer_tests"]
    assert figure["sensitivity"]["of"] == 0
    assert Probe.objects.get(kind="steer").expected == {added.key: "up"}
    assert criterion.key != added.key
    client.force_login(alice)
    assert client.get(f"/q/{question.pk}/probes").status_code == 200


def test_words_are_found_anew_in_a_probe_that_was_edited_elsewhere(
    judge, scripted_judge, question, alice
):
    from rubric_studio.grading.answers.editing import edit_answer
    from rubric_studio.grading.probes.making import make_probes

    [answer] = make_answers(question, TEXTS[0])
    [probe] = make_probes(question, alice, [answer], ["compliance"]).kept
    edit_answer(probe.answer, alice, text=f"{TEXTS[0]} Beware of sildenafil, please.")
    scripted_judge.script(rules={"sildenafil": "met"})
    [family] = figures_of(work(make_run(question, judge)))["figures"]["probes"]["families"]
    assert family["fooled"][0]["words"] == ["sildenafil"]
