"""The frame and the accounts' pages as a browser shows them."""

import pytest
from django.urls import reverse

from rubric_studio.accounts.models import ApiToken, SignInLink
from tests.browser import check_axe, check_look
from tests.cast import make_rubric

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_signing_in_looks_right(browser_page):
    browser_page.goto(reverse("sign-in"))
    check_look(browser_page)
    browser_page.fill("[name=email]", "nobody@example.com")
    browser_page.fill("[name=password]", "wrong")
    browser_page.click("button[type=submit]")
    browser_page.wait_for_selector("[role=alert]")
    check_look(browser_page)


def test_entering_looks_right_and_signs_in(browser_page, alice):
    browser_page.goto(reverse("enter", args=["invented"]))
    check_look(browser_page)
    browser_page.goto(reverse("enter", args=[SignInLink.make(alice)]))
    check_look(browser_page)
    browser_page.click("text=Sign in")
    browser_page.wait_for_selector("button.avatar")


def test_tokens_look_right(signed_in_page, alice):
    old, _ = ApiToken.issue(alice, "Dashboard", ["rubrics:read", "export:read"])
    old.revoke()
    page = signed_in_page(alice)
    page.goto(reverse("tokens"))
    page.fill("[name=name]", "training cluster")
    page.click("text=Make token")
    page.wait_for_selector("#secret")
    check_look(page)


def test_team_looks_right(signed_in_page, team, olga, bob):
    page = signed_in_page(olga)
    page.goto(reverse("team", args=[team.pk]))
    page.fill("[name=email]", "new.person@example.com")
    page.click("button:has-text('Add')")
    page.wait_for_selector("#link")
    check_look(page)


def test_question_frame_looks_right(signed_in_page, team, alice):
    question = make_rubric(team, "Explains the risks", title="Chest pressure after sildenafil")
    page = signed_in_page(alice)
    page.goto(question.get_absolute_url())
    assert page.locator(".tab[aria-current=page]").inner_text().startswith("Write")
    assert page.locator("#count-criteria").inner_text() == "1"
    page.emulate_media(reduced_motion="reduce")
    check_axe(page)


@pytest.mark.parametrize("path", ["/nowhere", "/password"])
def test_small_pages_look_right(signed_in_page, alice, path):
    page = signed_in_page(alice)
    page.goto(path)
    check_look(page)


def test_revoking_asks_first(signed_in_page, alice):
    _, secret = ApiToken.issue(alice, "laptop", ["rubrics:read"])
    page = signed_in_page(alice)
    page.goto(reverse("tokens"))
    page.click("text=Revoke")
    check_axe(page)
    page.click("text=Leave it")
    assert ApiToken.find(secret)
    page.click("text=Revoke")
    page.click("#confirm button[value=yes]")
    page.wait_for_selector(".messages")
    assert not ApiToken.find(secret)


def test_theme_is_kept_and_set_before_the_page_paints(signed_in_page, alice):
    page = signed_in_page(alice)
    page.emulate_media(color_scheme="light")
    page.goto(reverse("tokens"))
    page.click("[popovertarget=themes]")
    check_axe(page)
    page.click("[data-theme-choice=dark]")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(19, 21, 25)"
    page.reload(wait_until="commit")
    page.wait_for_selector("body")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.wait_for_load_state()
    page.click("[popovertarget=themes]")
    page.click("[data-theme-choice=system]")
    assert page.evaluate(ground) == "rgb(245, 245, 241)"


def test_menu_opens_and_closes_by_keyboard(signed_in_page, alice):
    page = signed_in_page(alice)
    page.goto(reverse("tokens"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.focus("button.avatar")
    page.keyboard.press("Enter")
    assert page.locator("#account").is_visible()
    check_axe(page)
    page.keyboard.press("Escape")
    assert not page.locator("#account").is_visible()
    assert page.evaluate("document.activeElement.className") == "avatar"


def answer_of(page, status, body=""):
    """What the page does when htmx gets this answer for a request that would replace <main>."""
    page.route("**/answer", lambda route: route.fulfill(status=status, body=body))
    before = page.locator("main").inner_html()
    page.evaluate("htmx.ajax('GET', '/answer', '#main').catch(() => 0)")
    page.wait_for_function("document.querySelector('.toast, dialog[open]')")
    assert page.locator("main").inner_html() == before


@pytest.mark.parametrize(
    "status, body, said",
    [
        (409, "<p data-refusal>Add a criterion first.</p>", "Add a criterion first."),
        (500, "<h1>Traceback</h1>", "What you wrote is still here"),
        (403, "", "You may not do this"),
        (404, "<script>alert(1)</script>", "no longer there"),
    ],
)
def test_refusal_is_said_and_replaces_nothing(
    signed_in_page, alice, console_errors, status, body, said
):
    page = signed_in_page(alice)
    page.goto(reverse("tokens"))
    answer_of(page, status, body)
    assert said in page.locator("#toasts").inner_text()
    page.emulate_media(reduced_motion="reduce")
    check_axe(page)
    page.click("#toasts button")
    assert page.locator(".toast").count() == 0
    if status == 500:
        console_errors.clear()


def test_ended_session_asks_to_sign_in_and_keeps_the_page(signed_in_page, alice):
    page = signed_in_page(alice)
    page.goto(reverse("tokens"))
    page.fill("[name=name]", "half a sentence")
    page.context.clear_cookies()
    page.evaluate("htmx.ajax('GET', '/tokens', '#main').catch(() => 0)")
    page.wait_for_selector("#sign-in-again[open]")
    check_axe(page)
    page.click("#sign-in-again >> text=Close")
    assert page.input_value("[name=name]") == "half a sentence"


def test_form_of_an_old_page_is_sent_after_a_new_sign_in(signed_in_page, alice, live_server):
    page = signed_in_page(alice)
    page.goto(reverse("tokens"))
    page.context.add_cookies([{"name": "csrftoken", "value": "a" * 32, "url": live_server.url}])
    page.fill("[name=name]", "after signing in again")
    page.click("text=Make token")
    page.wait_for_selector("#secret")


def test_role_is_sent_when_it_is_chosen(signed_in_page, team, olga, bob):
    page = signed_in_page(olga)
    page.goto(reverse("team", args=[team.pk]))
    page.select_option(f"select[aria-label='Role of {bob}']", "reviewer")
    page.wait_for_selector(".messages")
    assert team.role_of(bob) == "reviewer"


def test_pages_work_without_scripts(signed_in_page, team, olga, bob):
    page = signed_in_page(olga, java_script_enabled=False)
    page.goto(reverse("team", args=[team.pk]))
    row = page.locator("tr", has_text=bob.email)
    row.locator("select").select_option("author")
    row.locator("text=Change").click()
    page.wait_for_selector(".messages")
    assert team.role_of(bob) == "author"
