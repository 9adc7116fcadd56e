"""Panels whose money ends, that are stopped and resumed, or are refused."""

from decimal import Decimal

import pytest

from rubric_studio.grading.judges.editing import delete_judge
from rubric_studio.grading.judges.panels import make_panel
from rubric_studio.grading.models import Run
from rubric_studio.grading.runs.starting import RunRefused, cancel_run, resume_run
from rubric_studio.rubrics.editing import InvalidEdit
from tests.cast import make_rubric
from tests.grading.judges.panels import panel_of
from tests.grading_cast import (
    make_answers,
    make_judge,
    make_run,
    parts_of,
    statuses,
    work,
    work_panel,
)
from tests.scripted_judge import Fault


@pytest.fixture
def question(team):
    return make_rubric(team, "Explains the risks", {"text": "Invents a study", "points": -4})


@pytest.fixture
def answers(question):
    return make_answers(question, "Call an ambulance now.", "Wait and see.")


def test_money_is_shared_among_the_judges_and_more_of_it_resumes_them(
    question, answers, team, scripted
):
    panel = panel_of(team, *scripted, price_in=1000, price_out=1000, max_tokens=100)
    run = make_run(question, panel, budget=Decimal("1.5"))
    assert {it.budget for it in parts_of(run)} == {Decimal("0.5")}
    run = work_panel(run)
    assert run.status == Run.Status.PAUSED_BUDGET
    assert run.cost == sum(it.cost for it in parts_of(run)) <= Decimal("1.5")
    resume_run(run, None, budget=Decimal(300))
    run = work_panel(run)
    assert (run.status, statuses(run)) == (Run.Status.DONE, {"graded": 4})
    assert {it.budget for it in parts_of(run)} == {Decimal(100)}


def test_a_budget_too_small_to_share_is_refused(question, answers, team, scripted):
    panel = panel_of(team, *scripted, price_in=1)
    with pytest.raises(RunRefused, match="Shared among"):
        make_run(question, panel, budget=Decimal("0.000002"))


def test_cancelling_a_panel_cancels_its_judges_and_resuming_goes_on(question, answers, panel):
    run = make_run(question, panel)
    work(parts_of(run)[0])
    cancel_run(run, None)
    assert {it.status for it in parts_of(run)} == {Run.Status.DONE, Run.Status.CANCELLED}
    assert statuses(run) == {"cancelled": 4}
    resume_run(run, None)
    run = work_panel(run)
    assert (run.status, run.calls) == (Run.Status.DONE, 12)


def test_only_judges_that_failed_are_asked_again_and_only_where_it_matters(
    question, answers, panel, scripted
):
    scripted[0].answer_with(lambda criterion, answer: "unmet")
    scripted[2].script(Fault("bad_request"))
    run = work_panel(make_run(question, panel))
    assert statuses(run) == {"failed": 4}
    assert "Cyd gave no verdict. The others: 1 not met, 1 met." in run.grades.first().error
    scripted[2].script()
    before = [it.stats()["calls"] for it in scripted]
    resume_run(run, None)
    run = work_panel(run)
    assert (run.status, statuses(run)) == (Run.Status.DONE, {"graded": 4})
    after = [it.stats()["calls"] for it in scripted]
    assert [now - then for now, then in zip(after, before, strict=True)] == [0, 0, 4]


def test_a_judges_part_is_stopped_and_resumed_with_its_panel_alone(question, answers, panel):
    part = parts_of(make_run(question, panel))[0]
    with pytest.raises(RunRefused, match="panel's own run"):
        cancel_run(part, None)
    with pytest.raises(RunRefused, match="panel's own run"):
        resume_run(part, None)


def test_a_panel_without_one_of_its_judges_is_refused_by_name(question, answers, panel, alice):
    delete_judge(panel.members.get(name="Ben"), alice)
    with pytest.raises(RunRefused, match="Ben was taken out"):
        make_run(question, panel)


def test_a_panel_is_refused_with_its_reason(team, alice, charlie, scripted, panel):
    one = panel.members.first()
    theirs = make_judge(charlie.teams.get(), scripted[0])
    for members in ([], [one], [one, one], [one, theirs], [one, panel]):
        with pytest.raises(InvalidEdit):
            make_panel(team, alice, name="Bad", members=members)
    with pytest.raises(InvalidEdit):
        make_panel(team, alice, name=" ", members=list(panel.members.all()))
