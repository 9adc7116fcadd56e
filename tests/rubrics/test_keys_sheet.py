"""The sheet of keys, and switching off those of one letter."""

import pytest
from django.urls import reverse

from tests.browser import check_axe
from tests.cast import make_rubric
from tests.rubrics.pages import page as html_of

pytestmark = [pytest.mark.django_db(transaction=True)]
browser = pytest.mark.browser


@pytest.fixture
def question(team):
    return make_rubric(team, "Names the risks.", "Names the benefits.")


def is_open(page):
    return page.locator("#keys").evaluate("it => it.open")


@browser
def test_question_mark_and_the_button_show_the_keys(signed_in_page, question, alice):
    page = signed_in_page(alice)
    page.goto(question.get_absolute_url())
    page.keyboard.press("?")
    assert is_open(page)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        check_axe(page)
    page.keyboard.press("Escape")
    assert not is_open(page)
    page.click("[data-dialog=keys]")
    assert is_open(page)
    page.click("#keys [data-close]")
    assert not is_open(page)


@browser
def test_question_mark_in_a_text_is_a_letter(signed_in_page, question, alice):
    page = signed_in_page(alice)
    page.goto(question.get_absolute_url())
    page.focus("#filter")
    page.keyboard.type("?j")
    assert not is_open(page)
    assert page.input_value("#filter") == "?j"


@browser
def test_letters_can_be_switched_off_for_good(signed_in_page, question, alice):
    page = signed_in_page(alice)
    page.goto(question.get_absolute_url())
    page.keyboard.press("j")
    assert "Names the risks." in page.evaluate("document.activeElement.textContent")
    page.click("[data-dialog=keys]")
    page.uncheck("[data-letter-keys]")
    check_axe(page)
    page.reload()
    for key in ("?", "j", "/", "o"):
        page.keyboard.press(key)
    assert not is_open(page)
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    assert not page.locator("#add kbd").is_visible()

    page.click("[data-dialog=keys]")
    page.check("[data-letter-keys]")
    page.click("#keys [data-close]")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "filter"


def test_readers_have_no_sheet_of_keys_that_write(client, question, bob):
    client.force_login(bob)

    assert 'id="keys"' not in html_of(client.get(reverse("write", args=[question.pk])))


@browser
def test_filter_leaves_the_rows_that_hold_every_word(signed_in_page, question, alice):
    page = signed_in_page(alice)
    page.goto(question.get_absolute_url())
    page.keyboard.press("/")
    page.keyboard.type("risks names")
    page.get_by_text("1 of 2").wait_for()
    assert not page.get_by_text("Names the benefits.").is_visible()
    page.keyboard.press("Escape")
    assert page.get_by_text("Names the benefits.").is_visible()
