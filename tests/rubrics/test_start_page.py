"""What the lists of questions say of their samples, and what waits for whoever looks at them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import make_answer, make_collection, make_rubric, make_team
from tests.rubrics.pages import page
from tests.steering.graded import SIX, make_demo_judge, make_graded_run, make_tested

REVERSED = [(9 - reached, fields) for reached, fields in SIX]


def home(client, user):
    client.force_login(user)
    return page(client.get(reverse("home")))


def test_lists_say_whether_each_rubric_steers(client, team, alice):
    question, _ = make_tested(team, SIX)
    make_rubric(team, "Explains the risks.", collection=question.collection)

    html = home(client, alice)
    of_collection = page(client.get(question.collection.get_absolute_url()))

    assert "1 steers on your samples." in html
    assert "Steers" in of_collection
    for shown in (html, of_collection):
        assert "Not tested" in shown
        assert "2 strong, 2 acceptable, 2 weak" in shown
        assert "none yet" in shown


def test_nothing_tested_makes_no_claim(client, team, alice):
    make_rubric(team, "Explains the risks.")

    html = home(client, alice)

    assert "on your samples." not in html
    assert "Needs you" not in html


def test_a_swap_across_tiers_needs_you(client, team, alice):
    question, run = make_tested(team, REVERSED)

    html = home(client, alice)

    assert f"“{question.heading}” puts a weak answer above a strong one" in html
    assert f"{reverse('steering', args=[question.pk])}?run={run.pk}" in html
    assert "near chance" not in html


def test_a_swap_by_the_demo_judge_is_told_as_such(client, team, alice):
    make_tested(team, REVERSED, judge=make_demo_judge(team))

    html = home(client, alice)

    assert "Judged by the demo judge, whose verdicts are near chance. F scores" in html
    assert "demo judge</span>" in html


def test_a_question_short_of_answers_needs_more(client, team, alice):
    question = make_rubric(team, "Explains the risks.", title="Snake bite")
    for tier in (3, 2, 1):
        make_answer(question, tier=tier)
    make_answer(question)
    make_answer(question, tier=1, origin="probe")

    html = home(client, alice)

    assert "“Snake bite” needs 2 more answers before its order can be tested" in html
    assert "3 answers with a tier, 1 without so far" in html
    assert "3 strong" not in html


@pytest.mark.parametrize(
    ("status", "said"),
    [("incomplete", "has cells without a verdict"), ("paused_budget", "has used up its budget")],
)
def test_a_run_that_stopped_early_needs_you(client, team, alice, status, said):
    question, run = make_tested(team, SIX, status=status)

    html = home(client, alice)

    assert said in html
    assert run.get_absolute_url() in html
    make_graded_run(question, dict.fromkeys(question.answers.all(), 3))
    assert said not in home(client, alice)


def test_at_most_five_things_need_you_the_gravest_first(client, team, alice):
    for number in range(6):
        question = make_rubric(team, "Explains the risks.", title=f"Short {number}")
        make_answer(question, tier=1)
    make_tested(team, REVERSED)

    html = home(client, alice)

    assert html.count("more answers before") == 4
    assert "5 of 7, the gravest first" in html
    assert html.index("a weak answer above") < html.index("more answers before")


def test_readers_are_asked_for_nothing(client, team, alice, bob):
    make_tested(team, REVERSED)

    html = home(client, bob)

    assert "Does not steer" in html
    assert "Needs you" not in html
    assert "Import" not in html


def test_import_goes_to_the_one_collection_or_asks_which(client, team, alice):
    first = make_collection(team)
    other = make_collection(make_team("Others", reader=alice))
    import_into = reverse("collection-import", args=[first.slug])

    html = home(client, alice)
    assert f'<a class="btn" href="{import_into}">' in html

    second = make_collection(team)
    html = home(client, alice)
    assert "Import into" in html
    for collection in (first, second):
        assert reverse("collection-import", args=[collection.slug]) in html
    assert reverse("collection-import", args=[other.slug]) not in html


def test_lists_take_the_same_queries_however_long(client, team, alice, django_assert_num_queries):
    collection = make_tested(team, SIX)[0].collection
    home(client, alice)
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("home"))
    budget = len(few)
    for _ in range(3):
        make_tested(team, SIX)
        make_answer(make_rubric(team, "Explains.", collection=collection), tier=2)
    home(client, alice)
    with django_assert_num_queries(budget):
        client.get(reverse("home"))
    assert budget <= 17
