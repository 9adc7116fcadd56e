"""Words that the server has not acknowledged: never called saved, and back after a crash."""

import pytest
from django.urls import reverse

from tests.cast import make_rubric

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def question(team):
    return make_rubric(team, "Names the risks.", "Names the benefits.")


def write_url(question, query=""):
    return reverse("write", args=[question.pk]) + query


def crash(page):
    """The window is gone without a question asked; its storage stays."""
    context = page.context
    page.close(run_before_unload=False)
    context.set_offline(False)
    return context.new_page()


def state(page):
    return page.locator("#save-state").get_attribute("data-state")


def test_new_criterion_is_not_called_saved_and_survives_a_crash(signed_in_page, question, alice):
    page = signed_in_page(alice)
    page.goto(write_url(question, "?new=#new"))
    page.locator("#new_text").fill("Says when to call an ambulance.")
    assert state(page) == "unsaved"
    page.wait_for_timeout(300)

    page = crash(page)
    page.goto(write_url(question))
    page.locator("#new_text").wait_for()
    page.wait_for_function("document.getElementById('new_text').value != ''")
    assert page.locator("#new_text").input_value() == "Says when to call an ambulance."
    assert state(page) == "unsaved"

    page.locator("#new-criterion [type=submit]").click()
    page.locator("[data-criterion]", has_text="call an ambulance").wait_for()
    assert state(page) == "saved"
    page.reload()
    page.wait_for_timeout(300)
    assert page.locator("#new_text").count() == 0


def test_text_typed_without_a_connection_comes_back_on_the_bare_page(
    signed_in_page, question, alice, console_errors
):
    criterion = question.criteria.order_by("pk").first()
    page = signed_in_page(alice)
    page.goto(write_url(question, f"?open={criterion.pk}"))
    page.context.set_offline(True)
    page.locator(".crit-open [name=text]").fill("Names every risk.")
    page.evaluate("document.querySelectorAll('.crit-open details').forEach(it => it.open = true)")
    page.locator(".crit-open [data-add-row=examples]").click()
    page.locator(".crit-open [name=example_answer]:visible").fill("It may burn.")
    page.wait_for_timeout(300)
    console_errors.clear()

    page = crash(page)
    page.goto(write_url(question))
    page.locator(f"#c-{criterion.pk}.crit-open").wait_for()
    page.locator("#save-state[data-state=saved] time").wait_for()
    criterion.refresh_from_db()
    assert criterion.text == "Names every risk."
    assert [it["answer"] for it in criterion.examples] == ["It may burn."]


def test_move_does_not_call_text_saved_that_is_on_its_way(signed_in_page, question, alice):
    _, second = question.criteria.order_by("position")
    page = signed_in_page(alice)
    page.goto(write_url(question, f"?open={second.pk}"))
    page.route(f"**/criteria/{second.pk}", lambda route: None)
    page.locator(".crit-open [name=text]").fill("Names every benefit.")
    with page.expect_response(f"**/criteria/{second.pk}/move"):
        page.keyboard.press("Alt+ArrowUp")
    page.wait_for_timeout(300)
    assert state(page) != "saved"


def test_text_taken_back_is_saved_and_not_kept(signed_in_page, question, alice):
    criterion = question.criteria.order_by("position").first()
    page = signed_in_page(alice)
    page.goto(write_url(question, f"?open={criterion.pk}"))
    page.locator(".crit-open [name=text]").fill("Names no risk.")
    assert state(page) == "unsaved"
    page.locator(".crit-open [name=text]").fill(criterion.text)
    assert state(page) == "saved"


def test_open_of_a_deleted_criterion_leads_to_the_trash(client, question, alice):
    criterion = question.criteria.first()
    client.force_login(alice)
    client.post(reverse("criterion-delete", args=[criterion.pk]))

    response = client.get(write_url(question), {"open": str(criterion.pk)}, follow=True)

    assert response.redirect_chain[0][0] == reverse("trash", args=[question.pk])
    assert "Restore it to go on" in response.content.decode()
