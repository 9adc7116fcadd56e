"""Whoever writes rows of a run never waits for somebody who waits for them.

Each pair is brought to the point where either holds something: the one who cancels or resumes stops
at a grade that a third one holds, the worker goes as far as it can, then the grade is let go.
PostgreSQL ends one of two that wait for each other, which is raised in its thread.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils.timezone import now

from rubric_studio.grading.judges.panels import make_panel
from rubric_studio.grading.models import Grade, Run, RunAnswer
from rubric_studio.grading.runs.finishing import finish_answers
from rubric_studio.grading.runs.starting import cancel_run, resume_run
from rubric_studio.grading.runs.sweeping import sweep_runs
from rubric_studio.grading.working import leases
from rubric_studio.grading.working.money import release_reserved
from rubric_studio.grading.working.recording import Batch, fail_waiting, record
from tests.cast import author_of, make_rubric
from tests.grading_cast import make_answers, make_judge, make_run, parts_of
from tests.worker import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

VERDICT = {
    "status": "graded", "value": 1.0, "level": "", "reason": "", "quotes": [], "error_code": "",
    "error": "", "attempts": 1, "prompt_tokens": 0, "completion_tokens": 0, "cost": "0",
    "seconds": 0.1, "place": None,
}  # fmt: skip


@pytest.fixture
def question(team):
    question = make_rubric(team, "Names the danger")
    make_answers(question, "Call.", "Wait.")
    return question


@pytest.fixture
def run(question, judge):
    return make_run(question, judge)


@pytest.fixture
def lease(run):
    lease = taken(run)
    RunAnswer.objects.filter(pk=lease.ids[0]).update(reserved=Decimal(1))
    Run.objects.filter(pk=run.pk).update(reserved=Decimal(1))
    return lease


def taken(run):
    """The run's first answer, as a worker takes it."""
    return leases.take(run.run_answers.order_by("ordinal").first().pk)


def write_verdict(lease, sent=1):
    grade = Grade.objects.get(run_answer=lease.ids[0])
    assert record(lease, Batch(grades=[{"id": grade.pk, **VERDICT}], sent=sent)) is not None


def break_lease(lease):
    RunAnswer.objects.filter(pk=lease.ids[0]).update(leased_until=now() - timedelta(seconds=1))
    sweep_runs()


def of_its_own(work):
    """For another thread: a connection of its own, closed at the end."""

    def working():
        try:
            return work()
        finally:
            connection.close()

    return working


@contextmanager
def held_back(run):
    """Nobody else writes the grade of the run's first answer."""
    with transaction.atomic():
        first = run.run_answers.order_by("ordinal").first()
        Grade.objects.select_for_update().get(run_answer=first)
        yield


def waiting():
    """How many connections wait for somebody else's row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0]


def both(run, first, second):
    """`first` up to the held grade, then `second` as far as it comes, then both to their ends."""
    with ThreadPoolExecutor(2) as pool:
        with held_back(run):
            one = pool.submit(of_its_own(first))
            wait_until(lambda: waiting() == 1, 10)
            other = pool.submit(of_its_own(second))
            deadline = time.monotonic() + 10
            while waiting() < 2 and not other.done() and time.monotonic() < deadline:
                time.sleep(0.02)
        return one.result(timeout=20), other.result(timeout=20)


WRITERS = {
    "gives money back": release_reserved,
    "writes what was paid for": write_verdict,
    "writes what no call was made for": lambda lease: write_verdict(lease, sent=0),
    "gives the lease back": leases.give_back,
    "holds the lease": leases.renew,
    "gives up": lambda lease: fail_waiting(lease.ids, "rate_limited", "No room."),
    "closes answers": lambda lease: finish_answers(lease.run_id),
    "breaks the lease": break_lease,
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_cancelling_and_a_worker_never_wait_for_each_other(run, lease, write):
    both(run, lambda: cancel_run(run, None), lambda: write(lease))
    run.refresh_from_db()
    assert run.status == Run.Status.CANCELLED
    assert not run.run_answers.filter(finished_at=None).exists()
    assert not run.grades.filter(status="pending").exists()


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_resuming_and_a_worker_never_wait_for_each_other(run, lease, write):
    cancel_run(run, None)
    both(run, lambda: resume_run(run, None), lambda: write(lease))
    run.refresh_from_db()
    assert run.status in (Run.Status.QUEUED, Run.Status.RUNNING)


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_cancelling_a_panel_and_a_members_worker_never_wait_for_each_other(
    question, team, judge, scripted_judge, write
):
    judges = [judge, make_judge(team, scripted_judge, name="Other")]
    run = make_run(question, make_panel(team, author_of(team), name="Both", members=judges))
    part = parts_of(run)[0]
    lease = taken(part)
    both(part, lambda: cancel_run(run, None), lambda: write(lease))
    assert {it.status for it in parts_of(run)} == {Run.Status.CANCELLED}
    assert not Grade.objects.filter(run__panel=run, status="pending").exists()
