"""Answers that one worker takes together, and those that it must take alone."""

import pytest

from rubric_studio.grading.models import Grade, RunAnswer
from rubric_studio.grading.working import leases
from rubric_studio.grading.working.recording import Batch, record
from tests.cast import make_rubric
from tests.grading_cast import make_answers, make_run

PLENTY = 1000


@pytest.fixture
def run(team, judge):
    """Ten answers of two cells each."""
    question = make_rubric(team, "Names the danger", "Says when to call")
    make_answers(question, *(f"Answer {number}." for number in range(10)))
    return make_run(question, judge)


@pytest.fixture
def ids(run):
    return list(run.run_answers.order_by("ordinal").values_list("pk", flat=True))


def test_a_worker_takes_the_next_free_answers_too_but_leaves_two_thirds(run, ids):
    lease = leases.take(ids[3], cells=PLENTY)
    assert lease.ids == [ids[3], ids[0], ids[1], ids[2]]
    assert leases.take(ids[0]) is None
    other = leases.take(ids[4], cells=PLENTY)
    assert other.ids == [ids[4], ids[5]]


def test_a_worker_takes_no_more_than_it_has_calls_for(run, ids):
    assert len(leases.take(ids[0], cells=4).ids) == 3
    assert len(leases.take(ids[5], cells=1).ids) == 1


def test_answers_without_waiting_cells_are_left(run, ids):
    Grade.objects.filter(run_answer__in=ids[1:3]).update(status="failed")
    assert leases.take(ids[0], cells=4).ids == [ids[0], ids[3], ids[4]]


def test_an_answer_that_lost_its_worker_is_taken_alone(run, ids):
    RunAnswer.objects.filter(pk=ids[1]).update(losses=1)
    assert leases.take(ids[0], cells=4).ids == [ids[0], ids[2], ids[3]]
    assert leases.take(ids[1], cells=PLENTY).ids == [ids[1]]


def test_nothing_is_written_once_a_part_of_the_lease_was_broken(run, ids):
    lease = leases.take(ids[0], cells=4)
    assert leases.renew(lease)
    RunAnswer.objects.filter(pk=ids[2]).update(leased_until=None)
    assert not leases.renew(lease)
    grade = Grade.objects.filter(run_answer=ids[0]).first()
    batch = Batch(grades=[{"id": grade.pk, "status": "graded", "value": 1.0, "place": None}])
    assert not record(lease, batch)
    grade.refresh_from_db()
    assert grade.status == "pending"
    assert not leases.give_back(lease)
    assert not RunAnswer.objects.filter(leased_until__isnull=False).exists()


def test_what_another_worker_took_meanwhile_is_neither_held_nor_given_back(run, ids):
    lease = leases.take(ids[0])
    RunAnswer.objects.filter(pk=ids[0]).update(leased_until=None)
    thief = leases.take(ids[0])
    assert not leases.renew(lease)
    assert not leases.give_back(lease)
    assert leases.renew(thief)


def test_a_message_for_an_answer_that_is_taken_is_spent_on_the_next_free_one(run, ids):
    assert leases.take(ids[0], cells=4).ids == ids[:3]
    assert leases.take(ids[1], cells=4).ids[0] == ids[3]


def test_a_message_for_an_answer_that_is_taken_is_spent_on_nothing_while_another_run_waits(
    run, ids, judge
):
    assert leases.take(ids[0], cells=4).ids == ids[:3]
    other = make_run(run.question, judge)
    assert leases.take(ids[1], cells=4) is None
    other.run_answers.update(next_attempt_at="2099-01-01T00:00Z")
    assert leases.take(ids[1], cells=4).ids[0] == ids[3]


def test_an_answer_that_waits_or_lost_its_worker_takes_no_others_place(run, ids):
    run.run_answers.filter(pk__in=ids[1:5]).update(next_attempt_at="2020-01-01T00:00Z")
    run.run_answers.filter(pk__in=ids[5:]).update(losses=1)
    assert leases.take(ids[0], cells=1).ids == [ids[0]]
    assert leases.take(ids[0], cells=1) is None
