import pytest

from rubric_studio.grading.answers.editing import delete_answer, edit_answer
from rubric_studio.grading.labels import set_label
from rubric_studio.grading.models import Grade, Run
from rubric_studio.grading.runs.progress import progress_of
from rubric_studio.grading.runs.starting import (
    RunRefused,
    document_of,
    forecast,
    resume_run,
)
from rubric_studio.grading.scores import scores_of, verdicts_of
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.editing import edit_criterion
from tests.cast import make_rubric, make_version
from tests.grading_cast import make_answers, make_run, statuses, work


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


def scores(run, **options):
    return [it.score and it.score.score for it in scores_of(run, **options)]


def test_a_run_judges_every_cell_and_scores_its_answers(question, answers, judge, scripted_judge):
    scripted_judge.answer_with(
        lambda criterion, answer: "met" if "risks" in criterion.text else "unmet"
    )
    run = work(make_run(question, judge))
    assert (run.status, run.calls) == (Run.Status.DONE, 6)
    assert scores(run) == [5 / 8, 5 / 8]
    assert scripted_judge.stats()["calls"] == 6
    progress = progress_of(run)
    assert (progress.total, progress.graded, progress.reused, progress.pending) == (6, 6, 0, 0)


def test_a_run_pins_the_document_and_the_answers_as_they_were(
    question, answers, judge, alice, scripted_judge
):
    run = make_run(question, judge)
    criterion = question.criteria.first()
    edit_criterion(criterion, alice, based_on=criterion.revision, text="Something else")
    edit_answer(answers[0], alice, text="Another text.")
    work(run)
    assert document_of(run).criteria[0].text == "Explains the risks"
    assert {cell["answer"] for cell in scripted_judge.cells()} == {
        "Call an ambulance now.",
        "Wait and see.",
    }


def test_only_what_changed_is_judged_again_and_copies_say_so(
    question, answers, judge, alice, scripted_judge
):
    work(make_run(question, judge))
    criterion = question.criteria.get(text="Says when to call")
    criterion = edit_criterion(criterion, alice, based_on=criterion.revision, points=9)
    assert forecast(question, judge=judge, version=None).to_judge == 0
    again = make_run(question, judge)
    assert (again.status, progress_of(again).reused) == (Run.Status.DONE, 6)
    edit_criterion(criterion, alice, based_on=criterion.revision, text="Says to call at once")
    seen = forecast(question, judge=judge, version=None)
    assert (seen.cells, seen.known, seen.to_judge) == (6, 4, 2)
    run = work(make_run(question, judge))
    assert progress_of(run).judged == 2
    assert scripted_judge.stats()["calls"] == 8


def test_a_reused_level_counts_with_the_value_it_has_now(team, judge, alice, scripted_judge):
    levels = [{"label": "none", "value": 0}, {"label": "all", "value": 1}]
    levels = [{**it, "description": ""} for it in levels]
    question = make_rubric(team, {"text": "Is thorough", "levels": levels})
    make_answers(question, "Call.")
    scripted_judge.answer_with(lambda criterion, answer: "all")
    work(make_run(question, judge))
    criterion = question.criteria.get()
    levels[1]["value"] = 0.8
    edit_criterion(criterion, alice, based_on=criterion.revision, levels=levels)
    run = make_run(question, judge)
    assert list(run.grades.values_list("value", "reused")) == [(0.8, True)]


def test_no_grade_of_another_team_or_judge_is_copied(
    question, answers, judge, charlie, scripted_judge
):
    from tests.grading_cast import make_judge

    work(make_run(question, judge))
    other = make_rubric(
        charlie.teams.get(),
        "Explains the risks",
        messages=question.messages,
    )
    make_answers(other, "Call an ambulance now.")
    theirs = make_judge(charlie.teams.get(), scripted_judge)
    assert forecast(other, judge=theirs, version=None).known == 0
    warmer = make_judge(question.collection.team, scripted_judge, name="Warm", temperature=1.0)
    assert forecast(question, judge=warmer, version=None).known == 0
    assert forecast(question, judge=judge, version=None, criteria_per_call=3).known == 0
    assert forecast(question, judge=judge, version=None, repeats=2).known == 6


def test_several_criteria_go_into_one_call_when_the_run_says_so(
    question, answers, judge, scripted_judge
):
    run = work(make_run(question, judge, criteria_per_call=2))
    assert (run.status, run.calls) == (Run.Status.DONE, 4)


