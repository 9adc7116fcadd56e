"""Criteria that programs decide, in runs."""

import pytest

from rubric_studio.grading.labels import set_label
from rubric_studio.grading.models import Run, RunAnswer, Status
from rubric_studio.grading.runs.starting import RunRefused, cancel_run, forecast, resume_run
from rubric_studio.grading.runs.sweeping import sweep_runs
from rubric_studio.grading.scores import scores_of
from rubric_studio.grading.tasks import check_answer
from rubric_studio.grading.working.checking import MOST_TRIES
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.editing import edit_criterion
from tests.cast import make_rubric
from tests.grading_cast import make_answers, make_judge, make_run, statuses, work

ASPIRIN = {"kind": "contains", "values": ["aspirin"]}
SHORT = {"kind": "length", "unit": "words", "at_most": 3}


@pytest.fixture
def question(team):
    """One criterion for a judge, two for programs."""
    return make_rubric(
        team,
        "Says when to call.",
        {"text": "Names aspirin.", "check": ASPIRIN},
        {"text": "Is short.", "check": SHORT},
    )


def check(run):
    """Take a worker's turn at the checks of each of the run's answers."""
    for pk in run.run_answers.values_list("pk", flat=True):
        check_answer(pk)
    run.refresh_from_db()
    return run


def values(run):
    """Criterion's text to value, of the run's first answer."""
    from rubric_studio.grading.runs.starting import document_of

    texts = {it.key: it.text for it in document_of(run).criteria}
    rows = run.grades.filter(is_check=True).values_list("criterion_key", "value")
    return {texts[key]: value for key, value in rows}


def test_judge_and_programs_each_decide_their_own(question, judge, scripted_judge):
    make_answers(question, "Chew an Aspirin.")

    run = check(make_run(question, judge))

    assert statuses(run) == {"graded": 2, "pending": 1}
    assert values(run) == {"Names aspirin.": 1.0, "Is short.": 1.0}
    assert run.status == Run.Status.RUNNING

    run = work(run)
    assert statuses(run) == {"graded": 3}
    assert (run.status, run.calls) == (Run.Status.DONE, 1)


def test_what_a_program_decided_is_copied_whoever_the_judge_is(
    question, judge, scripted_judge, alice
):
    make_answers(question, "Chew an aspirin.", "Wait.")
    work(check(make_run(question, judge)))
    other = make_judge(judge.team, scripted_judge, name="Other", temperature=0.7)

    run = make_run(question, other)

    assert statuses(run) == {"graded": 4, "pending": 2}
    assert run.grades.filter(is_check=True, reused=True).count() == 4
    criterion = question.criteria.get(text="Names aspirin.")
    edit_criterion(criterion, alice, None, check={"kind": "contains", "values": ["wait"]})
    again = make_run(question, other)
    assert again.grades.filter(is_check=True, status="pending").count() == 2
    assert values(check(again))["Names aspirin."] in (0.0, 1.0)


def test_repeats_are_for_judges_alone(question, judge):
    make_answers(question, "Chew an aspirin.")

    run = make_run(question, judge, repeats=3)

    assert run.grades.filter(is_check=False).count() == 3
    assert run.grades.filter(is_check=True).count() == 2
    run = work(check(run))
    assert (run.status, run.calls) == (Run.Status.DONE, 3)
    assert [it.score.value is not None for it in scores_of(run)] == [True]


def test_the_forecast_counts_what_programs_decide_apart(question, judge):
    make_answers(question, "Chew an aspirin.", "Wait.")

    ahead = forecast(question, judge=judge, version=None)

    assert (ahead.cells, ahead.known, ahead.checks, ahead.to_judge) == (6, 0, 4, 2)
    check(make_run(question, judge))
    ahead = forecast(question, judge=judge, version=None)
    assert (ahead.known, ahead.checks, ahead.to_judge) == (4, 0, 2)


def test_programs_decide_their_criteria_in_a_run_by_labels_too(question, alice):
    [answer] = make_answers(question, "Chew an aspirin.")
    keys = {it.text: it.key for it in draft_document(question).criteria}
    set_label(answer, keys["Says when to call."], alice, verdict="unmet")
    set_label(answer, keys["Names aspirin."], alice, verdict="unmet")

    run = check(make_run(question))

    assert (run.status, statuses(run)) == (Run.Status.DONE, {"graded": 3})
    assert values(run) == {"Names aspirin.": 1.0, "Is short.": 1.0}
    assert run.grades.get(criterion_key=keys["Says when to call."]).value == 0.0


