import re

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
    assert page.locator("#question").get_attribute("open") is not None
    page.keyboard.press("q")
    assert page.locator("#question").get_attribute("open") is None
    check_look(page)
    for _ in range(11 + 2):
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


def test_a_choice_is_undone_a_pair_skipped_and_a_tie_chosen_by_keys(signed_in_page, alice, team):
    question = make_rubric(team, "Explains the risks")
    make_answers(question, *(f"worth {it}" for it in range(5)))
    page = signed_in_page(alice)
    page.goto(reverse("comparisons", args=[question.pk]))
    first = page.locator(".compare-sides").inner_text()
    for key, chosen in (("0", 1), ("u", 0), ("s", 0), ("ArrowLeft", 1), ("=", 2)):
        with page.expect_navigation():
            page.keyboard.press(key)
        assert page.get_by_text(f"{chosen} pair{'s' * (chosen != 1)} chosen, about").is_visible()
        if key == "u":
            assert page.locator(".compare-sides").inner_text() == first
        if key == "s":
            assert page.locator(".compare-sides").inner_text() != first
    assert page.locator(".compare-question").get_attribute("open") is None


def test_an_answer_is_held_out_and_an_anchor_made_on_the_answers_page(signed_in_page, alice, team):
    question = make_rubric(team, "Explains the risks")
    make_answers(question, "Strong.", "Weak.", tier=2)
    page = signed_in_page(alice)
    page.goto(reverse("answers", args=[question.pk]))
    page.locator("#answer-A > summary").press("Enter")
    check_look(page)
    page.get_by_role("button", name="Hold out answer A").press("Enter")
    page.get_by_text("Answer A is held out").wait_for()
    page.locator("#answer-A > summary").press("Enter")
    assert page.get_by_role("button", name="Stop holding out answer A").is_visible()
    assert not page.get_by_role("button", name="Pin answer A").count()
    page.get_by_role("button", name=re.compile("Make it.*Off topic")).press("Enter")
    page.get_by_text("Answer C is made").wait_for()
    check_look(page)
    page.goto(reverse("write", args=[question.pk]))
    assert page.locator("#reading-B").count() == 1
    assert page.locator("#reading-A").count() == 0
