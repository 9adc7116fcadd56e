"""Two runs side by side: the verdicts, the key numbers, what moved and what was changed."""

import pytest
from django.urls import reverse

from rubric_studio.rubrics.editing import edit_criterion
from rubric_studio.steering.key_numbers import key_numbers
from rubric_studio.steering.report import report_of
from tests.browser import check_look
from tests.cast import make_answer, make_rubric, make_version
from tests.steering.graded import SIX, make_graded_run, make_judge_row, make_tested
from tests.steering.planted.probing import clean, grade, steered

pytestmark = pytest.mark.django_db
WORSE = (0, 2, 5, 6, 8, 9)


@pytest.fixture
def two(team, alice):
    """A version that steers, and a draft with other words and points that does not."""
    question, before = make_tested(team, SIX, judge=make_judge_row(team))
    before.version = make_version(question)
    before.save()
    edit_criterion(question.criteria.order_by("position")[0], alice, 1, text="Says the first.")
    edit_criterion(question.criteria.order_by("position")[1], alice, 1, points=3)
    answers = question.answers.order_by("ordinal")
    after = make_graded_run(question, dict(zip(answers, WORSE, strict=True)), judge=before.judge)
    return question, before, after


def beside(client, user, run, other):
    client.force_login(user)
    address = reverse("steering", args=[run.question_id])
    return client.get(
        address, {"run": run.pk, "with": other if isinstance(other, str) else other.pk}
    )


def turns(before, after):
    found = key_numbers(report_of(before), report_of(after))
    return {it.name: (it.before.words, it.after.words, it.turn) for it in found}


def test_both_verdicts_are_said_and_what_became_of_it(client, bob, two):
    _, before, after = two
    html = beside(client, bob, after, before).content.decode()
    assert "Now: does not steer on your samples" in html
    assert "Steers on your samples" in html
    assert "v1, run" in html
    assert "style=" not in html


def test_the_earlier_run_comes_first_whichever_is_asked_for(client, alice, two):
    _, before, after = two
    for asked in ((before, after), (after, before)):
        context = beside(client, alice, *asked).context
        assert (context["before"], context["after"]) == (before, after)


def test_moved_scores_lost_pairs_and_changed_criteria_are_named(client, alice, two):
    _, before, after = two
    html = beside(client, alice, before, after).content.decode()
    assert "is no longer below A, which you hold to be better." in html
    assert "first" in html
    assert "Verdicts may change" in html
    assert "Scores change, verdicts stay" in html


def test_the_order_that_was_lost_is_a_worse_number(two):
    _, before, after = two
    found = turns(before, after)
    assert found["Pairs in your order"][2] == "worse"
    assert found["Pairs in your order"][0] == "1.00, no swap in 12 pairs"
    assert "Worst probe" not in found


def test_runs_of_the_same_rubric_say_so(client, alice, team):
    question, before = make_tested(team, SIX, judge=make_judge_row(team))
    answers = question.answers.order_by("ordinal")
    met = dict(zip(answers, (it[0] for it in SIX), strict=True))
    after = make_graded_run(question, met, judge=before.judge)
    html = beside(client, alice, before, after).content.decode()
    assert "Still: steers on your samples" in html
    assert "No score moved on 6 answers." in html
    assert "both runs tried the same rubric" in html
    assert {it[2] for it in turns(before, after).values()} == {"same"}


def test_another_judge_is_no_doing_of_the_rubric(client, alice, two):
    _, before, after = two
    after.judge = make_judge_row(before.question.collection.team, "another")
    after.save()
    assert "judged differently" in beside(client, alice, before, after).content.decode()


def test_a_difference_within_luck_is_no_clear_change(team):
    given = clean()
    _, before = grade(team, given)
    less = [it for it in given if it.kind != "invariant"]
    missed = [steered(0, 0, "1110"), *given[len(less) :]]
    _, after = grade(team, [*less, *missed])
    name = "Verdicts that follow an edit"
    assert turns(before, after)[name] == ("15 of 15", "15 of 16", "unclear")


def test_a_side_without_verdicts_has_no_number(client, alice, team):
    question = make_rubric(team, "Explains the risks", "Names the number")
    answer = make_answer(question)
    judge = make_judge_row(team)
    before, after = (make_graded_run(question, {answer: None}, judge=judge) for _ in range(2))
    html = beside(client, alice, before, after).content.decode()
    assert "Still: not tested yet" in html
    number = turns(before, after)
    assert number.get("Pairs in your order") is None


def test_a_run_beside_itself_is_its_report(client, alice, two):
    question, before, _ = two
    response = beside(client, alice, before, before)
    assert response.status_code == 302
    assert response.url == f"{reverse('steering', args=[question.pk])}?run={before.pk}"


@pytest.mark.parametrize("other", ["nonsense", "5e9daf7c-3229-46f0-a4bc-fd110626a5a1"])
def test_an_unknown_run_is_not_found_beside(client, alice, two, other):
    assert beside(client, alice, two[1], other).status_code == 404


def test_a_run_of_another_question_is_not_found_beside(client, alice, team, two):
    _, other = make_tested(team, SIX)
    assert beside(client, alice, two[1], other).status_code == 404


def test_an_outsider_finds_no_runs(client, charlie, two):
    assert beside(client, charlie, two[1], two[2]).status_code == 404


def test_it_is_chosen_beside_the_report(client, alice, two):
    question, before, after = two
    client.force_login(alice)
    html = client.get(reverse("steering", args=[question.pk])).content.decode()
    assert '<select id="with" name="with">' in html
    assert f'<option value="{before.pk}">v1, run {before.ordinal}' in html
    client.get(reverse("steering", args=[question.pk]), {"run": after.pk})


def test_queries_do_not_grow_with_the_answers(client, alice, two, django_assert_max_num_queries):
    _, before, after = two
    beside(client, alice, before, after)
    with django_assert_max_num_queries(51):
        beside(client, alice, before, after)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_page_can_be_read_by_everybody(signed_in_page, alice, two):
    question, before, after = two
    page = signed_in_page(alice)
    page.goto(f"/q/{question.pk}/steering?run={after.pk}")
    page.get_by_label("Compare with").select_option(str(before.pk))
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("heading", name="The key numbers").wait_for()
    check_look(page)