def test_repeats_count_as_their_mean_and_only_when_all_are_there(
    question, answers, judge, scripted_judge
):
    run = work(make_run(question, judge, repeats=2))
    assert progress_of(run).total == 12
    key = document_of(run).criteria[0].key
    cells = run.grades.filter(run_answer__answer=answers[0], criterion_key=key)
    first, second = cells.order_by("repeat")
    Grade.objects.filter(pk=first.pk).update(value=1.0)
    Grade.objects.filter(pk=second.pk).update(value=0.0)
    assert float(verdicts_of(run)[answers[0].pk][key]) == 0.5
    Grade.objects.filter(pk=second.pk).update(value=None, status="failed")
    assert key not in verdicts_of(run)[answers[0].pk]


@pytest.mark.parametrize(
    "fault",
    [
        "server_error",
        "reset",
        "empty",
        "prose",
        "wrong_key",
        "out_of_range",
        "nan",
        "string_true",
        "missing_criterion",
        "extra_criterion",
        "unauthorized",
        "abstain",
    ],
)
def test_j6_a_judge_failure_is_never_a_verdict(question, answers, judge, scripted_judge, fault):
    """For a penalty, which a verdict of unmet would spare the answer. The session's tests go
    through the whole menu of faults; this is what becomes of them in rows and interfaces."""
    scripted_judge.script({"kind": fault, "criterion": "study"})
    run = work(make_run(question, judge))
    if run.is_live:  # it was not clear whose trouble it is: they have one attempt left
        run.run_answers.update(next_attempt_at=None)
        run = work(run)
    assert run.status == Run.Status.INCOMPLETE
    key = document_of(run).criteria[1].key
    bad = run.grades.filter(criterion_key=key)
    expected = "cannot_assess" if fault == "abstain" else "failed"
    assert set(bad.values_list("status", "value")) == {(expected, None)}
    assert all(grade.error for grade in bad) or fault == "abstain"
    for answer_score in scores_of(run):
        assert answer_score.score.value is None
        assert answer_score.score.low < answer_score.score.high
        assert answer_score.score.coverage < 1
    taken_away = {it["criterion"]: (it["status"], it["value"]) for it in run_grades(run)}
    assert taken_away[key] == (expected, None)


def run_grades(run):
    """As the REST interface gives them away."""
    from rubric_studio.api.serializers.grading import GradeSerializer

    return GradeSerializer(run.grades.select_related("run_answer"), many=True).data


def test_experts_labels_are_a_run_without_calls(question, answers, rita, alice):
    key = draft_document(question).criteria[0].key
    set_label(answers[0], key, rita, verdict="met")
    set_label(answers[0], key, alice, verdict="met")
    run = make_run(question, None)
    assert (run.status, run.source, run.calls) == (Run.Status.INCOMPLETE, "experts", 0)
    assert statuses(run) == {"graded": 1, "failed": 5}
    failed = run.grades.filter(status="failed").first()
    assert (failed.error_code, failed.value) == ("no_label", None)
    score = scores_of(run)[0].score
    assert (score.value, score.low < score.high) == (None, True)
    with pytest.raises(RunRefused, match="Start a new one"):
        resume_run(run, None)


def test_scores_can_be_read_from_labels_in_place_of_the_judges_verdicts(
    question, answers, judge, rita, alice
):
    run = work(make_run(question, judge))
    for criterion in document_of(run).criteria:
        set_label(answers[0], criterion.key, rita, verdict="met")
    assert scores(run, verdicts_from="labels")[0] == 0.5
    assert scores(run, verdicts_from=rita)[0] == 0.5
    assert scores(run, verdicts_from=alice)[0] is None


def test_a_version_can_be_graded_after_the_draft_has_moved_on(question, answers, judge, alice):
    version = make_version(question)
    criterion = question.criteria.first()
    edit_criterion(criterion, alice, based_on=criterion.revision, text="Something else")
    run = make_run(question, judge, version)
    assert run.document_hash == version.content_hash
    assert bytes(run.document) == bytes(version.document)


def test_answers_in_the_trash_are_left_out(question, answers, judge, alice):
    delete_answer(answers[0], alice)
    run = make_run(question, judge)
    assert list(run.run_answers.values_list("answer_id", flat=True)) == [answers[1].pk]
