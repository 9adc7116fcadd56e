import re
from decimal import Decimal

import pytest
from django.urls import reverse

from rubric_studio.grading.judges.panels import make_panel
from rubric_studio.grading.models import Call, Grade, Run
from rubric_studio.grading.page.sheet import sheet_of
from rubric_studio.grading.runs.call_sizes import Comparable
from rubric_studio.grading.runs.estimating import past_of
from rubric_studio.grading.runs.forecasting import forecast
from rubric_studio.grading.runs.repeats import repeatability_by_criterion
from rubric_studio.grading.runs.starting import resume_run
from rubric_studio.grading.scores import scores_of
from rubric_studio.rubrics.editing import edit_criterion
from tests.cast import make_rubric, make_version
from tests.grading_cast import make_answers, make_judge, make_run, work
from tests.scripted_judge import Fault

pytestmark = pytest.mark.django_db
CONTAINS = {"kind": "contains", "values": ["ambulance"], "match": "any"}


@pytest.fixture(autouse=True)
def no_installed_judges(settings):
    settings.JUDGE_BASE_URL = settings.JUDGE_MODEL = settings.JUDGE_API_KEY = ""
    settings.DEMO_JUDGE_URL = settings.DEMO_JUDGE_KEY = ""


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


def words_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


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


def test_the_facts_hold_what_came_beside_what_was_expected(client, bob, question, answers, priced):
    run = work(make_run(question, priced))
    client.force_login(bob)
    page = client.get(reverse("run-facts", args=[run.pk]))
    words = words_of(page)
    assert page.status_code == 200
    assert re.search(r"Calls 6 6 ", words)
    assert "longest reply allowed" in words


def test_strangers_see_no_facts(client, charlie, question, answers, priced):
    run = make_run(question, priced)
    client.force_login(charlie)
    assert client.get(reverse("run-facts", args=[run.pk])).status_code == 404


def test_facts_take_few_queries_whatever_the_run_holds(
    client, bob, team, priced, alice, django_assert_max_num_queries
):
    question = make_rubric(team, *(f"Says thing {n}" for n in range(12)))
    make_answers(question, *(f"Answer {n}" for n in range(6)))
    run = work(make_run(question, priced, repeats=2))
    work(make_run(question, priced, criteria_per_call=4))
    client.force_login(bob)
    with django_assert_max_num_queries(20):
        client.get(reverse("run-facts", args=[run.pk]))


def flip(run, criterion, many):
    """Let so many cells of the criterion have a second verdict that differs."""
    grades = Grade.objects.filter(run=run, criterion_key=criterion.key)
    for row in grades.filter(repeat=1).order_by("run_answer")[:many]:
        first = grades.get(run_answer=row.run_answer, repeat=0)
        Grade.objects.filter(pk=row.pk).update(value=1 - first.value)


def test_flips_are_counted_by_criterion_shown_and_can_be_filtered(
    client, bob, question, answers, priced
):
    run = work(make_run(question, priced, repeats=3))
    first, second, _ = question.criteria.order_by("position")
    flip(run, first, 2)
    flip(run, second, 1)
    measured = repeatability_by_criterion(sheet_of(question, run).cells)
    assert measured[first.key].flips.hits == 2
    assert measured[first.key].flip == pytest.approx(1 / 3)
    assert (measured[second.key].flips.hits, measured[second.key].flips.n) == (1, 2)
    client.force_login(bob)
    page = words_of(client.get(run.get_absolute_url()))
    assert "Flips 2" in page
    assert "repeats differ in 2 of 2 cells" in page
    only = client.get(f"{run.get_absolute_url()}&only=flips").content.decode()
    assert first.text in only
    assert "Names the dose" not in only
    facts = words_of(client.get(reverse("run-facts", args=[run.pk])))
    assert "3 of 6 (50 %, 19 to 81 %)" in facts
    assert "shaky" in facts


def test_a_run_without_repeats_says_nothing_of_flips(client, bob, question, answers, priced):
    run = work(make_run(question, priced))
    client.force_login(bob)
    assert "Flips" not in words_of(client.get(run.get_absolute_url()))


def test_a_score_over_repeats_is_made_of_mean_verdicts_and_a_missing_one_stays_missing(
    question, answers, priced, scripted_judge
):
    scripted_judge.answer_with(lambda criterion, answer: "met")
    run = work(make_run(question, priced, repeats=2))
    flip(run, question.criteria.order_by("position").first(), 1)
    assert sorted(it.score.score for it in scores_of(run)) == [pytest.approx(2.5 / 3), 1]
    row = Grade.objects.filter(run=run, repeat=1).last()
    Grade.objects.filter(pk=row.pk).update(status="failed", value=None, error="It hung.")
    assert None in [it.score.score for it in scores_of(run)]


def test_the_difference_that_larger_calls_make_is_measured_on_the_same_cells(
    client, alice, question, answers, priced, scripted_judge
):
    one = work(make_run(question, priced, repeats=2))
    assert Comparable(question, priced).newest_difference() is None
    three = work(make_run(question, priced, criteria_per_call=3))
    changed = Grade.objects.filter(run=three).first()
    same = Grade.objects.get(
        run=one,
        run_answer__answer=changed.run_answer.answer,
        criterion_key=changed.criterion_key,
        repeat=0,
    )
    Grade.objects.filter(run=three).update(value=0)
    Grade.objects.filter(run=one).update(value=0)
    Grade.objects.filter(pk=changed.pk).update(value=1 - Grade.objects.get(pk=same.pk).value)
    found = Comparable(question, priced).newest_difference()
    assert (found.fewer.run, found.more.run) == (one, three)
    assert (found.fewer.calls, found.more.calls) == (6, 2)
    assert found.fewer.cost > found.more.cost > 0
    assert (found.differing.hits, found.differing.n) == (1, 6)
    client.force_login(alice)
    start = words_of(client.get(reverse("run-start", args=[question.pk])))
    assert f"{three}, this judge’s newest, put 3 criteria into a call. Don’t compare" in start
    sentence = "another verdict in 1 of 6 (17 %, 3 to 56 %)"
    assert sentence in words_of(client.get(reverse("run-start", args=[question.pk])))
    facts = words_of(client.get(reverse("run-facts", args=[one.pk])))
    assert sentence in facts
    assert "with 3 criteria in a call instead of 1" in facts


def test_reworded_criteria_and_edited_answers_are_not_compared(question, answers, priced, alice):
    from rubric_studio.grading.answers.editing import edit_answer

    work(make_run(question, priced))
    criterion = question.criteria.first()
    edit_criterion(criterion, alice, based_on=criterion.revision, text="Explains the harms")
    edit_answer(answers[0], alice, text="Another text.")
    work(make_run(question, priced, criteria_per_call=3))
    assert Comparable(question, priced).newest_difference().differing.n == 2
