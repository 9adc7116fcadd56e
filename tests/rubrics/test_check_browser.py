"""Choosing a check, trying it, and never losing what was typed, in a browser."""

import pytest
from django.urls import reverse

from rubric_studio.rubrics.editing import edit_criterion
from tests.browser import check_look
from tests.cast import make_criterion, make_rubric
from tests.grading_cast import make_answers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def criterion(team):
    question = make_rubric(team)
    make_answers(question, "Chew one Aspirin.", tier=3, name="Good")
    make_answers(question, "Wait and see.", tier=1, name="Bad")
    return make_criterion(question, "Names aspirin.")


@pytest.fixture
def page(signed_in_page, alice, criterion):
    page = signed_in_page(alice)
    open_editor(page, criterion)
    return page


def open_editor(page, criterion):
    page.goto(reverse("write", args=[criterion.question_id]) + f"?open={criterion.pk}")
    page.locator(".crit-open").wait_for()


def saved(page):
    page.locator("#save-state[data-state=saved] time").wait_for()


def kind_shown(page):
    return page.locator(".check-kind:visible").get_attribute("data-kind")


def test_a_check_is_chosen_tried_and_saved_by_itself(page, criterion):
    assert not page.locator(".check-fields").is_visible()
    page.locator("[name=decided_by][value=program]").focus()
    page.keyboard.press("Space")
    assert kind_shown(page) == "contains"
    assert not page.locator(".editor-guidance").is_visible()
    page.locator("[name=check-contains-values]").fill("aspirin")
    page.keyboard.press("Control+.")
    page.get_by_text("1 of 2").wait_for()
    assert page.locator(".check-text mark").inner_text() == "Aspirin"
    saved(page)
    criterion.refresh_from_db()
    assert criterion.check_spec == {"kind": "contains", "values": ["aspirin"]}
    page.locator("#check-said", has_text="aspirin").wait_for()
    # Old verdicts never stand beside a new check.
    page.locator("[name=check-contains-values]").fill("wait")
    page.locator(".check-text mark", has_text="Wait").wait_for()
    check_look(page)
    page.keyboard.press("Escape")
    row = page.locator(f"#c-{criterion.pk}:not(.crit-open)")
    row.wait_for()
    assert "wait" in row.locator(".crit-marks span").first.get_attribute("title")


def test_what_is_wrong_is_said_at_the_field_and_goes_when_it_is_mended(page, criterion):
    page.get_by_text("Program", exact=True).click()
    page.locator("[name=check_kind]").select_option("regex")
    assert kind_shown(page) == "regex"
    page.locator("[name=check-regex-pattern]").fill("(?<=a)b")
    error = page.locator("#id_check-regex-pattern_error")
    error.get_by_text("Look-behind").wait_for()
    assert page.locator("#save-state").get_attribute("data-state") == "invalid"
    check_look(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.locator("[name=check-regex-pattern]").fill(r"\bab\b")
    saved(page)
    assert error.inner_text() == ""
    criterion.refresh_from_db()
    assert criterion.check_spec == {"kind": "regex", "pattern": r"\bab\b"}


def test_fields_of_another_kind_keep_what_was_typed(page):
    page.get_by_text("Program", exact=True).click()
    page.locator("[name=check-contains-values]").fill("aspirin")
    page.locator("[name=check_kind]").select_option("length")
    page.locator("[name=check-length-at_most]").fill("90")
    saved(page)
    page.locator("[name=check_kind]").select_option("contains")
    assert page.locator("[name=check-contains-values]").input_value() == "aspirin"


def test_a_check_typed_without_a_connection_comes_back(page, criterion, console_errors):
    page.context.set_offline(True)
    page.get_by_text("Program", exact=True).click()
    page.locator("[name=check_kind]").select_option("length")
    page.locator("[name=check-length-at_most]").fill("90")
    page.wait_for_timeout(300)
    console_errors.clear()
    context = page.context
    page.close(run_before_unload=False)
    context.set_offline(False)

    page = context.new_page()
    page.goto(reverse("write", args=[criterion.question_id]))
    page.locator(f"#c-{criterion.pk}.crit-open").wait_for()
    saved(page)
    assert kind_shown(page) == "length"
    criterion.refresh_from_db()
    assert criterion.check_spec == {"kind": "length", "at_most": 90}


def test_a_check_of_somebody_else_joins_what_is_being_typed(page, criterion, olga):
    edit_criterion(criterion, olga, None, check={"kind": "length", "at_most": 9})
    page.locator("[name=text]").first.fill("Names aspirin early.")
    saved(page)
    page.get_by_text("both changes are joined").wait_for()
    assert page.locator("[name=decided_by][value=program]").is_checked()
    assert page.locator("[name=check-length-at_most]").input_value() == "9"
    criterion.refresh_from_db()
    assert criterion.check_spec == {"kind": "length", "at_most": 9}
    assert criterion.text == "Names aspirin early."
