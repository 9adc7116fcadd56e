"""Checks in real workers: two queues, killed workers, checks that burn."""

import pytest

from rubric_studio.grading.models import Run, RunAnswer
from rubric_studio.grading.runs.starting import cancel_run
from tests.cast import make_rubric, make_team
from tests.grading_cast import make_answers, make_judge, make_run, statuses
from tests.worker import wait_until

pytestmark = pytest.mark.slow

# A second of work and more for each of them: a megabyte is folded, then looked through.
WORDS = 40
LONG = "word after word, " * 55_000


def slow_check(number):
    values = [f"zebra {number} {it}" for it in range(WORDS)]
    return {"text": f"Names zebra {number}.", "check": {"kind": "contains", "values": values}}


def make_slow(checks=6):
    question = make_rubric(make_team(), *(slow_check(number) for number in range(checks)))
    make_answers(question, LONG)
    return question


def is_over(run):
    return lambda: Run.objects.get(pk=run.pk).status not in ("queued", "running")


def decided(run):
    return run.grades.filter(is_check=True, status="graded").count()


def tries(run):
    return RunAnswer.objects.get(run=run).check_tries


def test_each_queue_has_its_own_worker(workers, scripted_judge):
    team = make_team()
    check = {"kind": "contains", "values": ["aspirin"]}
    question = make_rubric(team, "Says when.", {"text": "Names aspirin.", "check": check})
    make_answers(question, *(f"Chew aspirin {number}." for number in range(5)))
    run = make_run(question, make_judge(team, scripted_judge))

    with workers.start(concurrency=1, queues="cpu"):
        wait_until(lambda: decided(run) == 5, 30, workers.log)
        assert statuses(run) == {"graded": 5, "pending": 5}
        assert not is_over(run)()
    with workers.start(concurrency=1, queues="celery"):
        wait_until(is_over(run), 30, workers.log)

    run.refresh_from_db()
    assert (run.status, run.calls, statuses(run)) == (Run.Status.DONE, 5, {"graded": 10})


def test_a_worker_killed_in_mid_check_loses_none(workers):
    run = make_run(make_slow())

    with workers.start(concurrency=1) as worker:
        wait_until(lambda: decided(run) > 0, 60, workers.log)
        worker.kill_child()
        wait_until(lambda: tries(run) == 2, 60, workers.log)
        worker.kill()
    first = dict(run.grades.filter(status="graded").values_list("pk", "graded_at"))
    with workers.start(concurrency=1):
        workers.sweep_until(is_over(run), 90)

    run.refresh_from_db()
    assert (run.status, statuses(run)) == (Run.Status.DONE, {"graded": 6})
    after = dict(run.grades.values_list("pk", "graded_at"))
    assert {pk: after[pk] for pk in first} == first


def test_a_check_that_ends_every_worker_is_quarantined(workers):
    run = make_run(make_slow())

    with workers.start(concurrency=1) as worker:
        for number in (1, 2, 3):
            wait_until(lambda n=number: tries(run) == n, 60, workers.log)
            worker.kill_child()
        workers.sweep_until(is_over(run), 60)

    run.refresh_from_db()
    assert run.status == Run.Status.INCOMPLETE
    lost = run.grades.filter(status="failed")
    assert {it.error_code for it in lost} == {"lost_worker"}
    assert all(it.value is None for it in lost)


def test_a_cancelled_run_keeps_no_worker_busy(workers):
    run = make_run(make_slow(checks=20))

    with workers.start(concurrency=1):
        wait_until(lambda: decided(run) > 0, 60, workers.log)
        cancel_run(run, None)
        before = statuses(run)
        assert set(before) == {"graded", "cancelled"}
        # The worker is free for the next one at once.
        other = make_run(make_slow(checks=1))
        wait_until(is_over(other), 60, workers.log)

    assert statuses(run) == before


def test_a_worker_that_is_told_to_stop_gives_the_rest_back(workers):
    run = make_run(make_slow(checks=20))

    with workers.start(concurrency=1) as worker:
        wait_until(lambda: decided(run) > 0, 60, workers.log)
        worker.terminate()
    assert tries(run) == 0
    assert statuses(run)["pending"] > 0
    with workers.start(concurrency=1):
        workers.sweep_until(is_over(run), 90)

    assert statuses(run) == {"graded": 20}


def test_checks_whose_messages_were_lost_are_found(workers):
    question = make_rubric(
        make_team(), {"text": "Is short.", "check": {"kind": "length", "at_most": 9}}
    )
    make_answers(question, "Wait.")
    run = make_run(question)
    workers.broker.kill()
    workers.broker.start()

    with workers.start(concurrency=1):
        workers.sweep_until(is_over(run), 40)

    run.refresh_from_db()
    assert run.status == Run.Status.DONE


EVIL_SCHEMA = {
    "$defs": {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 8} for n in range(12)}
    | {"d12": {"type": "string"}},
    "$ref": "#/$defs/d0",
}
EVIL = [
    {"kind": "regex", "pattern": "(a|a?)+" * 20},
    {"kind": "regex", "pattern": "(?:a{1,100}){1,10}"},
    {"kind": "maths", "answers": ["9**9**9**9"]},
    {"kind": "maths", "answers": ["10^(10^(10^10))"]},
    {"kind": "maths", "answers": ["+".join(["x"] * 2000)]},
    {"kind": "json", "schema": EVIL_SCHEMA},
    {"kind": "json", "schema": {"$ref": "#"}},
    {"kind": "json", "schema": {"pattern": "^(a+)+$"}},
]


def test_s6_a_check_that_burns_ends_as_failed_and_the_others_go_on(workers):
    """Written past every form: what a rubric of an older version may hold."""
    question = make_rubric(
        make_team(),
        *({"text": f"Evil {number}."} for number in range(len(EVIL))),
        {"text": "Names aspirin.", "check": {"kind": "contains", "values": ["aspirin"]}},
    )
    for number, spec in enumerate(EVIL):
        question.criteria.filter(text=f"Evil {number}.").update(check_spec=spec)
    make_answers(question, 'aspirin {"a": "' + "a" * 20_000 + '!"} 9**9**9**9', "aspirin 3")
    run = make_run(question)

    with workers.start(concurrency=1) as worker:
        wait_until(is_over(run), 150, workers.log)
        assert len(worker.children()) == 1

    good = question.criteria.get(text="Names aspirin.").key
    assert set(run.grades.filter(criterion_key=good).values_list("value", flat=True)) == {1.0}
    for it in run.grades.exclude(criterion_key=good):
        assert it.status in ("graded", "failed")
        assert (it.value is None) == (it.status == "failed")
        assert it.error if it.status == "failed" else it.reason
    assert not RunAnswer.objects.filter(run=run, check_tries__gt=0).exists()
