"""Answers, judges and files as a browser shows them."""

import json

import pytest
from django.urls import reverse

from rubric_studio.grading.answers.editing import add_answer, edit_answer
from rubric_studio.grading.labels import set_label
from tests.browser import check_look
from tests.cast import make_collection, make_rubric
from tests.grading_cast import make_run

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHAT = [{"role": "user", "content": "It hurts."}, {"role": "assistant", "content": "Call now."}]


@pytest.fixture
def question(team, alice):
    question = make_rubric(team, "Says to call", title="Chest pressure after sildenafil")
    add_answer(question, alice, text="Call 911 now. " * 40, tier=3, band=(0.8, 1), anchor="ideal")
    add_answer(question, alice, name="A talk", messages=CHAT, tier=1, band=(-0.4, 0))
    add_answer(question, alice, text="Perfect in every point.", origin="probe")
    return question


def test_answers_look_right(signed_in_page, question, alice):
    answer = question.answers.first()
    set_label(answer, question.criteria.get().key, alice, verdict="met")
    make_run(question)
    edit_answer(answer, alice, tier=2)
    page = signed_in_page(alice)
    page.goto(reverse("answers", args=[question.pk]))
    for summary in page.locator("details.answer > summary").all():
        summary.click()
    check_look(page)
    page.goto(reverse("answer", args=[answer.pk]))
    check_look(page)


def test_an_answer_s_form_looks_right_with_its_problems_and_a_clash(
    signed_in_page, question, alice
):
    page = signed_in_page(alice)
    page.goto(reverse("answer-add", args=[question.pk]))
    page.fill("[name=band_low]", "0.5")
    page.click("button:text-is('Add')")
    page.wait_for_selector(".errors")
    check_look(page)
    answer = question.answers.first()
    page.goto(reverse("answer-edit", args=[answer.pk]))
    edit_answer(answer, alice, text="Wait for an hour.")
    page.fill("[name=text]", "Call 112.")
    page.click("button:text-is('Save')")
    page.wait_for_selector("[role=alert]")
    check_look(page)
    assert page.input_value("[name=text]") == "Call 112."
    page.click("text=Save over theirs")
    page.wait_for_selector(".messages")
    answer.refresh_from_db()
    assert answer.text == "Call 112."


def test_uploading_looks_right_with_its_problems(signed_in_page, question, alice):
    page = signed_in_page(alice)
    page.goto(reverse("answers-upload", args=[question.pk]))
    page.fill("[name=pasted]", '{"text": 5}\nno JSON')
    page.click("main button[type=submit]")
    page.wait_for_selector("[role=alert]")
    check_look(page)


def test_deleting_and_undoing_need_no_scripts(signed_in_page, question, alice):
    page = signed_in_page(alice, java_script_enabled=False)
    page.goto(reverse("answers", args=[question.pk]))
    page.locator("details.answer > summary").first.click()
    page.click("[aria-label='Delete answer A']")
    page.click("text=Undo")
    page.wait_for_selector("text=Answer A is back in its place.")
    assert question.answers.filter(deleted_at=None).count() == 3


def test_judges_look_right_and_are_tested_in_place(
    signed_in_page, alice, judge, scripted_judge, team
):
    scripted_judge.answer_with("met")
    page = signed_in_page(alice)
    page.goto(reverse("judges"))
    page.click("[aria-label='Test Scripted']")
    page.wait_for_selector(".judge-diagnosis .status-ok")
    scripted_judge.answer_with("gullible")
    page.click("[aria-label='Test Scripted']")
    page.wait_for_selector("text=Obeys orders written in answers")
    check_look(page)
    page.click("[aria-label='Change Scripted']")
    page.wait_for_selector("text=Copy and change")
    check_look(page)
    page.goto(reverse("judge-add", args=[team.pk]))
    page.wait_for_selector("text=On this machine")
    page.click("details.advanced > summary")
    page.fill("[name=extra_body]", "[1")
    page.click("main button[type=submit]")
    page.wait_for_selector(".errors")
    check_look(page)


def test_the_prompt_looks_right_and_its_rules_are_changed_and_taken_back(
    signed_in_page, alice, team
):
    page = signed_in_page(alice)
    page.goto(reverse("judges"))
    page.click("text=Prompt")
    page.fill("[name=text]", "- Be strict.")
    page.fill("[name=note]", "Hints got credit.")
    page.click("text=Change the rules")
    page.wait_for_selector("text=Hints got credit.")
    page.click("text=Its words")
    check_look(page)
    page.click("text=Back to the standard")
    page.click("#confirm button[value=yes]")
    page.wait_for_selector("text=: the standard rules")
    check_look(page)


def test_import_and_export_look_right(signed_in_page, team, alice):
    collection = make_collection(team)
    row = {"prompt": CHAT[:1], "rubrics": [{"criterion": "Calls.", "points": 5, "tags": []}]}
    page = signed_in_page(alice)
    page.goto(reverse("collection-import", args=[collection.slug]))
    page.check("[value=healthbench]")
    page.fill("[name=pasted]", "nothing")
    page.click("main button[type=submit]")
    page.wait_for_selector("[role=alert]")
    check_look(page)
    page.fill("[name=pasted]", json.dumps({**row, "canary": 1}))
    page.click("main button[type=submit]")
    page.wait_for_selector(".imported")
    check_look(page)
    page.goto(reverse("collection-export", args=[collection.slug]))
    page.click("text=Show the drafts")
    page.wait_for_selector(".losses, .status-ok")
    check_look(page)
    with page.expect_download() as download:
        page.locator("a:has-text('Download')").first.click()
    assert download.value.suggested_filename == f"{collection.slug}.rubric-studio.jsonl"
