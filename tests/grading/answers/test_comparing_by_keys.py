import pytest
from django.urls import reverse

from tests.browser import check_look
from tests.cast import make_rubric
from tests.grading_cast import make_answers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_six_answers_are_compared_by_keys_and_get_their_tiers(signed_in_page, alice, team):
    question = make_rubric(team, "Explains the risks")
    make_answers(question, "worth 3", "worth 6", "worth 1", "worth 4", "worth 2", "worth 5")
    page = signed_in_page(alice)
    page.goto(reverse("comparisons", args=[question.pk]))
    check_look(page)
    for _ in range(11):
        if not page.locator("#compare").count():
            break
        left, right = page.locator(".compare-sides article").all_inner_texts()
        with page.expect_navigation():
            page.keyboard.press("1" if left[-1] > right[-1] else "2")
    check_look(page)
    page.get_by_role("button", name="Take over as tiers").click()
    page.wait_for_url(f"**{reverse('answers', args=[question.pk])}")
    tiers = dict(question.answers.values_list("text", "tier"))
    assert tiers == {f"worth {tier}": tier for tier in range(1, 7)}
    assert page.get_by_text("6 answers have a new tier").is_visible()
