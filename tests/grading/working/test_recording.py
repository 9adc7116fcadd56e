"""What is kept of a call: a grade leads to the prompt, the reply, the attempts and the cost."""

from decimal import Decimal

import pytest

from rubric_studio.engine.judging.prompt import build_prompt
from rubric_studio.grading.answers.editing import content_of
from rubric_studio.grading.models import Call, Run
from rubric_studio.grading.runs.starting import document_of, resume_run
from tests.cast import make_rubric
from tests.grading_cast import make_answers, make_judge, make_run, work


@pytest.fixture
def question(team):
    question = make_rubric(team, "Explains the risks", "Invents a study", "Says when to call")
    make_answers(question, "Call an ambulance now.", "Wait and see.")
    return question


def grades(run):
    return run.grades.select_related("call__run_answer").order_by("pk")


def test_a_grade_leads_to_the_exact_prompt_and_reply(question, judge, scripted_judge):
    run = work(make_run(question, judge))
    asked = {
        (it["criteria"][0], it["answer"]): it["body"]["messages"]
        for it in scripted_judge.requests()
    }
    criteria = {it.key: it for it in document_of(run).criteria}
    for grade in grades(run):
        call, criterion = grade.call, criteria[grade.criterion_key]
        content = content_of(call.run_answer)
        prompt = build_prompt(document_of(run).question, (criterion,), content, call.nonce)
        assert prompt.hash == call.prompt_hash
        assert prompt.messages == asked[criterion.text, content.text]
        assert (call.criterion_keys, call.repeat) == ([grade.criterion_key], 0)
        assert grade.reason in call.reply
        (attempt,) = call.attempts
        assert (attempt["code"], attempt["seconds"]) == ("", call.seconds)
    assert Call.objects.count() == 6


def test_every_call_is_paid_for_once_and_kept_with_what_it_cost(
    question, team, allow_loopback, scripted_judge
):
    scripted_judge.script({"kind": "prose", "criterion": "study", "first": 1})
    dear = make_judge(team, scripted_judge, name="Dear", price_in=Decimal(3), price_out=Decimal(9))
    run = work(make_run(question, dear, criteria_per_call=2, repeats=2))
    calls = Call.objects.filter(run_answer__run=run)
    assert sum(it.cost for it in calls) == run.cost > 0
    assert sum(len(it.attempts) for it in calls) == run.calls == 10
    assert sorted((len(it.criterion_keys), it.repeat) for it in calls) == sorted(
        [(1, 0), (1, 1), (2, 0), (2, 1)] * 2
    )
    codes = {tuple(it["code"] for it in call.attempts) for call in calls}
    assert codes == {("",), ("not_json", "")}


def test_a_failed_grade_keeps_what_the_judge_wrote(question, judge, scripted_judge):
    scripted_judge.script({"kind": "text", "text": "No \0 verdict \\u0000.", "criterion": "study"})
    run = work(make_run(question, judge))
    failed = grades(run).filter(status="failed").first()
    assert failed.call.reply == "No  verdict \\u0000."
    assert len(failed.call.attempts) == failed.attempts == 4
    assert failed.call.attempts[-1]["code"] == failed.error_code


@pytest.mark.parametrize("text", ['\\u0000 \\ "', "\0", "\ud800"])
def test_no_character_that_a_judge_writes_stops_a_run(question, judge, scripted_judge, text):
    scripted_judge.script({"kind": "words", "text": text, "criterion": "study"})
    run = work(make_run(question, judge))
    bad = run.grades.filter(call__reply__contains="reason").exclude(error_code="")
    if text.isprintable():
        assert run.status == Run.Status.DONE
        assert run.grades.filter(reason=text, quotes__0__text=text).count() == 2
    else:
        assert set(bad.values_list("status", "error_code")) == {("failed", "not_json")}


def test_a_copied_grade_names_the_call_that_it_was_first_given_in(question, judge, scripted_judge):
    first = work(make_run(question, judge))
    again = make_run(question, judge)
    calls = set(first.grades.values_list("criterion_key", "run_answer__answer", "call"))
    assert set(again.grades.values_list("criterion_key", "run_answer__answer", "call")) == calls
    assert None not in {call for _, _, call in calls}


def test_a_cell_judged_again_leads_to_its_new_call_and_keeps_the_old_one(
    question, judge, scripted_judge
):
    scripted_judge.script({"kind": "bad_request", "criterion": "study"})
    run = work(make_run(question, judge))
    old = set(run.grades.filter(status="failed").values_list("call", flat=True))
    scripted_judge.script()
    run = work(resume_run(run, None))
    assert run.status == Run.Status.DONE
    assert not old & set(run.grades.values_list("call", flat=True))
    assert Call.objects.filter(pk__in=old).count() == len(old) == 2
