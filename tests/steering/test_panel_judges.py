"""Each judge of a panel is a source of verdicts of its own."""

import pytest
from django.urls import reverse

from rubric_studio.grading.judges.panels import make_panel
from rubric_studio.grading.models import Grade
from rubric_studio.steering.report import report_of
from tests.steering.graded import SIX, make_graded_run, make_judge_row, make_tested

pytestmark = pytest.mark.django_db


@pytest.fixture
def panel(team, alice):
    """A panel's run that steers, with one judge who agrees and one who turns the order round."""
    judges = [make_judge_row(team, name) for name in ("Steady", "Contrary")]
    question, run = make_tested(
        team, SIX, judge=make_panel(team, alice, name="Both", members=judges)
    )
    answers = list(question.answers.order_by("ordinal"))
    for judge, reached in zip(judges, [(9, 8, 6, 5, 2, 0), (0, 2, 5, 6, 8, 9)], strict=True):
        part = make_graded_run(question, dict(zip(answers, reached, strict=True)), judge=judge)
        part.panel = run
        part.save()
    return question, run


def report(client, user, question, run, source=""):
    client.force_login(user)
    address = reverse("steering", args=[question.pk])
    return client.get(address, {"run": run.pk, "verdicts": source})


def test_the_panel_and_each_of_its_judges_can_be_chosen(client, bob, panel):
    question, run = panel
    html = report(client, bob, question, run).content.decode()
    assert ">The panel</a>" in html
    for part in run.members.all():
        assert f"verdicts=judge-{part.pk}" in html
    assert "Steers on your samples" in html


def test_one_judge_of_the_panel_has_a_report_of_its_own(client, bob, panel):
    question, run = panel
    contrary = run.members.get(judge__name="Contrary")
    html = report(client, bob, question, run, f"judge-{contrary.pk}").content.decode()
    assert "Does not steer on your samples" in html
    assert "judge Contrary" in html
    assert f"<span>Draft, run {run.ordinal}</span>" in html
    # Its cells have its own quotes and reasons, the run that is chosen stays the panel's.
    assert f"/grade?run={contrary.pk}&amp;" in html
    assert f'<option value="{run.pk}" selected>' in html


def test_what_a_program_decided_counts_for_each_judge(panel):
    question, run = panel
    steady = run.members.get(judge__name="Steady")
    key = question.criteria.order_by("position")[0].key
    Grade.objects.filter(run=steady, criterion_key=key).delete()
    assert report_of(steady).order.measured.n == 0
    Grade.objects.filter(run=run, criterion_key=key).update(is_check=True)
    assert report_of(steady).order.measured.n == 6


def test_a_judge_of_another_panel_is_no_source(client, bob, panel):
    question, run = panel
    other = make_graded_run(question, dict.fromkeys(question.answers.all(), 3))
    response = report(client, bob, question, run, f"judge-{other.pk}")
    assert response.context["source"] == "run"


def test_a_single_judge_has_no_others_beside_it(client, bob, team):
    question, run = make_tested(team, SIX)
    assert report(client, bob, question, run).context["panel_judges"] == ()
