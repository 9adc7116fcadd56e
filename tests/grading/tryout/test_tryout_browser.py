"""The try-out loop as it is seen and driven by the keyboard."""

import time

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from rubric_studio.grading.models import Label, Run
from rubric_studio.grading.tryout.room import room
from tests.browser import check_axe, check_look
from tests.cast import make_criterion, make_rubric
from tests.grading_cast import make_answers, make_run, work

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DELAY = 0.3
# The promise is 500 ms and the judge's own time, at the 95th percentile: bench/tryout.py measures
# it. This bound only catches what is far off on a machine that does much else.
GENEROUS = DELAY + 3


@pytest.fixture
def question(team, judge, scripted_judge):
    room.places.clear()
    room.began.clear()
    scripted_judge.script(delay=DELAY)
    scripted_judge.answer_with(
        lambda criterion, answer: "met" if "at once" in criterion.text else "unmet"
    )
    question = make_rubric(team, "Says when to call", "Names the number")
    make_answers(question, "Call an ambulance now.", tier=3, name="Good")
    make_answers(question, "Wait.", tier=1, name="Bad")
    return question


def save(page):
    """What is typed would otherwise be saved when the test is over."""
    page.keyboard.press("Control+s")
    page.locator("#save-state[data-state=saved]").wait_for()


def verdict(page, letter, words):
    card = page.locator(f'.tried-card[tabindex][aria-label="Answer {letter}"]')
    card.locator(".tried-verdict", has_text=words).wait_for()
    return card


def seconds_until_verdict(page, letter, words):
    started = time.perf_counter()
    page.keyboard.press("Control+.")
    verdict(page, letter, words)
    took = time.perf_counter() - started
    print(f"keypress to verdict: {took * 1000:.0f} ms, the judge's own {DELAY * 1000:.0f} ms")
    return took


def test_u7_a_criterion_is_tried_labelled_reworded_and_tried_again_by_keyboard(
    signed_in_page, alice, question, scripted_judge
):
    page = signed_in_page(alice)
    criterion = question.criteria.first()
    page.goto(f"{reverse('write', args=[question.pk])}?open={criterion.pk}")
    page.locator("textarea.sentence").focus()
    page.keyboard.press("End")
    page.keyboard.type(", in words")
    assert DELAY <= seconds_until_verdict(page, "A", "Not met") < GENEROUS
    verdict(page, "B", "Not met")
    page.get_by_text("Same wording as above.").wait_for()
    assert page.evaluate("document.activeElement.matches('textarea.sentence')")

    page.keyboard.press("Control+,")
    page.keyboard.press("d")
    page.get_by_text("you: met").wait_for()
    label = Label.objects.get()
    assert (label.value, label.answer.letter, label.is_current) == (1.0, "A", True)
    page.keyboard.press("d")
    page.get_by_text("you: met").wait_for(state="detached")
    assert not Label.objects.current().exists()
    page.keyboard.press("Control+,")
    page.keyboard.press("a")
    page.get_by_text("you: not met").wait_for()
    assert Label.objects.current().get().answer.letter == "B"

    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('textarea.sentence')")
    page.keyboard.press("End")
    page.keyboard.type(" at once")
    page.get_by_text("The wording has changed since: try again.").wait_for()
    page.keyboard.press("Control+.")
    verdict(page, "A", "Met")
    verdict(page, "B", "Met")
    assert not Run.objects.exists()
    save(page)


def test_u7_a_second_try_takes_the_place_of_one_that_hangs(
    signed_in_page, alice, question, scripted_judge
):
    scripted_judge.script({"kind": "hang", "criterion": "slowly"}, delay=0)
    page = signed_in_page(alice)
    criterion = question.criteria.first()
    page.goto(f"{reverse('write', args=[question.pk])}?open={criterion.pk}")
    sentence = page.locator("textarea.sentence")
    sentence.fill("Says it slowly")
    sentence.press("Control+.")
    verdict(page, "A", "Judging")
    sentence.fill("Says it at once")
    sentence.press("Control+.")
    verdict(page, "A", "Met")
    verdict(page, "B", "Met")
    save(page)


