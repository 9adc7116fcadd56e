"""A judge that does not answer is left alone, tried again with one call, and given up with a reason
that can be resumed from."""

import time

import pytest

from rubric_studio.grading.judges.resting import resting_sentence, try_now
from rubric_studio.grading.models import Judge, Run
from rubric_studio.grading.runs.starting import resume_run
from rubric_studio.grading.runs.sweeping import sweep_runs
from rubric_studio.grading.scores import scores_of
from tests.cast import author_of, make_collection
from tests.grading_cast import import_rubric, make_answers, make_run, statuses, work

# Rests are told by the database's clock, which stands still within a transaction.
pytestmark = pytest.mark.django_db(transaction=True)

CRITERIA = 12


@pytest.fixture
def question(team):
    question = import_rubric(make_collection(team), author_of(team), CRITERIA)
    make_answers(question, "Call an ambulance now.", "Wait and see.")
    return question


@pytest.fixture
def long_rests(settings):
    settings.GRADING_RESTS = [60, 60, 60]


@pytest.fixture
def short_rests(settings):
    settings.GRADING_RESTS = [0.2, 0.2, 60]


def turn(run):
    """One worker's turn at the run; how many calls it made."""
    from rubric_studio.grading.tasks import grade_answer

    before = run.calls
    grade_answer(run.run_answers.filter(finished_at=None).first().pk)
    run.refresh_from_db()
    return run.calls - before


def test_a_dead_judge_is_asked_a_few_times_and_then_left_alone(
    question, judge, scripted_judge, long_rests
):
    scripted_judge.script({"kind": "server_error"})
    run = make_run(question, judge)
    assert 5 * 4 <= turn(run) <= 16 * 4
    assert statuses(run) == {"pending": 2 * CRITERIA}
    assert run.is_live
    judge.refresh_from_db()
    assert judge.failing_trips == 1
    assert "trouble of its own" in judge.failing_reason
    assert "Not answering since" in resting_sentence(judge)
    assert "Next try in 60 s." in resting_sentence(judge)
    calls = scripted_judge.stats()["calls"]
    work(run)
    again = work(make_run(question, judge))
    assert statuses(again) == {"pending": 2 * CRITERIA}
    assert scripted_judge.stats()["calls"] == calls
    assert set(run.run_answers.values_list("losses", flat=True)) == {0}
    assert set(run.grades.values_list("attempts", flat=True)) == {0}


def test_after_a_rest_one_call_finds_out_and_success_goes_on_as_if_nothing_was(
    question, judge, scripted_judge, short_rests
):
    scripted_judge.script({"kind": "server_error"})
    run = make_run(question, judge)
    turn(run)
    time.sleep(1.3)
    assert turn(run) == 1
    scripted_judge.script()
    time.sleep(1.3)
    run = work(run)
    assert (run.status, statuses(run)) == (Run.Status.DONE, {"graded": 2 * CRITERIA})
    judge.refresh_from_db()
    assert (judge.failing_since, judge.failing_trips, judge.resting_until) == (None, 0, None)
    assert resting_sentence(judge) == ""


def test_after_the_third_trip_what_waits_fails_with_the_reason_and_can_be_resumed(
    question, judge, scripted_judge, short_rests
):
    scripted_judge.script({"kind": "server_error"})
    run, other = make_run(question, judge), make_run(question, judge)
    turn(run)
    for _ in range(2):
        time.sleep(1.3)
        assert turn(run) == 1
    other.refresh_from_db()
    for it in (run, other):
        assert (it.status, statuses(it)) == (Run.Status.INCOMPLETE, {"failed": 2 * CRITERIA})
        failed = it.grades.first()
        assert failed.error_code == "judge_failing"
        assert failed.error.startswith("The judge has been failing since ")
        assert failed.value is None
    assert {it.score.value for it in scores_of(run)} == {None}
    scripted_judge.script()
    run = work(resume_run(run, None))
    assert run.status == Run.Status.DONE


def test_whoever_waits_for_the_rest_goes_on_as_soon_as_the_judge_answers(
    question, judge, scripted_judge, settings, long_rests
):
    scripted_judge.script({"kind": "server_error"})
    run, other = make_run(question, judge), make_run(question, judge)
    turn(run)
    turn(other)
    assert other.run_answers.filter(next_attempt_at__isnull=False).exists()
    scripted_judge.script()
    try_now(Judge.objects.get(pk=judge.pk))
    work(run)
    assert run.run_answers.filter(finished_at=None).count() == 0
    assert not other.run_answers.filter(next_attempt_at__isnull=False).exists()
    assert work(other).status == Run.Status.DONE


def test_an_answer_that_the_judge_stumbles_over_is_no_reason_to_rest(
    question, judge, scripted_judge, long_rests
):
    make_answers(question, *(f"Answer {number}." for number in range(5)))
    scripted_judge.script({"kind": "server_error", "answer": "ambulance"})
    run = work(make_run(question, judge))
    # Of the last ones it was not clear whose trouble it is: they have one attempt left.
    run.run_answers.update(next_attempt_at=None)
    run = work(run)
    assert statuses(run) == {"graded": 6 * CRITERIA, "failed": CRITERIA}
    assert set(run.grades.filter(status="failed").values_list("error_code", flat=True)) == {
        "server_error"
    }
    judge.refresh_from_db()
    assert judge.failing_since is None


def test_nothing_is_sent_to_workers_while_the_judge_rests(
    question, judge, scripted_judge, long_rests
):
    scripted_judge.script({"kind": "server_error"})
    run = make_run(question, judge)
    turn(run)
    run.run_answers.update(enqueued_at=None, next_attempt_at=None)
    sweep_runs()
    assert set(run.run_answers.values_list("enqueued_at", flat=True)) == {None}


def test_j7_attempts_count_from_one_turn_to_the_next(question, judge, scripted_judge, settings):
    """A judge slower than a worker's turn is not asked about one cell for ever."""
    scripted_judge.script({"kind": "overloaded", "seconds": 2, "criterion": "thing 3."})
    settings.GRADING_TURN_SECONDS = 1
    run = make_run(question, judge)
    for _ in range(12):
        run = work(run)
        if not run.is_live:
            break
    assert statuses(run) == {"graded": 2 * (CRITERIA - 1), "failed": 2}
    assert {it["calls"] for it in scripted_judge.cells() if "thing 3." in it["criterion"]} == {4}
    assert set(run.grades.filter(status="failed").values_list("attempts", flat=True)) == {4}
