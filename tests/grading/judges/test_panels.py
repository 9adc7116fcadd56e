from collections import defaultdict
from decimal import Decimal

import pytest

from rubric_studio.grading.judges.editing import JudgeGone, delete_judge, endpoint_of, judges_for
from rubric_studio.grading.models import Grade, Run
from rubric_studio.grading.runs.finishing import finish_answers
from rubric_studio.grading.runs.progress import progress_of
from rubric_studio.grading.runs.starting import cancel_run
from rubric_studio.grading.runs.sweeping import sweep_runs
from rubric_studio.grading.scores import scores_of
from rubric_studio.grading.tasks import check_answer
from tests.cast import author_of, make_collection, make_rubric, make_team
from tests.grading.judges.panels import panel_of
from tests.grading_cast import (
    import_rubric,
    make_answers,
    make_run,
    parts_of,
    statuses,
    work,
    work_panel,
)
from tests.scripted_judge import JudgeProcess
from tests.worker import wait_until


@pytest.fixture
def question(team):
    return make_rubric(team, "Explains the risks", {"text": "Invents a study", "points": -4})


@pytest.fixture
def answers(question):
    return make_answers(question, "Call an ambulance now.", "Wait and see.")


def test_a_panel_judges_with_every_judge_and_keeps_the_majority(question, answers, panel, scripted):
    scripted[2].answer_with(lambda criterion, answer: "unmet")
    run = make_run(question, panel)
    assert [str(it.judge) for it in parts_of(run)] == ["Ada", "Ben", "Cyd"]
    run = work_panel(run)
    assert (run.status, run.calls, statuses(run)) == (Run.Status.DONE, 12, {"graded": 4})
    assert set(run.grades.values_list("value", flat=True)) == {1.0}
    grade = run.grades.first()
    assert grade.reason.startswith("2 of 3 judges: met. Ada: ")
    assert [it.score.score for it in scores_of(run)] == [pytest.approx(1 / 5)] * 2


def test_a_split_panel_has_no_verdict_and_its_scores_are_intervals(
    question, answers, team, scripted
):
    scripted[1].answer_with(lambda criterion, answer: "unmet")
    run = work_panel(make_run(question, panel_of(team, *scripted[:2])))
    assert (run.status, statuses(run)) == (Run.Status.INCOMPLETE, {"cannot_assess": 4})
    assert all(it.score.score is None and it.score.low < it.score.high for it in scores_of(run))
    assert set(run.grades.values_list("reason", flat=True)) == {
        "The judges disagree: 1 met, 1 not met."
    }


def test_an_answer_is_decided_when_every_judge_is_through_with_it(question, answers, panel):
    run = make_run(question, panel)
    first, *others = parts_of(run)
    work(first)
    run.refresh_from_db()
    assert (run.status, statuses(run)) == (Run.Status.RUNNING, {"pending": 4})
    for it in others:
        work(it)
    run.refresh_from_db()
    assert run.status == Run.Status.DONE


def test_workers_never_ask_a_panel_itself(question, answers, panel):
    run = work(make_run(question, panel))
    assert statuses(run) == {"pending": 4}


def test_the_sweeper_folds_what_a_lost_worker_left(question, answers, panel):
    run = make_run(question, panel)
    for part in parts_of(run):
        cells = Grade.objects.filter(run=part)
        cells.update(status="graded", value=1.0)
        part.run_answers.update(finished_at=part.created_at)
        Run.objects.filter(pk=part.pk).update(status=Run.Status.DONE)
    sweep_runs()
    run.refresh_from_db()
    assert (run.status, statuses(run)) == (Run.Status.DONE, {"graded": 4})
    sweep_runs()
    assert statuses(run) == {"graded": 4}


def test_a_panel_whose_judges_know_everything_makes_no_call(question, answers, panel, scripted):
    work_panel(make_run(question, panel))
    again = make_run(question, panel)
    assert (again.status, progress_of(again).reused) == (Run.Status.DONE, 4)
    assert [it.stats()["calls"] for it in scripted] == [4, 4, 4]


def test_no_panels_verdict_is_copied_as_a_judges(question, answers, panel, scripted):
    work_panel(make_run(question, panel))
    copied = Grade.objects.filter(run__panel__isnull=False).first().fingerprint
    assert len(copied) == 64
    assert not Grade.objects.filter(run__panel=None, fingerprint=copied).exists()


def check(run):
    """What the workers of programs do with the run's answers."""
    for pk in run.run_answers.values_list("pk", flat=True):
        check_answer(pk)


