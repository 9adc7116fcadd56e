import time
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import now

from rubric_studio.engine.judging.outcome import SessionEnd
from rubric_studio.grading.judges.resting import note_reply
from rubric_studio.grading.models import Judge, Run
from rubric_studio.grading.runs.starting import resume_run
from rubric_studio.grading.tasks import grade_answer
from rubric_studio.grading.working import leases, turns
from rubric_studio.grading.working.calling import Turn
from rubric_studio.grading.working.jobs import load_job
from rubric_studio.grading.working.leases import take
from rubric_studio.health import worker_health
from tests.cast import make_rubric
from tests.grading_cast import make_answers, make_judge, make_run, statuses, work
from tests.scripted_judge import JudgeProcess
from tests.worker import wait_until


@pytest.fixture
def question(team):
    return make_rubric(team, *(f"Names danger {number}" for number in range(6)))


def test_a_long_turn_ends_between_two_calls_and_the_rest_is_judged_later(
    question, team, allow_loopback, scripted_judge, settings
):
    scripted_judge.script(delay=0.6)
    settings.GRADING_TURN_SECONDS = 1
    make_answers(question, "Call an ambulance now.")
    run = make_run(question, make_judge(team, scripted_judge, concurrency=1))
    grade_answer(run.run_answers.get().pk)
    first = statuses(run)
    assert 0 < first["graded"] < 6
    assert first["graded"] + first["pending"] == 6
    settings.GRADING_TURN_SECONDS = 30
    assert work(run).status == Run.Status.DONE
    assert scripted_judge.stats()["calls"] == 6


def test_who_is_told_to_wait_just_as_the_judge_replies_to_another_goes_on_at_once(
    question, judge, monkeypatch
):
    """The reply comes between the question whether to wait and the waiting."""
    make_answers(question, "Call an ambulance now.")
    run = make_run(question, judge)
    answer = run.run_answers.get()
    probed = {"failing_since": now(), "failing_trips": 1}
    Judge.objects.filter(pk=judge.pk).update(**probed, resting_until=now() + timedelta(minutes=2))
    sent, give_back = [], leases.give_back

    def reply_first(lease, **wait):
        note_reply(judge.pk)
        return give_back(lease, **wait)

    monkeypatch.setattr(leases, "give_back", reply_first)
    monkeypatch.setattr(turns, "enqueue", sent.extend)
    grade_answer(answer.pk)
    answer.refresh_from_db()
    assert (answer.leased_until, answer.next_attempt_at) == (None, None)
    assert sent == [answer.pk]


def test_who_is_told_to_wait_for_a_judge_that_still_fails_waits(question, judge, monkeypatch):
    make_answers(question, "Call an ambulance now.")
    run = make_run(question, judge)
    rest = now() + timedelta(minutes=2)
    Judge.objects.filter(pk=judge.pk).update(failing_since=now(), resting_until=rest)
    sent = []
    monkeypatch.setattr(turns, "enqueue", sent.extend)
    grade_answer(run.run_answers.get().pk)
    assert run.run_answers.get().next_attempt_at > now() + timedelta(minutes=1)
    assert sent == []


@pytest.mark.slow
def test_a_worker_whose_children_are_all_busy_is_still_heard(workers, settings):
    from django.core.cache import caches

    from tests.cast import make_team

    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": workers.broker.url},
    }
    caches.close_all()
    team = make_team()
    question = make_rubric(team, "Names the danger")
    with JudgeProcess(delay=60) as judge:
        make_answers(question, "One.", "Two.")
        with workers.start():
            wait_until(lambda: worker_health() == "ok", 20)
            run = make_run(question, make_judge(team, judge))
            wait_until(lambda: judge.stats()["in_flight"] == 2, 20, workers.log)
            heard = time.time()
            wait_until(lambda: _beat() > heard, 25, workers.log)
            run.refresh_from_db()
            assert run.status == Run.Status.RUNNING


def _beat():
    from django.core.cache import cache

    from rubric_studio.health import HEARTBEAT

    return cache.get(HEARTBEAT) or 0


def test_j9_more_money_is_not_taken_for_the_old_budget(
    question, team, allow_loopback, scripted_judge
):
    """A turn that ran out of the old budget ends after somebody has raised it and resumed."""
    make_answers(question, "Call an ambulance now.")
    judge = make_judge(team, scripted_judge, price_in=100, price_out=100)
    run = make_run(question, judge, budget=Decimal("0.000001"))
    lease = take(run.run_answers.first().pk)
    turn = Turn(load_job(lease), is_broke=True)
    Run.objects.filter(pk=run.pk).update(status=Run.Status.PAUSED_BUDGET, finished_at=now())
    resume_run(run, None, budget=Decimal(50))
    turns._after(lease, turn, SessionEnd(0, ()))
    run.refresh_from_db()
    assert run.status == Run.Status.QUEUED
    # Without more money it is paused.
    broke = Turn(load_job(take(run.run_answers.first().pk)), is_broke=True)
    turns._after(lease, broke, SessionEnd(0, ()))
    run.refresh_from_db()
    assert run.status == Run.Status.PAUSED_BUDGET
