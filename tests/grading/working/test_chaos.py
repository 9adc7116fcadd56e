"""Real workers, killed: what reliability promises about runs.

CHAOS_SEEDS and CHAOS_BOUNCES say how often; `make chaos` does it all, at length.
"""

import os
import random
import time
from decimal import Decimal

import pytest

from rubric_studio.grading.models import Grade, Judge, Run
from rubric_studio.grading.runs.progress import progress_of
from rubric_studio.grading.runs.queueing import enqueue
from rubric_studio.grading.runs.starting import cancel_run, document_of, resume_run
from rubric_studio.grading.runs.sweeping import sweep_runs
from rubric_studio.grading.scores import scores_of
from tests.cast import author_of, make_collection, make_team
from tests.grading_cast import import_rubric, make_answers, make_judge, make_run, statuses
from tests.scripted_judge import JudgeProcess
from tests.scripted_rules import AskedCriterion, by_hash
from tests.worker import wait_until

pytestmark = pytest.mark.slow

CRITERIA, ANSWERS = 20, 10
SEEDS = int(os.environ.get("CHAOS_SEEDS", "2"))
BOUNCES = int(os.environ.get("CHAOS_BOUNCES", "3"))


@pytest.fixture
def slow_judge():
    with JudgeProcess(delay=0.1) as judge:
        yield judge


@pytest.fixture
def run(workers, slow_judge):
    """200 cells, committed and sent."""
    return start(slow_judge)


def start(scripted, criteria=CRITERIA, answers=ANSWERS, judge=None, **options):
    team = make_team()
    judge = make_judge(team, scripted, **{"concurrency": 8} | (judge or {}))
    question = import_rubric(make_collection(team), author_of(team), criteria)
    make_answers(question, *(f"Answer number {number}." for number in range(answers)))
    return make_run(question, judge, **options)


def is_over(run):
    return lambda: Run.objects.get(pk=run.pk).status not in ("queued", "running")


def graded(run):
    return run.grades.filter(status="graded").count()


def first_answer(run):
    return run.run_answers.get(ordinal=0)


def assert_whole(run, judge, extra):
    """Every cell has one verdict, and only calls in flight or not yet written were made again."""
    run.refresh_from_db()
    assert (run.status, statuses(run)) == (Run.Status.DONE, {"graded": CRITERIA * ANSWERS})
    calls = judge.stats()["calls"]
    assert CRITERIA * ANSWERS <= calls <= CRITERIA * ANSWERS + extra


@pytest.mark.chaos
@pytest.mark.parametrize("seed", range(SEEDS))
def test_j1_killed_workers_lose_no_cell_and_write_none_twice(workers, run, slow_judge, seed):
    pick = random.Random(seed)
    with workers.start() as worker:
        wait_until(lambda: graded(run) > pick.randrange(10, 60), 30, workers.log)
        worker.kill_child()
        wait_until(lambda: graded(run) > pick.randrange(60, 110), 30, workers.log)
        worker.kill()
    with workers.start():
        workers.sweep_until(is_over(run), 60)
    # Two kills, each with 8 calls in flight and as many just answered.
    assert_whole(run, slow_judge, extra=2 * 2 * 8)


def test_j2_a_broker_that_loses_everything_loses_no_cell(workers, run, slow_judge):
    with workers.start():
        wait_until(lambda: graded(run) > 30, 30, workers.log)
        workers.broker.kill()
        time.sleep(1)
        workers.broker.start()
        workers.sweep_until(is_over(run), 60)
    assert_whole(run, slow_judge, extra=0)


@pytest.mark.chaos
def test_j3_a_worker_outlives_a_broker_that_comes_and_goes(workers, slow_judge):
    pick = random.Random(3)
    with workers.start() as worker:
        for _ in range(BOUNCES):
            workers.broker.kill()
            time.sleep(pick.uniform(0.2, 1))
            workers.broker.start()
            time.sleep(pick.uniform(0.5, 4))
        run = start(slow_judge, answers=2)
        workers.sweep_until(lambda: graded(run) > 0, 30)
        assert worker.process.poll() is None
        workers.sweep_until(is_over(run), 60)
    assert statuses(run) == {"graded": 2 * CRITERIA}


def test_j4_a_run_whose_messages_were_never_sent_is_found(workers, run, slow_judge):
    workers.broker.kill()
    workers.broker.start()
    with workers.start():
        took = workers.sweep_until(is_over(run), 60)
    assert took < 45
    assert_whole(run, slow_judge, extra=0)


def test_j5_messages_delivered_three_times_are_one_verdict_and_one_charge(workers, run, slow_judge):
    ids = list(run.run_answers.values_list("pk", flat=True))
    for _ in range(2):
        assert enqueue(ids)
    with workers.start(), workers.start():
        workers.sweep_until(is_over(run), 60)
    assert_whole(run, slow_judge, extra=0)
    assert {cell["calls"] for cell in slow_judge.cells()} == {1}
    run.refresh_from_db()
    assert run.calls == CRITERIA * ANSWERS


