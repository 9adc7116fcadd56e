"""What an expert means, said first; a fault found by the report, mended, and published."""

import os
import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from rubric_studio.grading.models import Comparison, Label, Probe, Run
from rubric_studio.rubrics.models import Version
from tests.cast import make_rubric
from tests.grading_cast import make_answers, make_judge

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FAULTY = "Sends everybody out of the building by the stairs."
# Points, and what an answer says that meets the criterion: none of it is in the sentence, so that
# neither echo nor key words meet it. The stairs cost points where they should earn them.
CRITERIA = {
    FAULTY: (-8, "Walk down"),
    "Tells the reader to call the fire brigade.": (7, "Ring 112"),
    "Says that a lift is not to be used.": (4, "Leave the elevator"),
    "Has the reader close doors on the way.": (3, "Shut each room"),
    "Advises looking where the smoke comes from.": (-6, "Go and see"),
}
# From the best to the worst; two that stand on one line are equally good.
ANSWERS = [
    ["Walk down at once. Ring 112. Leave the elevator. Shut each room."],
    ["Walk down at once. Ring 112. Leave the elevator."],
    ["Walk down, then wait.", "Ring 112 and wait."],
    ["Open a window and shout."],
    ["Go and see what burns."],
]
WORTH = {text: -place for place, texts in enumerate(ANSWERS) for text in texts}
FIRST_RUN = len(CRITERIA) * len(WORTH)
REASON = "No steer test is needed for a leaflet of five sentences."


def verdict(criterion, answer):
    """What a careful reader says: the thing itself has to be there."""
    return "met" if CRITERIA[criterion.text][1] in answer else "unmet"


@pytest.fixture
def question(team, scripted_judge, workers):
    scripted_judge.answer_with(verdict)
    make_judge(team, scripted_judge)
    criteria = [{"text": text, "points": points} for text, (points, _) in CRITERIA.items()]
    asked = "The smoke alarm woke me. What now?"
    question = make_rubric(team, *criteria, asked=asked, title="Smoke alarm at night")
    make_answers(question, *sorted(WORTH))
    return question


def test_a_fault_is_found_mended_and_published_through_the_gates(
    question, workers, signed_in_page, olga
):
    page = signed_in_page(olga)
    require_sign_off(page, question.collection.team)
    state_the_order(page, question)
    label_one_answer(page, question)
    with workers.start():
        grade(page, question, FIRST_RUN)
        probes = make_probes(page, question)
        everything = FIRST_RUN + len(CRITERIA) * probes
        grade(page, question, everything)
        read_the_fault(page, question)
        mend_it(page)
        grade(page, question, everything)
    read_that_it_is_gone(page, question)
    see_what_moved(page, question)
    publish(page, question)


