"""Real workers, killed: what reliability promises about runs."""

import random
import time

import pytest

from rubric_studio.grading.models import Grade, Run
from rubric_studio.grading.queueing import enqueue
from rubric_studio.grading.runs import cancel_run
from tests.cast import author_of, make_collection, make_team
from tests.grading_cast import import_rubric, make_answers, make_judge, make_run, statuses
from tests.scripted_judge import JudgeProcess
from tests.worker import wait_until

pytestmark = pytest.mark.slow

CRITERIA, ANSWERS = 20, 10


@pytest.fixture
def slow_judge():
    with JudgeProcess(delay=0.1) as judge:
        yield judge


@pytest.fixture
def run(workers, slow_judge):
    """200 cells, committed and sent."""
    return start(slow_judge)


def start(scripted, criteria=CRITERIA, answers=ANSWERS, **options):
    team = make_team()
    judge = make_judge(team, scripted, concurrency=8)
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


@pytest.mark.parametrize("seed", range(3))
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
