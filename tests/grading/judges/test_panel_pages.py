"""Panels, forecasts and facts as pages: who may, what they say, how they look."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.timezone import now

from rubric_studio.grading.judges.panels import make_panel
from rubric_studio.grading.judges.trying import Diagnosis
from rubric_studio.grading.models import Judge, Run
from rubric_studio.rubrics.editing import edit_criterion
from tests.browser import check_look
from tests.cast import author_of, make_criterion, make_rubric, make_section
from tests.grading_cast import make_answers, make_judge, make_run, work, work_panel
from tests.pages import words_of
from tests.scripted_judge import Fault, ScriptedJudge

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_installed_judges")]


@pytest.fixture
def judges(allow_loopback, team):
    with ScriptedJudge(rule="met") as one, ScriptedJudge() as two, ScriptedJudge() as three:
        three.script(Fault("bad_request", criterion="dose"))
        prices = {"price_in": 3, "price_out": 15}
        yield [
            make_judge(team, it, name=name, **prices)
            for name, it in (("Qwen3 32B", one), ("Gemma 3 27B", two), ("Llama 4", three))
        ]


@pytest.fixture
def panel(team, judges):
    return make_panel(team, author_of(team), name="Panel of 3", members=judges)


@pytest.fixture
def question(team):
    question = make_rubric(team, title="Chest pressure after sildenafil")
    section = make_section(question, title="Triage").key
    make_criterion(question, "Says to call emergency services now", section=section, points=10)
    make_criterion(question, "Warns against taking nitroglycerin", section=section, points=8)
    make_criterion(question, "Names the dose", points=3)
    make_criterion(question, "Invents a study", points=-6)
    make_answers(question, "Call an ambulance now. Take no nitroglycerin.", tier=3)
    make_answers(question, "Call your doctor tomorrow.", tier=2)
    make_answers(question, "Wait and see.", tier=1)
    return question


def add(client, team, **fields):
    return client.post(reverse("panel-add", args=[team.pk]), fields)


def test_an_author_makes_a_panel(client, alice, team, judges):
    client.force_login(alice)
    page = client.get(reverse("panel-add", args=[team.pk]))
    assert [name in words_of(page) for name in ("Qwen3 32B", "Gemma 3 27B", "Llama 4")]
    chosen = [str(it.pk) for it in judges]
    assert add(client, team, name="Panel of 3", members=chosen).status_code == 302
    panel = Judge.objects.get(kind="panel")
    assert [str(it) for it in panel.members.all()] == ["Qwen3 32B", "Gemma 3 27B", "Llama 4"]
    shown = words_of(client.get(reverse("judges")))
    assert "panel of 3" in shown
    assert "Qwen3 32B, Gemma 3 27B, Llama 4" in shown


def test_a_panel_of_one_keeps_what_was_typed_and_says_why(client, alice, team, judges):
    client.force_login(alice)
    page = add(client, team, name="Alone", members=[str(judges[0].pk)])
    assert page.status_code == 422
    assert "A panel has 2 to 7 judges" in words_of(page)
    assert 'value="Alone"' in page.content.decode()
    assert add(client, team, name="None").status_code == 422
    assert add(client, team, name="Who", members=["no-such"]).status_code == 422
    assert not Judge.objects.filter(kind="panel").exists()


def test_readers_may_not_make_panels_and_strangers_find_none(client, bob, charlie, team, judges):
    address = reverse("panel-add", args=[team.pk])
    client.force_login(bob)
    assert client.get(address).status_code == 403
    client.force_login(charlie)
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404


def test_without_two_judges_the_page_says_what_is_missing(client, alice, team):
    client.force_login(alice)
    page = words_of(client.get(reverse("panel-add", args=[team.pk])))
    assert "Two judges make a panel" in page


def test_the_open_cell_lists_what_each_judge_said_with_its_link(client, bob, question, panel):
    run = work_panel(make_run(question, panel))
    dose = question.criteria.get(text="Names the dose")
    client.force_login(bob)
    page = client.get(
        reverse("grade", args=[question.pk]), {"run": run.pk, "cell": f"A.{dose.key}"}
    )
    words = words_of(page)
    for part in Run.objects.filter(panel=run):
        assert f"{part.judge} : " in words
        assert f"?run={part.pk}&amp;cell=A.{dose.key}" in page.content.decode()


def test_a_panels_parts_are_in_no_list_of_runs(client, bob, question, panel):
    run = work_panel(make_run(question, panel))
    client.force_login(bob)
    page = client.get(reverse("grade", args=[question.pk])).content.decode()
    assert f"?run={run.pk}" in page
    assert not [it for it in Run.objects.filter(panel=run) if f'href="?run={it.pk}"' in page]


def test_the_facts_of_a_panel_say_how_often_each_judge_is_with_the_majority(
    client, bob, question, panel, django_assert_max_num_queries
):
    run = work_panel(make_run(question, panel))
    client.force_login(bob)
    with django_assert_max_num_queries(20):
        words = words_of(client.get(reverse("run-facts", args=[run.pk])))
    assert "The panel’s judges" in words
    for part in Run.objects.filter(panel=run):
        assert re.search(rf"{part.judge} \d+ of \d+ \(\d+ %, \d+ to \d+ %\)", words)
        facts = words_of(client.get(reverse("run-facts", args=[part.pk])))
        assert f"one judge’s part of {run}" in facts


def test_a_panel_marks_its_judges_that_rest_or_obey_answers(
    client, bob, question, panel, judges, django_assert_max_num_queries
):
    run = make_run(question, panel)
    client.force_login(bob)
    assert "Not answering" not in words_of(client.get(run.get_absolute_url()))
    resting = Judge.objects.filter(pk=judges[1].pk)
    resting.update(failing_since=now(), failing_reason="It is down.", resting_until=in_a_minute())
    obeying = Judge.objects.filter(pk=judges[2].pk)
    obeying.update(trial=trial_of(judges[2], is_gullible=True))
    shown = words_of(client.get(run.get_absolute_url()))
    assert re.search(r"Gemma 3 27B: Not answering since \d\d:\d\d UTC. It is down.", shown)
    assert "Qwen3 32B: Not answering" not in shown
    with django_assert_max_num_queries(15):
        listed = words_of(client.get(reverse("judges")))
    assert "Qwen3 32B, Gemma 3 27B resting , Llama 4 obeys answers" in listed


def in_a_minute():
    return now() + timedelta(minutes=1)


def trial_of(judge, *, is_gullible):
    """What a test call that found this out would have kept."""
    return Diagnosis(True, "ok", f"{judge} answers.", 1.0, is_gullible=is_gullible).as_json()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_panels_forecasts_and_facts_look_right(
    signed_in_page, alice, team, question, panel, judges
):
    work_panel(make_run(question, panel))
    steady = work(make_run(question, judges[0], repeats=3))
    row = steady.grades.filter(repeat=2).first()
    steady.grades.filter(pk=row.pk).update(value=0)
    work(make_run(question, judges[0], criteria_per_call=4))
    run = work_panel(make_run(question, panel, repeats=2))
    dose = question.criteria.get(text="Names the dose")
    criterion = question.criteria.get(text="Invents a study")
    edit_criterion(criterion, alice, based_on=criterion.revision, text="Makes up a study")
    page = signed_in_page(alice)
    for name, address in {
        "panel": reverse("panel-add", args=[team.pk]),
        "judges": reverse("judges"),
        "start": reverse("run-start", args=[question.pk]),
        "cell": f"{run.get_absolute_url()}&cell=A.{dose.key}",
        "flips": steady.get_absolute_url(),
        "facts": reverse("run-facts", args=[run.pk]),
        "facts-flips": reverse("run-facts", args=[steady.pk]),
    }.items():
        page.goto(address)
        check_look(page)
        look(page, name)


def look(page, name):
    if folder := os.environ.get("LOOK"):
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            page.set_viewport_size({"width": 1440, "height": 900})
            page.screenshot(path=Path(folder) / f"{name}-{theme}.png", full_page=True)
        page.set_viewport_size({"width": 360, "height": 800})
        page.screenshot(path=Path(folder) / f"{name}-360.png", full_page=True)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_forecast_follows_what_is_chosen(signed_in_page, alice, question, judges):
    page = signed_in_page(alice)
    page.goto(reverse("grade", args=[question.pk]))
    page.click("text=Grade…")
    page.wait_for_selector("#ahead >> text=12 to judge")
    page.click("text=Repeats, criteria per call, budget")
    page.fill("[name=repeats]", "2")
    page.keyboard.press("Tab")
    page.wait_for_selector("#ahead >> text=24 to judge")
    page.fill("[name=criteria_per_call]", "4")
    page.keyboard.press("Tab")
    page.wait_for_selector("#ahead >> text=in 6 calls")