def test_j9_four_processes_do_not_overrun_the_budget(workers, slow_judge):
    """Two workers with two children each; more money then judges only the rest."""
    slow_judge.script(delay=0.02)
    run = start(slow_judge, judge={"price_in": Decimal(100), "price_out": Decimal(100)}, budget=2)
    with workers.start(), workers.start():
        workers.sweep_until(is_over(run), 60)
        run.refresh_from_db()
        assert run.status == Run.Status.PAUSED_BUDGET
        assert 0 < run.cost <= run.budget
        assert run.calls == slow_judge.stats()["calls"] == graded(run) < CRITERIA * ANSWERS
        assert run.reserved == run.cost
        resume_run(run, None, budget=Decimal(1000))
        workers.sweep_until(is_over(run), 60)
    assert_whole(run, slow_judge, extra=0)


def test_one_call_in_five_fails_and_no_verdict_is_invented(workers, slow_judge):
    kinds = ["server_error", "reset", "prose", "half_body", "nan"]
    faults = [{"kind": kind, "probability": 0.045} for kind in kinds]
    always = {"kind": "prose", "criterion": "thing 3.", "answer": "number 1."}
    slow_judge.script(always, *faults, delay=0, seed=5)
    run = start(slow_judge)
    with workers.start(), workers.start():
        workers.sweep_until(is_over(run), 90)
    counts = statuses(run)
    assert set(counts) == {"graded", "failed"}
    assert sum(counts.values()) == CRITERIA * ANSWERS
    failed = run.grades.filter(status="failed")
    assert not failed.filter(error="").exists()
    assert not failed.filter(value__isnull=False).exists()
    texts = {it.key: it.text for it in document_of(run).criteria}
    for grade in run.grades.filter(status="graded").select_related("run_answer"):
        criterion = AskedCriterion("", texts[grade.criterion_key], ("met", "unmet"))
        assert grade.value == (by_hash(criterion, grade.run_answer.text) == "met")
    incomplete = set(failed.values_list("run_answer__answer", flat=True))
    for it in scores_of(run):
        if it.answer.pk in incomplete:
            assert it.score.score is None
            assert it.score.low_float < it.score.high_float
        else:
            assert it.score.score is not None
    assert Judge.objects.get(pk=run.judge_id).failing_since is None


def test_j13_progress_is_true_and_the_asking_ends(workers, slow_judge, client):
    run = start(slow_judge)
    client.force_login(author_of(run.question.collection.team))
    seen, deadline = [], time.monotonic() + 60
    with workers.start() as worker:
        while True:
            before, progress, after = graded(run), progress_of(run), graded(run)
            assert before <= progress.graded <= after
            assert progress.total == CRITERIA * ANSWERS
            seen.append(progress.graded)
            if is_over(run)():
                break
            if seen[-1] > 60 and worker is not None:
                worker.kill_child()
                worker = None
            assert time.monotonic() < deadline, workers.log()
            sweep_runs()
            time.sleep(0.25)
    assert seen == sorted(seen)
    assert seen[-1] == CRITERIA * ANSWERS
    assert client.get(f"/q/{run.question_id}/grade/live?run={run.pk}").status_code == 286


def test_j10_cancel_takes_effect_within_two_seconds(workers, slow_judge):
    slow_judge.script(delay=0.5)
    run = start(slow_judge)
    with workers.start():
        wait_until(lambda: graded(run) > 10, 30, workers.log)
        cancel_run(run, None)
        time.sleep(2)
        calls = slow_judge.stats()["calls"]
        kept = graded(run)
        time.sleep(1.5)
        assert slow_judge.stats()["calls"] == calls
        assert graded(run) == kept > 10
    assert statuses(run) == {"graded": kept, "cancelled": CRITERIA * ANSWERS - kept}


def test_j11_a_judge_that_hangs_on_one_cell_does_not_stop_the_others(workers, slow_judge):
    slow_judge.script({"kind": "hang", "criterion": "thing 3.", "answer": "number 1."})
    run = start(slow_judge, answers=4)
    with workers.start():
        wait_until(lambda: graded(run) == 4 * CRITERIA - 1, 30, workers.log)


def test_j11_an_answer_that_ends_its_workers_is_given_up_after_three_losses(workers, slow_judge):
    slow_judge.script({"kind": "hang", "answer": "number 0."})
    run = start(slow_judge, answers=3)
    for losses in (1, 2, 3):
        with workers.start() as worker:
            wait_until(lambda: graded(run) == 2 * CRITERIA, 30, workers.log)
            wait_until(lambda: first_answer(run).leased_until is not None, 20, workers.log)
            worker.kill()
        workers.sweep_until(lambda n=losses: first_answer(run).losses == n, 20)
    workers.sweep_until(is_over(run), 20)
    assert statuses(run) == {"graded": 2 * CRITERIA, "failed": CRITERIA}
    failed = Grade.objects.filter(run=run, status="failed").first()
    assert failed.error_code == "lost_worker"
    assert Run.objects.get(pk=run.pk).status == Run.Status.INCOMPLETE


def test_j14_a_deployment_in_mid_run_costs_nothing(workers, run, slow_judge):
    with workers.start() as worker:
        wait_until(lambda: graded(run) > 30, 30, workers.log)
        assert worker.terminate() < 40
    assert not run.run_answers.filter(leased_until__isnull=False).exists()
    with workers.start():
        workers.sweep_until(is_over(run), 40)
    assert_whole(run, slow_judge, extra=0)