def test_a_try_says_that_it_goes_on_and_outlasts_a_save(signed_in_page, alice, question):
    page = signed_in_page(alice)
    page.goto(f"{reverse('write', args=[question.pk])}?open={question.criteria.first().pk}")
    heading = page.locator(".tryout-head .label")
    expect(heading).to_have_text("Not tried yet")
    page.locator("textarea.sentence").fill("Says to call at once")
    page.keyboard.press("Control+.")
    expect(heading).to_have_text("Trying")
    save(page)
    verdict(page, "A", "Met")
    expect(heading).to_have_text("Tried on 2 pinned answers")


def test_a_try_says_nothing_beside_another_criterion(
    signed_in_page, alice, question, judge, scripted_judge
):
    work(make_run(question, judge))
    scripted_judge.script(delay=1.5)
    page = signed_in_page(alice)
    first, second = question.criteria.all()
    page.goto(f"{reverse('write', args=[question.pk])}?open={first.pk}")
    page.locator("textarea.sentence").fill("Says it slowly")
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/try")):
        page.keyboard.press("Control+.")
        verdict(page, "A", "Judging")
        page.keyboard.press("Escape")
        page.get_by_role("link", name=second.text).click()
        expect(page.locator("textarea.sentence")).to_have_value(second.text)
    expect(page.locator(".tried-error")).to_have_count(0)
    expect(page.locator(".tryout-head .label")).to_have_text("Tried on 2 pinned answers")
    verdict(page, "A", "Not met")
    save(page)


def test_other_points_move_the_scores_while_one_types(signed_in_page, alice, question, judge):
    scripted = make_criterion(question, "Says to call at once", points=5)
    work(make_run(question, judge))
    page = signed_in_page(alice)
    page.goto(f"{reverse('write', args=[question.pk])}?open={scripted.pk}")
    page.locator("[name=points]").fill("30")
    page.locator(".tried-score-list", has_text="0.75").wait_for()
    check_axe(page)
    save(page)


def test_the_try_out_is_as_it_should_be_in_both_themes_wide_and_narrow(
    signed_in_page, alice, question, scripted_judge
):
    scripted_judge.script({"kind": "invented_quote", "answer": "Wait"}, delay=0)
    page = signed_in_page(alice)
    criterion = question.criteria.first()
    page.goto(f"{reverse('write', args=[question.pk])}?open={criterion.pk}")
    page.locator("[data-try]").click()
    verdict(page, "A", "Not met").get_by_role("button", name="Disagree").click()
    page.get_by_text("you: met").wait_for()
    check_look(page)


def test_what_a_run_said_is_disagreed_with_by_one_key(signed_in_page, alice, question, judge):
    work(make_run(question, judge))
    page = signed_in_page(alice)
    criterion = question.criteria.first()
    page.goto(f"{reverse('write', args=[question.pk])}?open={criterion.pk}")
    sentence = page.locator("textarea.sentence")
    sentence.press("End")
    page.keyboard.type(" today")  # not what was judged: the label is about that all the same
    page.keyboard.press("Control+,")
    page.keyboard.press("d")
    page.get_by_text("you: met").wait_for()
    label = Label.objects.get()
    assert (label.value, label.answer.letter, label.criterion_key) == (1.0, "A", criterion.key)
    assert label.is_current
    check_look(page)
    save(page)


def test_levels_are_chosen_and_answers_pinned_by_keyboard(
    signed_in_page, alice, question, scripted_judge
):
    levels = [{"label": it, "value": at / 2, "description": ""} for at, it in enumerate("abc")]
    criterion = make_criterion(question, "Is thorough", levels=levels)
    scripted_judge.answer_with(lambda criterion, answer: criterion.verdicts[1])
    page = signed_in_page(alice)
    page.goto(f"{reverse('write', args=[question.pk])}?open={criterion.pk}")
    page.get_by_role("button", name="Pin answer A").press("Enter")
    page.get_by_role("button", name="Unpin answer A").wait_for()
    page.locator("textarea.sentence").press("Control+.")
    verdict(page, "A", "b")
    page.locator("[data-over]").wait_for()
    assert page.locator(".tried-card[tabindex]").count() == 1
    page.keyboard.press("Control+,")
    page.keyboard.press("d")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("you: c").wait_for()
    assert Label.objects.get().level == "c"
    check_axe(page)