def look(page, name):
    if folder := os.environ.get("LOOK"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def to(page, name, question):
    page.goto(reverse(name, args=[question.pk]))


def require_sign_off(page, team):
    page.goto(reverse("team", args=[team.pk]))
    page.get_by_label("Require sign-off").check()
    with page.expect_navigation():
        page.locator("#sign-off").locator("..").get_by_role("button", name="Save").click()
    expect(page.get_by_label("Require sign-off")).to_be_checked()


def state_the_order(page, question):
    to(page, "answers", question)
    look(page, "01-answers")
    page.get_by_role("link", name="Compare answers").first.click()
    expect(page.locator("#compare")).to_be_visible()
    look(page, "02-compare")
    for _ in range(30):
        if not page.locator("#compare").count():
            break
        left, right = (worth(it) for it in page.locator(".compare-sides article").all())
        with page.expect_navigation():
            page.keyboard.press("0" if left == right else "1" if left > right else "2")
    look(page, "03-compared")
    page.get_by_role("button", name="Take over as tiers").click()
    expect(page.get_by_text("6 answers have a new tier")).to_be_visible()
    tiers = dict(question.answers.values_list("text", "tier"))
    assert sorted(tiers, key=tiers.get) == sorted(tiers, key=lambda it: (WORTH[it], tiers[it]))
    assert len(set(tiers.values())) == len(ANSWERS)
    assert Comparison.objects.filter(is_tie=True).exists()


def worth(article):
    said = article.inner_text()
    return next(WORTH[text] for text in WORTH if text in said)


def label_one_answer(page, question):
    to(page, "labelling", question)
    look(page, "04-labelling")
    said = page.locator(".label-answer").inner_text()
    text = next(it for it in WORTH if it in said)
    for number, (_, meets) in enumerate(CRITERIA.values(), start=1):
        page.keyboard.press("1" if meets in text else "0")
        expect(page.locator("#label-done")).to_have_text(str(number))
    expect(page.get_by_role("heading", name="Every criterion of this answer")).to_be_visible()
    look(page, "05-labelled")
    assert Label.objects.current().count() == len(CRITERIA)


def grade(page, question, cells):
    to(page, "grade", question)
    page.get_by_role("link", name="Grade…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(re.compile("Scripted")).check()
    expect(dialog.get_by_text(f"{cells} cells")).to_be_visible()
    look(page, f"06-start-{Run.objects.count()}")
    dialog.get_by_role("button", name="Start").click()
    # The run before has as many cells: its page says the same.
    page.wait_for_url(re.compile(r"/grade\?run="))
    expect(page.get_by_text(f"{cells} of {cells}").first).to_be_visible(timeout=30_000)
    look(page, f"07-graded-{Run.objects.count()}")


def make_probes(page, question):
    """How many there are."""
    to(page, "steering", question)
    look(page, "08-report-without-probes")
    page.get_by_role("link", name="make probes").click()
    page.get_by_role("button", name="Make them").click()
    expect(page.get_by_text("probes are made")).to_be_visible()
    look(page, "09-probes")
    return Probe.objects.live().filter(answer__question=question).count()


def fixes(page):
    return page.get_by_role("list", name="Fix first").get_by_role("listitem")


def read_the_fault(page, question):
    to(page, "steering", question)
    look(page, "10-report")
    expect(page.locator("#verdict")).to_contain_text("Does not steer")
    first = fixes(page).first
    expect(first).to_contain_text("Check the sign of criterion 1")
    first.get_by_role("link", name="Change points").click()


def mend_it(page):
    points = page.locator(".crit-open [name=points]")
    expect(points).to_be_focused()
    expect(page.locator("textarea.sentence")).to_have_value(FAULTY)
    look(page, "11-criterion-opened")
    page.keyboard.type("8")
    page.keyboard.press("Control+s")
    expect(page.locator("#save-state[data-state=saved]")).to_be_visible()


def read_that_it_is_gone(page, question):
    to(page, "steering", question)
    look(page, "12-report-after")
    expect(page.locator("#verdict")).to_contain_text("Steers")
    expect(page.locator("#figure-1")).to_contain_text("Every better answer scores higher")
    expect(fixes(page).first).to_be_visible()
    expect(page.get_by_text("Check the sign of")).to_have_count(0)


def see_what_moved(page, question):
    before = Run.objects.filter(question=question).order_by("-ordinal")[1]
    page.get_by_label("Compare with").select_option(str(before.pk))
    page.get_by_role("button", name="Compare", exact=True).click()
    look(page, "13-beside")
    expect(page.get_by_role("heading", name="The key numbers")).to_be_visible()
    expect(page.get_by_text("better", exact=True).first).to_be_visible()
    expect(page.get_by_text("Scores that moved, and why")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(FAULTY)


def publish(page, question):
    to(page, "publish", question)
    look(page, "14-publish")
    notice = page.get_by_text("Your team publishes what has passed its sign-off.")
    expect(notice).to_contain_text("Steer tests")
    expect(notice).not_to_contain_text("Order")
    page.get_by_label("What changed and why").fill("Stairs earn points.")
    page.get_by_role("button", name="Publish").click()
    reason = page.get_by_label("Why you publish all the same")
    expect(reason).to_have_attribute("aria-invalid", "true")
    look(page, "15-refused")
    assert not Version.objects.exists()
    reason.fill(REASON)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("1.0.0").first).to_be_visible()
    version = Version.objects.get()
    assert version.override_reason == REASON
    assert "Steer tests" in version.overridden
    assert "Order" not in version.overridden
    page.goto(reverse("version", args=[version.pk]))
    look(page, "16-version")
    expect(page.get_by_text(REASON)).to_be_visible()