def test_programs_decide_once_in_the_panels_own_run(team, panel):
    contains = {"kind": "contains", "values": ["ambulance"], "match": "any"}
    question = make_rubric(team, "Explains the risks", {"text": "Calls", "check": contains})
    make_answers(question, "Call an ambulance now.", "Wait.")
    run = make_run(question, panel)
    assert not Grade.objects.filter(run__panel=run, is_check=True).exists()
    check(run)
    run.refresh_from_db()
    assert (run.status, statuses(run)) == (Run.Status.RUNNING, {"pending": 2, "graded": 2})
    assert sorted(run.grades.filter(is_check=True).values_list("value", flat=True)) == [0, 1]
    run = work_panel(run)
    assert (run.status, statuses(run), run.calls) == (Run.Status.DONE, {"graded": 4}, 6)


def test_a_panel_without_anything_to_judge_is_done_with_its_programs(team, panel):
    contains = {"kind": "contains", "values": ["ambulance"], "match": "any"}
    question = make_rubric(team, {"text": "Calls", "check": contains})
    make_answers(question, "Call an ambulance now.")
    run = make_run(question, panel)
    check(run)
    run.refresh_from_db()
    assert (run.status, run.calls) == (Run.Status.DONE, 0)
    assert {it.status for it in parts_of(run)} == {Run.Status.DONE}


def test_money_spent_after_the_end_is_still_counted(question, answers, panel):
    run = make_run(question, panel)
    cancel_run(run, None)
    part = parts_of(run)[0]
    Run.objects.filter(pk=part.pk).update(calls=2, cost=Decimal("0.5"))
    finish_answers(part.pk)
    run.refresh_from_db()
    assert (run.status, run.calls, run.cost) == (Run.Status.CANCELLED, 2, Decimal("0.5"))


def test_a_panel_stands_after_the_judges_it_is_made_of_and_can_be_taken_out(team, alice, panel):
    assert [str(it) for it in judges_for(team)] == ["Ada", "Ben", "Cyd", "Panel"]
    delete_judge(panel, alice)
    assert [str(it) for it in judges_for(team)] == ["Ada", "Ben", "Cyd"]


def test_a_panel_has_no_endpoint_to_test(panel):
    with pytest.raises(JudgeGone, match="Test each of its judges"):
        endpoint_of(panel)


@pytest.mark.slow
def test_a_killed_worker_and_a_judge_that_fails_one_in_five_lose_no_cell_of_a_panel(workers):
    team = make_team()
    failing = [{"kind": "bad_request", "probability": 0.2}]
    with (
        JudgeProcess(delay=0.05, rule="met") as one,
        JudgeProcess(delay=0.05) as two,
        JudgeProcess(delay=0.05, faults=failing) as three,
    ):
        panel = panel_of(team, one, two, three, concurrency=4)
        question = import_rubric(make_collection(team), author_of(team), 12)
        make_answers(question, *(f"Answer number {number}." for number in range(6)))
        run = make_run(question, panel)
        parts = Grade.objects.filter(run__panel=run)
        with workers.start() as worker:
            wait_until(lambda: parts.exclude(status="pending").count() > 40, 30, workers.log)
            worker.kill_child()
            wait_until(lambda: parts.exclude(status="pending").count() > 90, 30, workers.log)
            worker.kill()
        with workers.start():
            over = (Run.Status.DONE, Run.Status.INCOMPLETE)
            workers.sweep_until(lambda: Run.objects.get(pk=run.pk).status in over, 60)
    run.refresh_from_db()
    assert {it.status for it in parts_of(run)} <= set(over)
    assert parts.filter(status="failed").exists()
    assert set(statuses(run)) <= {"graded", "failed"}
    assert sum(statuses(run).values()) == 72
    assert_only_majorities(run, parts)
    assert run.calls == sum(it.calls for it in parts_of(run))


def assert_only_majorities(run, parts):
    said = defaultdict(list)
    for answer, key, value in parts.values_list("run_answer__answer", "criterion_key", "value"):
        said[answer, key].append(value)
    rows = run.grades.values_list("run_answer__answer", "criterion_key", "status", "value")
    for answer, key, status, value in rows:
        votes_cast = said[answer, key]
        assert len(votes_cast) == 3
        if status == "graded":
            assert votes_cast.count(value) >= 2
        else:
            assert max(votes_cast.count(0.0), votes_cast.count(1.0)) < 2
