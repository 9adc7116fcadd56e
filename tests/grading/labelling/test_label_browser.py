"""The labelling page as it is driven by the keyboard alone."""

import re

import pytest
from django.urls import reverse

from rubric_studio.grading.labels import set_label
from rubric_studio.grading.models import Adjudication, Label
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.editing import edit_criterion
from tests.browser import check_look, check_no_sideways_scroll
from tests.cast import make_rubric
from tests.grading_cast import make_answers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LEVELS = [
    {"label": it, "value": at / 2, "description": ""} for at, it in enumerate(["no", "half", "all"])
]


@pytest.fixture
def question(team):
    return make_rubric(
        team,
        "Explains the risks",
        {"text": "Is thorough", "levels": LEVELS},
        {"text": "Names the dose", "may_not_apply": True, "points": -4},
        title="Chest pressure after sildenafil",
    )


@pytest.fixture
def answers(question):
    return make_answers(question, "Call now.\n\nThen wait for the crew.", "Wait and see.")


def labelling(page, question, query=""):
    page.goto(reverse("labelling", args=[question.pk]) + query)


def saved(page, count):
    page.locator("#label-done").filter(has_text=re.compile(f"^{count}$")).wait_for()


def test_an_expert_labels_a_whole_answer_by_keys_alone(signed_in_page, question, answers, rita):
    page = signed_in_page(rita)
    labelling(page, question, f"?answer={answers[0].pk}")
    page.keyboard.press("1")
    page.get_by_role("heading", name="Is thorough").wait_for()
    page.keyboard.press("1")
    page.get_by_role("heading", name="Names the dose").wait_for()
    page.keyboard.press("c")
    page.keyboard.type("No dose is needed here; 1 n ? are letters.")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.get_by_role("heading", name="Every criterion of this answer").wait_for()
    saved(page, 3)
    said = {it.criterion_key: (it.status, it.value, it.note) for it in Label.objects.current()}
    assert [said[it.key] for it in draft_document(question).criteria] == [
        ("graded", 1.0, ""),
        ("graded", 0.5, ""),
        ("not_applicable", None, "No dose is needed here; 1 n ? are letters."),
    ]
    page.keyboard.press("Enter")
    page.get_by_text("Wait and see.").wait_for()
    page.keyboard.press("?")
    page.keyboard.press("u")
    page.get_by_role("heading", name="Explains the risks").wait_for()
    page.keyboard.press("j")
    page.keyboard.press("k")
    saved(page, 0)
    page.keyboard.press("0")
    saved(page, 1)
    assert Label.objects.current().get(answer=answers[1]).value == 0.0


def test_keys_pressed_without_a_connection_are_kept_and_sent_later(
    signed_in_page, question, answers, rita, console_errors
):
    page = signed_in_page(rita)
    labelling(page, question, f"?answer={answers[0].pk}")
    page.context.set_offline(True)
    page.keyboard.press("1")
    page.keyboard.press("2")
    page.get_by_text("2 kept on this computer").wait_for()
    saved(page, 0)
    assert not Label.objects.exists()
    page.context.set_offline(False)
    saved(page, 2)
    assert sorted(Label.objects.values_list("value", flat=True)) == [1.0, 1.0]
    console_errors.clear()


def test_keys_of_a_page_that_was_closed_offline_are_sent_by_the_next_one(
    signed_in_page, question, answers, rita, console_errors
):
    page = signed_in_page(rita)
    labelling(page, question, f"?answer={answers[0].pk}")
    page.context.set_offline(True)
    page.keyboard.press("0")
    page.get_by_text("1 kept on this computer").wait_for()
    other = page.context.new_page()
    page.close(run_before_unload=False)
    other.context.set_offline(False)
    labelling(other, question, f"?answer={answers[1].pk}")
    other.get_by_text("1 label kept on this computer: now saved.").wait_for()
    label = Label.objects.get()
    assert (label.answer, label.value) == (answers[0], 0.0)
    console_errors.clear()


def test_only_what_was_reworded_is_asked_again(signed_in_page, question, answers, rita, alice):
    keys = [it.key for it in draft_document(question).criteria]
    for key, verdict in zip(keys, ["met", "all", "unmet"], strict=True):
        set_label(answers[0], key, rita, verdict=verdict)
    criterion = question.criteria.get(key=keys[0])
    edit_criterion(criterion, alice, based_on=criterion.revision, text="Explains every risk")
    page = signed_in_page(rita)
    labelling(page, question, "?only=stale")
    page.get_by_role("heading", name="Explains every risk").wait_for()
    page.locator("[data-stale] ins", has_text="every risk").wait_for()
    assert page.get_by_text("you said met").count() == 0
    assert page.locator("[data-row]").count() == 1
    check_look(page)
    page.keyboard.press("0")
    saved(page, 1)
    page.get_by_text("Criterion 1: before it changed you said met.").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Nothing to read again").wait_for()
    assert Label.objects.current().get(criterion_key=keys[0]).value == 0.0


def test_two_experts_disagree_and_the_author_settles_it(
    signed_in_page, question, answers, rita, olga, alice
):
    keys = [it.key for it in draft_document(question).criteria]
    set_label(answers[0], keys[0], rita, verdict="met")
    set_label(answers[0], keys[0], olga, verdict="unmet", note="Only one risk of three.")
    page = signed_in_page(alice)
    page.goto(reverse("disagreements", args=[question.pk]))
    page.get_by_text("Only one risk of three.").wait_for()
    page.get_by_role("button", name="Not met").click()
    page.get_by_text("Say in a sentence why").wait_for()
    page.get_by_label("Why the verdict holds").fill("All three risks are needed.")
    page.get_by_role("button", name="Not met").click()
    page.locator(".case-settled", has_text="All three risks are needed.").wait_for()
    settled = Adjudication.objects.get()
    assert (settled.author, settled.value) == (alice, 0.0)
    assert Label.objects.current().count() == 2
    check_look(page)


def test_the_page_is_as_it_should_be_in_both_themes_wide_and_narrow(
    signed_in_page, question, answers, rita
):
    page = signed_in_page(rita)
    labelling(page, question, f"?answer={answers[0].pk}")
    page.keyboard.press("1")
    saved(page, 1)
    check_look(page)
    check_no_sideways_scroll(page)
    page.get_by_role("button", name="half").click()
    page.get_by_role("heading", name="Names the dose").wait_for()
    page.get_by_role("button", name="Cannot tell").click()
    saved(page, 3)
    check_look(page)


def test_letter_keys_can_be_switched_off(signed_in_page, question, answers, rita):
    page = signed_in_page(rita)
    labelling(page, question, f"?answer={answers[0].pk}")
    page.keyboard.press("h")
    page.get_by_text("Keys of one letter or sign").click()
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    page.keyboard.press("n")
    page.get_by_role("button", name="Met", exact=False).first.click()
    saved(page, 1)
    assert Label.objects.count() == 1


def test_giving_answers_out_looks_as_it_should(signed_in_page, question, answers, rita, alice):
    page = signed_in_page(alice)
    page.goto(reverse("assignments", args=[question.pk]))
    page.get_by_label("Rita").check()
    page.get_by_label("Experts for each answer").fill("1")
    page.get_by_role("button", name="Give out").click()
    page.get_by_role("button", name="Ask Rita no more").wait_for()
    check_look(page)
