"""What the writing page shows of the newest finished run."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rubric_studio.grading.answers.editing import edit_answer
from rubric_studio.grading.answers.pins import pin_answer, unpin_answer
from rubric_studio.grading.labels import set_label
from rubric_studio.rubrics.editing import edit_criterion, edit_question
from tests.cast import make_answer, make_criterion, make_rubric
from tests.rubrics.pages import HTMX, page
from tests.rubrics.test_write_page import BUDGET, big_question, write
from tests.steering.graded import SIX, make_demo_judge, make_graded_run, make_tested


@pytest.fixture
def tested(client, team, alice):
    """Ten criteria, six answers in three tiers (A to F), one run."""
    client.force_login(alice)
    return make_tested(team, SIX)


def rows_of(html):
    """What each row says of its verdicts, in the page's order; "" for none."""
    rows = html.split('<div class="crit" role="listitem"')[1:]
    said = [
        re.search(r'crit-verdicts[^>]*?(?:aria-label="([^"]*)")?>(not tried)?', it) for it in rows
    ]
    return [(it[1] or it[2] or "") if it else "" for it in said]


def letters_of(html):
    head = html.split('class="crit crit-head"')[1].split("</div>")[0]
    return re.findall(r">([A-Z]+)</b>", head)


def side(client, criterion):
    return page(client.get(reverse("criterion-edit", args=[criterion.pk]), headers=HTMX))


def test_rows_show_one_answer_of_the_highest_middle_and_lowest_tier(client, tested):
    question, run = tested

    html = page(write(client, question))

    assert letters_of(html) == ["A", "C", "E"]
    assert rows_of(html)[2] == (
        f"Run {run.ordinal}: A met, +1 points; C met, +1 points; E not met, 1 points missed"
    )
    assert 'id="m-met"' in html


def test_the_answer_held_to_be_best_is_pinned_whatever_it_scored(client, team, alice):
    client.force_login(alice)
    met = [
        (9, {"tier": 3}),
        (0, {"tier": 3, "anchor": "ideal"}),
        (5, {"tier": 1}),
        (9, {"tier": 1, "origin": "probe"}),
    ]
    question, _ = make_tested(team, met)

    assert letters_of(page(write(client, question))) == ["B", "C"]


def test_probes_are_told_of_apart_from_answers(client, team, alice):
    client.force_login(alice)
    probe = {"origin": "probe"}
    question, _ = make_tested(team, [(5, {"tier": 2}), (3, {"tier": 1}), (9, probe), (0, probe)])

    html = side(client, question.criteria.first())

    own, probes = html.split("In all 2 answers, run")[1].split("In 2 probes")
    assert re.findall(r'aria-label="Answer (\w): (\w+)', own) == [("A", "met"), ("B", "met")]
    assert re.findall(r'aria-label="Answer (\w): (\w+)', probes) == [("C", "met"), ("D", "not")]


def test_without_tiers_the_first_answers_are_pinned(client, team, alice):
    client.force_login(alice)
    question, _ = make_tested(team, [(5, {})] * 4)

    assert letters_of(page(write(client, question))) == ["A", "B", "C"]


def test_answers_that_somebody_pinned_take_their_place(client, tested):
    question, _ = tested
    answers = {it.letter: it for it in question.answers.all()}
    for letter in "FB":
        pin_answer(answers[letter])
    assert letters_of(page(write(client, question))) == ["B", "F"]
    for letter in "FB":
        unpin_answer(answers[letter])
    assert letters_of(page(write(client, question))) == ["A", "C", "E"]


def test_without_a_finished_run_there_are_no_marks(client, team, alice):
    client.force_login(alice)
    question = make_rubric(team, "Explains the risks.")
    make_graded_run(question, {make_answer(question): 1}, status="running")

    html = page(write(client, question))

    assert rows_of(html) == [""]
    assert "What a judge is asked" in side(client, question.criteria.get())


