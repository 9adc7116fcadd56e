import re
from decimal import Decimal

import pytest
from django.urls import reverse

from rubric_studio.grading.judges.panels import make_panel
from rubric_studio.grading.models import Call, Run
from rubric_studio.grading.runs.estimating import past_of
from rubric_studio.grading.runs.forecasting import forecast
from rubric_studio.grading.runs.starting import resume_run
from rubric_studio.rubrics.editing import edit_criterion
from tests.cast import make_rubric, make_version
from tests.grading_cast import make_answers, make_judge, make_run, work
from tests.pages import words_of
from tests.scripted_judge import Fault

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_installed_judges")]


CONTAINS = {"kind": "contains", "values": ["ambulance"], "match": "any"}


@pytest.fixture
def question(team):
    return make_rubric(team, "Explains the risks", "Says when to call", "Names the dose")


@pytest.fixture
def answers(question):
    return make_answers(question, "Call an ambulance now.", "Wait and see.")


@pytest.fixture
def priced(allow_loopback, scripted_judge, team):
    return make_judge(team, scripted_judge, name="Priced", price_in=2, price_out=8)


def ahead(question, judge, **options):
    options = {"version": None, "with_estimate": True, **options}
    return forecast(question, judge=judge, **options)


def test_without_a_past_the_estimate_is_at_most_the_longest_replies(question, answers, priced):
    expected = ahead(question, priced).estimate
    assert (expected.calls, expected.past_calls, expected.seconds) == (6, 0, None)
    assert expected.completion_tokens == 6 * priced.max_tokens
    cost = (2 * expected.prompt_tokens + 8 * expected.completion_tokens) / Decimal(1_000_000)
    assert abs(expected.cost - cost) < Decimal("0.000002")


def test_without_prices_there_is_no_cost(question, answers, judge):
    assert ahead(question, judge).estimate.cost is None


def test_the_judges_own_calls_put_the_estimate_right(question, answers, priced):
    first = work(make_run(question, priced))
    used = Call.objects.filter(run_answer__run=first)
    past = past_of(priced)
    assert past.calls == 6
    criterion = question.criteria.first()
    edit_criterion(criterion, None, based_on=criterion.revision, text="Explains the harms")
    expected = ahead(question, priced).estimate
    assert (expected.calls, expected.past_calls) == (2, 6)
    real = sum(used.values_list("prompt_tokens", flat=True)) / 3
    assert expected.prompt_tokens == pytest.approx(real, rel=0.2)
    replies = sum(used.values_list("completion_tokens", flat=True)) / 3
    assert expected.completion_tokens == pytest.approx(replies, rel=0.2)
    assert 0 < expected.seconds < 5


def test_calls_are_whole_even_for_one_cell(question, answers, priced):
    expected = ahead(question, priced, criteria_per_call=2, repeats=3).estimate
    assert expected.calls == 2 * 2 * 3
    work(make_run(question, priced, criteria_per_call=2))
    assert ahead(question, priced, criteria_per_call=2).estimate.calls == 0


def test_programs_cells_are_told_apart_and_cost_nothing(team, priced):
    question = make_rubric(team, "Explains the risks", {"text": "Calls", "check": CONTAINS})
    make_answers(question, "Call an ambulance now.", "Wait.")
    it = ahead(question, priced)
    assert (it.cells, it.known, it.checks, it.to_judge, it.estimate.calls) == (4, 0, 2, 2, 2)
    by_hand = ahead(question, None)
    assert (by_hand.cells, by_hand.checks) == (4, 2)


def test_a_panels_calls_add_up_and_a_cell_is_known_when_all_its_judges_know_it(
    question, answers, priced, team, alice, scripted_judge
):
    other = make_judge(team, scripted_judge, name="Other", temperature=1, price_in=1)
    panel = make_panel(team, alice, name="Panel", members=[priced, other])
    work(make_run(question, priced))
    it = ahead(question, panel)
    assert (it.cells, it.known, it.to_judge, it.estimate.calls) == (6, 0, 6, 6)
    work(make_run(question, other))
    assert (ahead(question, panel).known, ahead(question, panel).estimate.calls) == (6, 0)