def test_a_rubric_of_checks_alone_needs_no_judge(team):
    question = make_rubric(team, {"text": "Names aspirin.", "check": ASPIRIN})
    make_answers(question, "Chew an aspirin.", "Wait.")

    run = check(make_run(question))

    assert (run.status, run.calls) == (Run.Status.DONE, 0)
    assert [it.score.value for it in scores_of(run)] == [1, 0]


def test_the_first_verdict_stands_and_a_second_turn_changes_nothing(question, judge):
    make_answers(question, "Chew an aspirin.")
    run = check(make_run(question, judge))
    before = list(run.grades.order_by("pk").values())

    check(run)

    assert list(run.grades.order_by("pk").values()) == before
    assert run.run_answers.get().check_tries == 0


def test_a_dead_judge_costs_no_check_its_verdict(question, judge, scripted_judge):
    make_answers(question, "Chew an aspirin.")
    scripted_judge.script({"kind": "unauthorized"})
    run = work(make_run(question, judge))
    assert statuses(run) == {"failed": 1, "pending": 2}

    run = check(run)

    assert (run.status, statuses(run)) == (Run.Status.INCOMPLETE, {"failed": 1, "graded": 2})


def test_cancelled_checks_stay_so_and_a_resumed_run_decides_them(question, judge, alice):
    make_answers(question, "Chew an aspirin.")
    run = make_run(question, judge)
    cancel_run(run, alice)
    assert statuses(check(run)) == {"cancelled": 3}

    run = work(check(resume_run(run, alice)))

    assert (run.status, statuses(run)) == (Run.Status.DONE, {"graded": 3})


def test_a_run_by_labels_is_resumed_for_its_checks_alone(question, alice):
    make_answers(question, "Chew an aspirin.")
    run = make_run(question)
    cancel_run(run, alice)
    assert statuses(run) == {"cancelled": 2, "failed": 1}

    run = check(resume_run(run, alice))

    assert (run.status, statuses(run)) == (Run.Status.INCOMPLETE, {"graded": 2, "failed": 1})
    with pytest.raises(RunRefused, match="experts' labels"):
        resume_run(run, alice)


def test_a_check_that_ended_its_worker_three_times_is_given_up(question, judge):
    make_answers(question, "Chew an aspirin.", "Wait.")
    run = make_run(question, judge)
    poisoned = run.run_answers.first()
    RunAnswer.objects.filter(pk=poisoned.pk).update(check_tries=MOST_TRIES, checks_enqueued_at=None)

    # A fourth message, late: it begins nothing.
    check_answer(poisoned.pk)
    assert poisoned.grades.filter(is_check=True, status="pending").count() == 2
    sweep_runs()

    lost = poisoned.grades.filter(is_check=True)
    assert {it.error_code for it in lost} == {"lost_worker"}
    assert {it.status for it in lost} == {Status.FAILED}
    assert poisoned.grades.get(is_check=False).status == Status.PENDING
    assert statuses(work(check(run))) == {"graded": 4, "failed": 2}


def test_a_check_that_can_not_be_run_fails_with_its_reason(question, judge):
    make_answers(question, "Chew an aspirin.")
    question.criteria.filter(text="Is short.").update(check_spec={"kind": "sorcery"})

    run = check(make_run(question, judge))

    cell = run.grades.get(is_check=True, status="failed")
    assert (cell.error_code, cell.value) == ("bad_spec", None)
    assert "Choose a kind of check" in cell.error


def test_scores_by_labels_take_what_programs_decided(question, judge, alice):
    [answer] = make_answers(question, "Chew an aspirin.")
    keys = {it.text: it.key for it in draft_document(question).criteria}
    set_label(answer, keys["Says when to call."], alice, verdict="unmet")
    run = work(check(make_run(question, judge)))

    [scored] = scores_of(run, verdicts_from="labels")

    assert scored.score.value == pytest.approx(2 / 3)


def test_a_program_adds_no_noise_to_a_score(question, judge, scripted_judge):
    make_answers(question, "Chew an aspirin.")
    said = iter([1, 0, 1])
    scripted_judge.answer_with(lambda criterion, answer: "met" if next(said) else "unmet")
    run = work(check(make_run(question, judge, repeats=3)))

    from rubric_studio.steering.report import report_of

    [sample] = report_of(run).order.samples
    # The judge's verdict moves a third of the points: σ of 1, 0, 1 is √(1/3).
    assert sample.noise == pytest.approx((1 / 3) ** 0.5 / 3)
