"""Runs that are stopped, resumed, refused, or wait."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import now

from rubric_studio.engine.judging.outcome import Attempt, Evidence, Outcome
from rubric_studio.grading.models import Run
from rubric_studio.grading.runs.finishing import finish_run
from rubric_studio.grading.runs.starting import (
    RunRefused,
    cancel_run,
    resume_run,
)
from rubric_studio.grading.working import leases
from rubric_studio.grading.working.jobs import load_job
from rubric_studio.grading.working.recording import Batch, record
from tests.cast import make_rubric, make_version
from tests.grading_cast import make_answers, make_judge, make_run, statuses, work


@pytest.fixture
def question(team):
    return make_rubric(
        team,
        "Explains the risks",
        {"text": "Invents a study", "points": -4},
        {"text": "Says when to call", "points": 3},
    )


@pytest.fixture
def answers(question):
    return make_answers(question, "Call an ambulance now.", "Wait and see.")


def test_a_resumed_run_judges_only_what_has_no_verdict(question, answers, judge, scripted_judge):
    scripted_judge.script({"kind": "unauthorized", "criterion": "study"})
    run = work(make_run(question, judge))
    kept = set(run.grades.filter(status="graded").values_list("pk", "graded_at"))
    assert kept
    scripted_judge.script()
    run = work(resume_run(run, None))
    assert run.status == Run.Status.DONE
    assert kept <= set(run.grades.values_list("pk", "graded_at"))
    with pytest.raises(RunRefused, match="nothing to judge again"):
        resume_run(run, None)


def test_the_pause_before_a_run_is_resumed_is_no_time_that_it_took(
    question, answers, judge, scripted_judge
):
    scripted_judge.script({"kind": "unauthorized", "criterion": "study"})
    run = work(make_run(question, judge))
    then = now() - timedelta(hours=3)
    Run.objects.filter(pk=run.pk).update(started_at=then, finished_at=then + timedelta(seconds=50))
    scripted_judge.script()
    run = work(resume_run(run, None))
    assert timedelta(seconds=50) < run.worked < timedelta(minutes=10)
    assert run.worked == timedelta(seconds=50) + (run.finished_at - run.started_at)


def test_a_cancelled_run_keeps_what_was_graded_and_goes_on_where_it_stopped(
    question, answers, judge, scripted_judge
):
    from rubric_studio.grading.tasks import grade_answer

    run = make_run(question, judge)
    first, second = run.run_answers.values_list("pk", flat=True)
    grade_answer(first)
    cancel_run(run, None)
    grade_answer(second)
    assert statuses(run) == {"graded": 3, "cancelled": 3}
    with pytest.raises(RunRefused):
        cancel_run(run, None)
    run = work(resume_run(run, None))
    assert (run.status, run.calls) == (Run.Status.DONE, 6)


def test_what_cannot_be_graded_is_refused_with_what_to_do(team, question, answers, judge, alice):
    empty = make_rubric(team)
    make_answers(empty, "A")
    for refused in (
        lambda: make_run(empty, judge),
        lambda: make_run(make_rubric(team, "A criterion"), judge),
        lambda: make_run(question, judge, answers=[]),
        lambda: make_run(question, judge, repeats=0),
        lambda: make_run(question, judge, criteria_per_call=21),
        lambda: make_run(question, judge, budget=Decimal(1)),
        lambda: make_run(empty, judge, answers=answers),
        lambda: make_run(question, judge, make_version(make_rubric(team, "Other"))),
    ):
        with pytest.raises(RunRefused) as error:
            refused()
        assert error.value.message.endswith(".")
    assert not Run.objects.exists()


def test_j9_the_budget_is_not_overrun_and_more_money_judges_only_the_rest(
    question, answers, team, scripted_judge, allow_loopback
):
    # A reply is 100 tokens at most, at a price of 0.01 each.
    dear = make_judge(team, scripted_judge, price_out=Decimal(10_000), max_tokens=100)
    run = work(make_run(question, dear, budget=Decimal("1.5")))
    made = scripted_judge.stats()["calls"]
    assert run.status == Run.Status.PAUSED_BUDGET
    assert run.cost <= run.budget
    assert 0 < made < 6
    assert run.reserved == run.cost
    assert statuses(run)["pending"] == 6 - made
    for budget in (run.cost, Decimal("1.5")):
        with pytest.raises(RunRefused, match=r"give more than 1\.50\.$"):
            resume_run(run, None, budget=budget)
    run.refresh_from_db()
    assert (run.status, run.budget) == (Run.Status.PAUSED_BUDGET, Decimal("1.5"))
    run = work(resume_run(run, None, budget=Decimal(100)))
    assert (run.status, scripted_judge.stats()["calls"]) == (Run.Status.DONE, 6)
    assert run.reserved == run.cost


def test_j9_a_budget_below_what_is_spent_resumes_nothing(
    question, answers, team, scripted_judge, allow_loopback
):
    scripted_judge.script({"kind": "empty", "criterion": "study"})
    dear = make_judge(team, scripted_judge, price_out=Decimal(10_000), max_tokens=100)
    run = work(make_run(question, dear))
    assert statuses(run)["failed"] == 2
    assert run.cost > Decimal("0.01")
    with pytest.raises(RunRefused, match=r"spent already[.] A budget is for the whole run"):
        resume_run(run, None, budget=Decimal("0.01"))
    assert statuses(run)["failed"] == 2


def test_j15_a_run_can_be_started_without_a_broker(
    question, answers, judge, monkeypatch, django_capture_on_commit_callbacks
):
    from rubric_studio.celery import app

    monkeypatch.setattr(app.conf, "broker_write_url", "redis://127.0.0.1:9/0")
    monkeypatch.setattr(app.conf, "broker_url", "redis://127.0.0.1:9/0")
    with django_capture_on_commit_callbacks(execute=True):
        run = make_run(question, judge)
    assert run.status == Run.Status.QUEUED


def test_j4_a_message_is_sent_only_after_the_commit(
    question, answers, judge, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as callbacks:
        make_run(question, judge)
    assert len(callbacks) == 1


@pytest.mark.parametrize(
    ("brought", "status"),
    [(6, Run.Status.DONE), (5, Run.Status.CANCELLED), (0, Run.Status.CANCELLED)],
)
def test_a_run_cancelled_after_its_last_calls_were_sent_is_done(
    question, answers, judge, brought, status
):
    """Verdicts of calls in flight are kept: they are paid for."""
    run = cancel_run(make_run(question, judge), None)
    late = run.grades.order_by("pk").values_list("pk", flat=True)[:brought]
    run.grades.filter(pk__in=list(late)).update(status="graded", value=1)
    assert finish_run(run.pk) == (status == Run.Status.DONE)
    run.refresh_from_db()
    assert run.status == status
    assert (run.cancelled_at is None) == (status == Run.Status.DONE)


def test_late_cells_without_a_verdict_leave_a_cancelled_run_to_be_resumed(question, answers, judge):
    run = cancel_run(make_run(question, judge), None)
    run.grades.update(status="graded", value=1)
    run.grades.filter(pk=run.grades.first().pk).update(status="failed", value=None)
    assert finish_run(run.pk)
    run.refresh_from_db()
    assert run.status == Run.Status.INCOMPLETE
    assert resume_run(run, None).status == Run.Status.QUEUED


def test_a_call_that_ends_without_an_outcome_after_the_cancelling_leaves_its_cell_to_be_resumed(
    question, answers, judge, scripted_judge
):
    run = make_run(question, judge)
    lease = leases.take(run.run_answers.order_by("ordinal").first().pk)
    job = load_job(lease)
    cancel_run(run, None)
    cell = job.cells[0]
    evidence = Evidence("nonce", "hash", "", attempts=(Attempt(0.0, 1.0, "http_500", "Broken."),))
    stopped = Outcome("stopped", attempts=2, calls=2, evidence=evidence)
    batch = Batch()
    batch.add(cell, job.waiting[cell.key], stopped, Decimal(0))
    assert record(lease, batch)
    (grade_id,) = job.waiting[cell.key].grades.values()
    grade = run.grades.get(pk=grade_id)
    assert (grade.status, grade.attempts, grade.call.attempts[0]["code"]) == (
        "cancelled", 2, "http_500",
    )  # fmt: skip
    assert not finish_run(run.pk)
    leases.give_back(lease)
    run = work(resume_run(run, None))
    assert (run.status, statuses(run)) == (Run.Status.DONE, {"graded": 6})
