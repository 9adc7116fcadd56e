"""A verdict shows its evidence where it is, and leads to what was asked and answered."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from rubric_studio.grading.judges.panels import make_panel
from rubric_studio.grading.models import Call
from rubric_studio.grading.runs.starting import document_of
from tests.cast import author_of, make_rubric
from tests.grading.page.marked import Marked
from tests.grading_cast import make_answers, make_judge, make_run, work

HTMX = {"HX-Request": "true"}


@pytest.fixture
def question(team):
    question = make_rubric(team, "Explains the risks", "Says when to call")
    make_answers(question, "Call an ambulance now <b>& wait</b>.", name="Good")
    return question


def address(run, number=0, **more):
    key = document_of(run).criteria[number].key
    return f"{reverse('evidence', args=[run.pk])}?{urlencode({'cell': f'A.{key}', **more})}"


def page(client, user, address, status=200):
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_a_reader_follows_a_grade_to_prompt_reply_attempts_and_cost(
    client, question, team, bob, allow_loopback, scripted_judge
):
    scripted_judge.script({"kind": "prose", "criterion": "risks", "first": 1})
    prices = {"price_in": 3, "price_out": 9}
    judge = make_judge(team, scripted_judge, name="Dear", api_key="sk-canary-1", **prices)
    run = work(make_run(question, judge))
    call = Call.objects.get(criterion_keys=[document_of(run).criteria[0].key])
    text = page(client, bob, address(run))
    asked = [it for it in scripted_judge.requests() if it["criteria"] == ["Explains the risks"]][-1]
    shown = Marked(text[text.index("<main") : text.index("</main>") + 7])
    for message in asked["body"]["messages"]:
        assert message["content"] in shown.text
    assert call.reply in shown.text
    assert "The exact prompt" in shown.text
    assert call.prompt_hash in shown.text
    assert "Attempts 2" in shown.text
    assert "not_json" in shown.text
    assert f"{call.prompt_tokens} in, {call.completion_tokens} out" in shown.text
    assert "Dear" in shown.text
    assert "sk-canary-1" not in text
    assert "<b>& wait</b>" not in text
    cell = client.get(
        reverse("cell", args=[question.pk]),
        {"run": run.pk, "cell": f"A.{document_of(run).criteria[0].key}"},
        headers=HTMX,
    ).content.decode()
    assert address(run).replace("&", "&amp;") in cell


def test_a_prompt_that_is_not_the_same_to_the_letter_is_not_shown(client, question, bob, judge):
    run = work(make_run(question, judge))
    Call.objects.update(prompt_hash="0" * 64)
    text = page(client, bob, address(run))
    assert "The prompt cannot be shown" in text
    assert "The exact prompt" not in text
    assert "You grade an answer" not in text


def test_a_copied_grade_leads_to_the_call_that_it_was_given_in(client, question, bob, judge):
    first = work(make_run(question, judge))
    again = make_run(question, judge)
    text = page(client, bob, address(again))
    assert "from Run 1 of" in text
    assert "The exact prompt" in text
    assert Call.objects.filter(run_answer__run=first).count() == 2 == Call.objects.count()


def test_repeats_are_drawn_and_each_has_its_own_evidence(client, question, bob, judge):
    run = work(make_run(question, judge, repeats=3))
    text = page(client, bob, address(run, repeat=2))
    assert "of 3 alike" in text
    call = Call.objects.get(criterion_keys=[document_of(run).criteria[0].key], repeat=2)
    assert call.prompt_hash in text
    assert text.count("?cell=A.") >= 3


def test_a_cell_that_was_not_asked_says_why(client, question, bob, judge):
    run = make_run(question, judge)
    assert "Not judged yet" in page(client, bob, address(run))
    by_labels = make_run(question)
    assert "your team’s labels" in page(client, bob, address(by_labels))


def test_a_cell_that_a_program_decided_has_no_prompt_and_says_so(client, team, bob, judge):
    check = {"kind": "contains", "values": ["ambulance"]}
    question = make_rubric(team, {"text": "Says ambulance", "check": check})
    make_answers(question, "Call an ambulance now.")
    run = work(make_run(question, judge))
    text = page(client, bob, address(run))
    assert "A program decided this cell" in text
    assert "The exact prompt" not in text


def test_a_panels_cell_leads_to_what_each_of_its_judges_was_asked(
    client, question, team, bob, allow_loopback, scripted_judge
):
    names = ("Ada", "Ben", "Cyd")
    judges = [make_judge(team, scripted_judge, name=it) for it in names]
    panel = make_panel(team, author_of(team), name="Panel", members=judges)
    run = make_run(question, panel)
    for part in run.members.all():
        work(part)
    text = page(client, bob, address(run))
    assert "What each judge of the panel said" in text
    for part in run.members.select_related("judge"):
        assert f"{part.judge}: " in text
        assert address(part, repeat=0).replace("&", "&amp;") in text
        assert "The exact prompt" in page(client, bob, address(part))


@pytest.mark.parametrize("bad", ["Z.c-1", "A.nothing", "", "A", "." * 300])
def test_a_cell_that_is_not_there_is_not_found(client, question, bob, judge, bad):
    run = make_run(question, judge)
    page(client, bob, f"{reverse('evidence', args=[run.pk])}?{urlencode({'cell': bad})}", 404)
    page(client, bob, address(run, repeat=7), 404)


def test_only_the_team_sees_what_was_asked_and_only_reading_is_possible(
    client, question, bob, charlie, judge
):
    run = work(make_run(question, judge))
    page(client, charlie, address(run), 404)
    client.force_login(bob)
    assert client.post(address(run)).status_code == 405
    client.logout()
    assert client.get(address(run)).status_code == 302


def test_the_number_of_queries_is_the_same_whatever_the_runs_size(
    client, team, bob, judge, django_assert_max_num_queries
):
    for answers in (1, 8):
        question = make_rubric(team, *["Explains the risks"] * answers)
        make_answers(question, *["Call."] * answers)
        run = work(make_run(question, judge, repeats=2))
        client.force_login(bob)
        with django_assert_max_num_queries(20):
            assert client.get(address(run)).status_code == 200
