"""What the rules say, as a browser shows it: seen, reached and answered by keys."""

import pytest

from tests.browser import check_axe, check_no_sideways_scroll
from tests.cast import make_criterion, make_rubric

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COMPOUND = "Recommends an ambulance and states that driving is unsafe."


@pytest.fixture
def rubric(team):
    question = make_rubric(team)
    make_criterion(question, COMPOUND, points=5)
    make_criterion(question, "Ideally gives better appropriate detailed reasons mentioned above.")
    for it in ("the emergency number", "the dose of aspirin", "the nearest hospital"):
        make_criterion(question, f"Names {it}.", points=4)
    return question


def check_look(page):
    """As everywhere, from the top: what is half under the page's head is no target."""
    for theme, width in (("light", 1440), ("dark", 360)):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("() => { scrollTo(0, 0); document.querySelector('#rubric').scrollTo(0, 0); }")
        check_no_sideways_scroll(page)
        check_axe(page)


def opened(page, question, text):
    row = question.criteria.get(text__startswith=text)
    page.goto(f"{question.get_absolute_url()}?open={row.pk}#c-{row.pk}")
    page.wait_for_selector(".lint .lint-note")
    return row


def test_findings_look_right_open_waiting_and_let_stand(signed_in_page, rubric, alice):
    page = signed_in_page(alice)
    opened(page, rubric, "Ideally")
    assert page.locator(".lint .lint-note:visible").count() == 3
    check_look(page)
    page.locator(".lint-more > summary").click()
    page.locator(".lint .lint-note").first.get_by_text("Dismiss…").click()
    check_look(page)
    page.keyboard.type("The panel knows what is meant.")
    page.keyboard.press("Enter")
    page.wait_for_selector(".lint .lint-stood")
    check_look(page)


def test_the_rubric_as_a_whole_looks_right_and_is_let_stand_by_keys(signed_in_page, rubric, alice):
    page = signed_in_page(alice)
    page.goto(rubric.get_absolute_url())
    page.locator("#lint-whole > summary").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#lint-whole .lint-note:visible")
    check_look(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.type("Facts only.")
    page.keyboard.press("Enter")
    page.wait_for_selector("#lint-whole .lint-stood:visible")
    assert rubric.dismissals.get().reason == "Facts only."
    check_look(page)


def test_a_finding_is_dismissed_brought_back_and_repaired_by_keys(signed_in_page, rubric, alice):
    page = signed_in_page(alice)
    row = opened(page, rubric, "Recommends")
    page.locator("textarea[name=text]").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Split in two"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.type("It is one act.")
    page.keyboard.press("Enter")
    page.wait_for_selector(".lint .lint-stood")
    assert rubric.dismissals.get().reason == "It is one act."
    assert page.evaluate("document.activeElement.textContent") == "Bring back"
    page.keyboard.press("Enter")
    page.wait_for_selector(".lint .lint-note-error")
    assert page.evaluate("document.activeElement.textContent") == "Split in two"
    page.keyboard.press("Enter")
    page.wait_for_url("**fixed=**")
    row.refresh_from_db()
    assert row.text == "Recommends an ambulance."
    assert rubric.criteria.live().filter(text="States that driving is unsafe.").exists()


def test_a_reason_outlives_the_saving_of_its_sentence(signed_in_page, rubric, alice):
    page = signed_in_page(alice)
    row = opened(page, rubric, "Recommends")
    page.locator(".lint .lint-dismiss > summary").first.click()
    page.keyboard.type("It is one act.")
    page.evaluate(
        "() => { const it = document.querySelector('textarea[name=guidance]');"
        " it.value = 'Any vehicle.'; it.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    page.keyboard.press("Enter")
    page.wait_for_selector(".lint .lint-stood")
    row.refresh_from_db()
    assert row.guidance == "Any vehicle."
    assert rubric.dismissals.get().reason == "It is one act."
