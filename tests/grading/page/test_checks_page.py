"""The grading page of a run in which programs decide."""

import re

import pytest
from django.urls import reverse

from rubric_studio.grading.tasks import check_answer
from tests.cast import make_rubric
from tests.grading_cast import make_answers, make_run, work

ASPIRIN = {"kind": "contains", "values": ["aspirin"]}


@pytest.fixture
def question(team):
    return make_rubric(
        team,
        "Says when to call.",
        {"text": "Names aspirin.", "check": ASPIRIN},
        {"text": "Searches.", "check": {"kind": "tool_called", "tool": "search"}},
    )


@pytest.fixture
def run(question, judge):
    make_answers(question, "Chew one Aspirin now.")
    run = make_run(question, judge)
    for pk in run.run_answers.values_list("pk", flat=True):
        check_answer(pk)
    return work(run)


def cell(client, run, text):
    key = run.question.criteria.get(text=text).key
    query = {"run": run.pk, "cell": f"A.{key}"}
    response = client.get(
        reverse("cell", args=[run.question_id]), query, headers={"HX-Request": "true"}
    )
    return " ".join(response.content.decode().split())


def test_a_cell_says_which_program_decided_it_and_shows_the_place(client, run, bob):
    client.force_login(bob)

    text = cell(client, run, "Names aspirin.")

    assert re.search(r"Decided by a program</h3>.*Contains [^<]*aspirin", text)
    assert re.search(r"<mark[^>]*>Aspirin</mark>", text)
    assert "No judge was asked" in text
    assert "Who judged" not in text
    assert "tokens in" not in text
    judged = cell(client, run, "Says when to call.")
    assert "Decided by a program" not in judged
    assert "Who judged" in judged


def test_a_cell_that_no_program_could_decide_blames_no_judge(client, run, bob):
    client.force_login(bob)

    text = cell(client, run, "Searches.")

    assert "the program could not decide" in text
    assert "plain text" in text
    page = client.get(run.get_absolute_url()).content.decode()
    assert "no verdict: the program could not decide" in page
    assert 'aria-label="no verdict: the judge failed' not in page


def test_the_run_says_how_many_cells_programs_decided(client, run, bob):
    client.force_login(bob)

    page = client.get(run.get_absolute_url()).content.decode()

    assert "1 by programs" in page


def test_a_run_of_programs_alone_says_so_and_can_be_cancelled(client, team, alice, olga):
    question = make_rubric(team, {"text": "Names aspirin.", "check": ASPIRIN})
    make_answers(question, "Aspirin.")
    client.force_login(alice)
    run = make_run(question)

    page = client.get(run.get_absolute_url()).content.decode()

    assert "programs alone" in page
    assert reverse("run-cancel", args=[run.pk]) in page
    client.post(reverse("run-cancel", args=[run.pk]))
    run.refresh_from_db()
    assert run.status == "cancelled"
    page = client.get(run.get_absolute_url()).content.decode()
    assert reverse("run-resume", args=[run.pk]) in page
    client.post(reverse("run-resume", args=[run.pk]))
    for pk in run.run_answers.values_list("pk", flat=True):
        check_answer(pk)
    assert "1 of 1 decided" in client.get(run.get_absolute_url()).content.decode()


def test_where_programs_decide_everything_no_judge_is_chosen_at_first(client, team, judge, alice):
    question = make_rubric(team, {"text": "Names aspirin.", "check": ASPIRIN})
    make_answers(question, "Aspirin.")
    client.force_login(alice)
    url = reverse("run-start", args=[question.pk])

    page = client.get(url).content.decode()

    assert "No judge: programs decide every criterion" in page
    assert re.search(r'value="experts"[^>]*checked', page)
    started = client.post(
        url,
        {
            "judge": "experts",
            "version": "draft",
            "answers": [question.answers.get().pk],
            "repeats": 1,
            "criteria_per_call": 1,
        },
    )
    assert started.status_code == 302
    assert question.runs.get().judge is None
