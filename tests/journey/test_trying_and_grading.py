"""A criterion tried, reworded and tried again; a run watched, stopped, resumed; its evidence."""

import re

import pytest
from playwright.sync_api import expect

from rubric_studio.grading.models import Label, Run
from tests.cast import make_criterion, make_rubric
from tests.grading_cast import make_answers, make_judge

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Slow enough that a browser that is late still cancels in mid-run.
DELAY = 0.6
VAGUE, CLEAR = "Mentions the fire brigade.", "Tells the reader to call the fire brigade."
OTHERS = [f"Names danger {number}." for number in range(23)]


def verdict(criterion, answer):
    """The vague sentence is met by any mention, the clear one by an order to call."""
    if criterion.text == VAGUE:
        return "met" if "brigade" in answer else "unmet"
    if criterion.text == CLEAR:
        return "met" if "Call the fire brigade" in answer else "unmet"
    return "met"


@pytest.fixture
def question(team, scripted_judge, workers):
    scripted_judge.script(delay=DELAY)
    scripted_judge.answer_with(verdict)
    make_judge(team, scripted_judge, concurrency=4)
    question = make_rubric(team, *OTHERS, title="Smoke alarm at night")
    make_criterion(question, "Has at most 20 words.", points=-2, check=AT_MOST_TWENTY_WORDS)
    make_answers(question, "Get out. Call the fire brigade.", name="Clear", tier=3)
    make_answers(question, "The fire brigade knows best.", name="Vague", tier=1)
    return question


AT_MOST_TWENTY_WORDS = {"kind": "length", "unit": "words", "at_most": 20}


def test_a_criterion_is_tried_and_all_is_graded_stopped_and_taken_up_again(
    question, workers, scripted_judge, signed_in_page, alice
):
    page = signed_in_page(alice)
    page.goto(question.get_absolute_url())
    write(page)
    try_and_disagree(page)
    reword_and_try_again(page)
    asked = scripted_judge.stats()["calls"]
    with workers.start():
        start(page)
        cancel(page)
        finished = Run.objects.get().grades.filter(status="graded").count()
        resume(page)
    run = Run.objects.get()
    assert run.status == Run.Status.DONE
    assert 0 < finished < run.grades.count()
    assert run.grades.filter(is_check=True, status="graded").count() == 2
    # Nothing that was graded is asked again, but what was on its way at the cancelling may be.
    calls = scripted_judge.stats()["calls"] - asked
    assert 48 <= calls <= 48 + 4
    see_the_evidence(page)


def write(page):
    page.get_by_role("link", name="Criterion").first.click()
    page.locator("#new_text").fill(VAGUE)
    page.locator("#new_points").fill("5")
    page.locator("#new_points").press("Control+Enter")
    expect(page.locator("[data-criterion]")).to_have_count(25)
    page.keyboard.press("Escape")
    page.get_by_role("link", name=VAGUE).click()
    expect(page.locator("textarea.sentence")).to_have_value(VAGUE)


def card(page, letter):
    return page.locator(f'.tried-card[aria-label="Answer {letter}"]')


def try_and_disagree(page):
    page.locator("textarea.sentence").press("Control+.")
    for letter in "AB":
        expect(card(page, letter).locator(".tried-verdict")).to_have_text(re.compile("^Met"))
    card(page, "B").get_by_role("button", name="Disagree").click()
    expect(card(page, "B")).to_contain_text("you: not met")
    label = Label.objects.get()
    assert (label.answer.letter, label.value) == ("B", 0.0)


def reword_and_try_again(page):
    sentence = page.locator("textarea.sentence")
    sentence.fill(CLEAR)
    sentence.press("Control+.")
    expect(card(page, "B").locator(".tried-verdict")).to_have_text(re.compile("^Not met"))
    expect(card(page, "A").locator(".tried-verdict")).to_have_text(re.compile("^Met"))
    sentence.press("Control+s")
    expect(page.locator("#save-state[data-state=saved]")).to_be_visible()


def start(page):
    page.get_by_role("link", name="Grade", exact=True).click()
    page.get_by_role("link", name="Grade…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(re.compile("Scripted")).check()
    expect(dialog.get_by_text("50 cells")).to_be_visible()
    expect(dialog.get_by_text("2 by programs")).to_be_visible()
    dialog.get_by_role("button", name="Start").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()


def cancel(page):
    judged = page.locator(".runbar .legend li", has_text="judged").locator("b")
    expect(judged).not_to_have_text("0", timeout=30_000)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name=re.compile(r"Resume, \d+ left"))).to_be_visible()


def resume(page):
    page.get_by_role("button", name=re.compile("^Resume")).click()
    expect(page.get_by_text("50 of 50").first).to_be_visible(timeout=60_000)


def see_the_evidence(page):
    row = page.locator("[data-row]", has_text=CLEAR)
    row.locator("td a").first.click()
    cell = page.locator("#cell")
    expect(cell).to_contain_text("answer A")
    cell.get_by_role("link", name="Prompt and reply").click()
    expect(page.get_by_text(f"{CLEAR}").first).to_be_visible()
    expect(page.get_by_text("Because the script says so.").first).to_be_visible()