def test_a_panels_judge_without_a_price_is_said_beside_the_cost_of_the_others(
    client, question, answers, priced, team, alice, scripted_judge
):
    free = make_judge(team, scripted_judge, name="Free", temperature=1)
    panel = make_panel(team, alice, name="Panel", members=[priced, free])
    it = ahead(question, panel).estimate
    assert it.unpriced == 1
    assert it.cost == ahead(question, priced).estimate.cost
    client.force_login(alice)
    data = {
        "judge": str(panel.pk),
        "version": "draft",
        "answers": [str(it.pk) for it in answers],
        "repeats": 1,
        "criteria_per_call": 1,
    }
    said = "1 of the panel’s judges has no price"
    assert said in words_of(client.get(reverse("run-forecast", args=[question.pk]), data))
    run = make_run(question, panel)
    assert run.estimate["unpriced"] == 1
    assert said in words_of(client.get(reverse("run-facts", args=[run.pk])))
    work(make_run(question, free))
    assert ahead(question, panel).estimate.unpriced == 0
    data["judge"] = str(free.pk)
    words = words_of(
        client.get(reverse("run-forecast", args=[question.pk]), {**data, "repeats": 2})
    )
    assert "no price" not in words
    assert "Without prices there is no cost." in words


def test_the_estimate_is_kept_with_the_run(question, answers, priced):
    expected = ahead(question, priced).estimate
    run = make_run(question, priced)
    assert run.estimate == {"cells": 6, "known": 0, "checks": 0, **expected.as_json()}
    work(run)
    again = make_run(question, priced)
    assert (again.estimate["known"], again.estimate["calls"]) == (6, 0)


def test_the_start_page_says_what_a_run_will_use(client, alice, question, answers, priced):
    client.force_login(alice)
    page = client.get(reverse("run-start", args=[question.pk]))
    words = words_of(page)
    assert "6 cells : 0 known already, 6 to judge in 6 calls" in words
    assert "At most about" in words
    assert "has made no call yet" in words
    work(make_run(question, priced))
    data = {
        "judge": str(priced.pk),
        "version": "draft",
        "answers": [str(it.pk) for it in answers],
        "repeats": 2,
        "criteria_per_call": 1,
    }
    words = words_of(client.get(reverse("run-forecast", args=[question.pk]), data))
    assert "12 cells : 6 known already, 6 to judge in 6 calls" in words
    assert "Judged by the last 6 calls." in words
    words = words_of(
        client.get(reverse("run-forecast", args=[question.pk]), {**data, "repeats": 1})
    )
    assert "No call is made, so it costs nothing." in words


def test_the_start_page_takes_a_version_from_its_address(client, alice, question, answers, priced):
    version = make_version(question)
    client.force_login(alice)
    address = reverse("run-start", args=[question.pk])
    page = client.get(address, {"version": str(version.pk)}).content.decode()
    assert re.search(rf'value="{version.pk}"\s+selected', page)
    page = client.get(address, {"version": "no-such"}).content.decode()
    assert re.search(r'value="draft"\s+selected', page)


def test_only_cells_without_a_verdict_are_judged_again_and_the_page_says_for_how_much(
    client, alice, question, answers, priced, scripted_judge
):
    scripted_judge.script(Fault("bad_request", criterion="dose"))
    run = work(make_run(question, priced))
    client.force_login(alice)
    words = words_of(client.get(run.get_absolute_url()))
    assert re.search(r"Judge the 2 without verdict again, about 0\.\d+", words)
    scripted_judge.script()
    calls = scripted_judge.stats()["calls"]
    resume_run(run, alice)
    work(run)
    assert (run.status, scripted_judge.stats()["calls"] - calls) == (Run.Status.DONE, 2)