def test_a_reworded_criterion_shows_dots_and_one_of_new_points_does_not(client, tested, alice):
    question, _ = tested
    first, second, *_ = question.criteria.all()
    edit_criterion(first, alice, 1, text="Says thing 1 plainly")
    edit_criterion(second, alice, 1, points=9)

    rows = rows_of(page(write(client, question)))

    assert rows[0].count("reworded since it was judged") == 3
    assert "A met, +9 points" in rows[1]
    html = side(client, first)
    assert "Reworded since run" in html
    assert "near chance" not in html


def test_a_new_criterion_is_not_tried_yet(client, tested):
    question, _ = tested
    added = make_criterion(question, "Says one thing more.")

    assert rows_of(page(write(client, question)))[-1] == "not tried"
    assert "Not tried yet" in side(client, added)


def test_another_question_text_makes_every_row_stale(client, tested, alice):
    question, _ = tested
    edit_question(question, alice, 1, messages=[{"role": "user", "content": "And now?"}])

    rows = rows_of(page(write(client, question)))

    assert all("reworded since" in row for row in rows)


def test_an_edited_answer_shows_dots_and_one_in_the_trash_nothing(client, tested, alice):
    question, _ = tested
    answers = {it.letter: it for it in question.answers.all()}
    edit_answer(answers["A"], alice, text="Something else.")
    answers["C"].deleted_at = answers["C"].changed_at
    answers["C"].save()

    html = page(write(client, question))

    assert letters_of(html) == ["A", "D", "E"]
    assert all("A the answer has changed since" in row for row in rows_of(html))


def test_the_open_criterion_shows_every_answer_in_tier_order(client, tested):
    question, run = tested
    criterion = question.criteria.all()[5]

    html = side(client, criterion)

    assert f"In all 6 answers, run {run.ordinal}" in html
    labels = re.findall(r'aria-label="Answer ([A-F]): ([a-z ]+)', html)
    assert [it[0] for it in labels] == list("ABCDEF")
    assert [it[1] for it in labels] == ["met"] * 3 + ["not met"] * 3
    cell = f"{reverse('grade', args=[question.pk])}?run={run.pk}&amp;cell=D.{criterion.key}#cell"
    assert cell in html
    assert client.get(cell.replace("&amp;", "&").partition("#")[0]).status_code == 200


def test_judge_and_experts_are_compared_under_this_wording_only(client, tested, alice, olga):
    question, _ = tested
    criterion = question.criteria.all()[5]
    answers = list(question.answers.all())
    for answer, verdict in zip(answers[:4], ("met", "met", "unmet", "cannot_assess"), strict=True):
        set_label(answer, criterion.key, alice, verdict=verdict)
    set_label(answers[0], criterion.key, olga, verdict="met")

    assert "Alike in <b>3 of 4</b> labels under this wording" in side(client, criterion)
    edit_criterion(criterion, alice, 1, guidance="Read closely.")
    assert "under this wording" not in side(client, criterion)


def test_the_demo_judge_is_said_to_be_near_chance(client, team, alice):
    client.force_login(alice)
    question, _ = make_tested(team, SIX, judge=make_demo_judge(team))

    assert "The demo judge is near chance" in side(client, question.criteria.first())


@pytest.mark.parametrize("criteria", [50, 500])
def test_page_with_a_run_keeps_to_its_budget_of_queries(client, team, alice, criteria):
    client.force_login(alice)
    question = big_question(team, alice, criteria)
    answers = [make_answer(question, tier=tier) for tier in (3, 3, 2, 1)]

    with CaptureQueriesContext(connection) as before:
        write(client, question)
    without_run = len(before)
    make_graded_run(question, dict.fromkeys(answers, criteria // 2))
    write(client, question)  # the first time it is noted that she has seen the run
    with CaptureQueriesContext(connection) as queries:
        response = write(client, question)

    assert len(rows_of(page(response))) == criteria
    assert len(queries) <= BUDGET
    assert len(queries) <= without_run + 3
    opened = question.criteria.first().pk
    with CaptureQueriesContext(connection) as queries:
        write(client, question, open=opened)
    # Who changed it last, its grades, its labels, what was quoted from the answers beside it, and
    # whether it is known already that she has seen the run.
    assert len(queries) <= BUDGET + 5
