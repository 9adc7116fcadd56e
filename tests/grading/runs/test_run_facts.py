"""What a run was: what it took, which repeats flip, what larger calls change."""

import re

import pytest
from django.urls import reverse

from rubric_studio.grading.models import Grade
from rubric_studio.grading.page.sheet import sheet_of
from rubric_studio.grading.runs.call_sizes import Comparable
from rubric_studio.grading.runs.repeats import repeatability_by_criterion
from rubric_studio.grading.scores import scores_of
from rubric_studio.rubrics.editing import edit_criterion
from tests.cast import make_rubric
from tests.grading_cast import make_answers, make_judge, make_run, work
from tests.pages import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_installed_judges")]


@pytest.fixture
def question(team):
    return make_rubric(team, "Explains the risks", "Says when to call", "Names the dose")


@pytest.fixture
def answers(question):
    return make_answers(question, "Call an ambulance now.", "Wait and see.")


@pytest.fixture
def priced(allow_loopback, scripted_judge, team):
    return make_judge(team, scripted_judge, name="Priced", price_in=2, price_out=8)


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
