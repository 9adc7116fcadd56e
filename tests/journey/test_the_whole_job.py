"""From a sign-in link to a score worked out from the exported document, without the database."""

import json
import re
import urllib.request
from io import StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from rubric_studio.engine.document.reading import read_document
from rubric_studio.engine.document.scoring import NOT_APPLICABLE, score
from rubric_studio.engine.document.strict_json import loads

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CRITERIA = {
    "Says that the smoke alarm must not be switched off.": 8,
    "Tells the reader to leave the building.": 10,
    "Tells the reader to call the fire brigade.": 7,
    "Tells the reader to close the doors behind them.": 4,
    "Names a meeting place outside.": 3,
    "Says that a lift is not to be used.": 5,
    "Advises opening the window to look.": -6,
    "Promises that nothing is burning.": -9,
}
ANSWERS = [
    ("Strong", "alarm leave brigade doors meeting lift"),
    ("Strong", "leave brigade doors lift alarm"),
    ("Acceptable", "leave brigade lift"),
    ("Acceptable", "leave brigade window"),
    ("Weak", "window nothing"),
]
TIERS = {"Strong": "3", "Acceptable": "2", "Weak": "1"}
WORDS = ["alarm", "leave", "brigade", "doors", "meeting", "lift", "window", "nothing"]


def verdict(criterion, answer):
    """Met where the answer holds the criterion's word."""
    place = list(CRITERIA).index(next(it for it in CRITERIA if it in criterion.text))
    return "met" if WORDS[place] in answer else "unmet"


def test_the_whole_job_in_the_browser_and_over_rest(
    workers, scripted_judge, open_page, live_server
):
    scripted_judge.answer_with(verdict)
    page = open_page()
    sign_in(page, live_server)
    make_question(page)
    write_criteria(page)
    add_answers(page)
    connect_judge(page, scripted_judge)
    with workers.start():
        grade(page)
    shown = read_scores(page)
    assert scripted_judge.stats()["calls"] == len(CRITERIA) * len(ANSWERS)
    read_order(page)
    label_two_cells(page)
    publish(page)
    verify_export(live_server, make_token(page), shown)


def sign_in(page, live_server):
    call_command("create_user", "anna@example.org", team="Fire safety", stdout=StringIO())
    said = StringIO()
    call_command("sign_in_link", "anna@example.org", base_url=live_server.url, stdout=said)
    page.goto(re.search(r"http\S+", said.getvalue()).group())
    page.get_by_role("main").get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def make_question(page):
    page.get_by_role("link", name="New collection").first.click()
    page.get_by_label("Name").fill("House fires")
    page.get_by_role("button", name="Make the collection").click()
    page.get_by_role("link", name="Question").first.click()
    page.get_by_label("Title").fill("Smoke alarm at night")
    page.get_by_label("What is said").first.fill("The smoke alarm woke me. What now?")
    page.get_by_role("button", name="Save and write criteria").click()
    expect(page.get_by_text("No criteria yet")).to_be_visible()


def write_criteria(page):
    for number, (sentence, points) in enumerate(CRITERIA.items(), start=1):
        if not page.locator("#new_text").is_visible():
            page.get_by_role("link", name="Criterion").first.click()
        page.locator("#new_text").fill(sentence)
        page.locator("#new_points").fill(str(points))
        page.locator("#new_points").press("Control+Enter")
        expect(page.locator("[data-criterion]")).to_have_count(number)
        expect(page.locator("#count-criteria")).to_have_text(str(number))


def add_answers(page):
    page.get_by_role("link", name="Answers").click()
    for tier, text in ANSWERS:
        page.get_by_role("link", name=re.compile("answer$", re.IGNORECASE)).first.click()
        page.get_by_label("The answer").first.fill(text)
        page.get_by_label("Tier").select_option(TIERS[tier])
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_text(text).first).to_be_visible()
    expect(page.locator("#count-answers")).to_have_text("5")


def connect_judge(page, scripted_judge):
    question = page.url
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("link", name="Judges").click()
    page.get_by_role("link", name="Judge", exact=False).first.click()
    page.get_by_label("Address").fill(scripted_judge.base_url)
    page.get_by_label("Model", exact=True).fill("scripted")
    page.get_by_label("Name", exact=True).fill("Scripted")
    page.get_by_role("button", name="Add the judge").click()
    expect(page.get_by_text("Scripted").first).to_be_visible()
    page.goto(question)


def grade(page):
    page.get_by_role("link", name="Grade", exact=True).click()
    page.get_by_role("link", name="Grade…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("40 cells")).to_be_visible()
    dialog.get_by_label(re.compile("Scripted")).check()
    expect(dialog.get_by_text("40 to judge")).to_be_visible()
    dialog.get_by_role("button", name="Start").click()
    expect(page.get_by_text("40 of 40").first).to_be_visible(timeout=30_000)


def read_scores(page):
    """What the page shows of each answer, by letter, and which run it is."""
    page.reload()
    heads = page.locator("[id^=head-]")
    expect(heads).to_have_count(len(ANSWERS))
    scores = {
        head.get_attribute("id").removeprefix("head-"): head.locator(".value").inner_text()
        for head in heads.all()
    }
    return re.search(r"run=([0-9a-f-]{36})", page.url)[1], scores


def read_order(page):
    page.get_by_role("link", name="Steering", exact=True).click()
    expect(page.get_by_text("Steers on your samples").first).to_be_visible()
    expect(page.locator("#figure-1")).to_contain_text("n = 5 answers")


def label_two_cells(page):
    page.get_by_role("link", name="Grade", exact=True).click()
    page.locator("[data-row] td a").first.click()
    label = page.locator("#label-form")
    expect(label).to_be_visible()
    page.keyboard.press("1")
    expect(label.get_by_role("button", name="Met", pressed=True)).to_be_visible()
    page.locator("[data-row] td a").nth(1).click()
    expect(page.locator("#cell")).to_contain_text("answer B")
    page.keyboard.press("0")
    expect(page.locator("#cell")).to_contain_text("You and the judge differ")


def publish(page):
    page.get_by_role("navigation", name="Pages of this question").get_by_role(
        "link", name="Write"
    ).click()
    page.get_by_role("link", name="Publish…").click()
    page.get_by_label("What changed and why").fill("First version.")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("1.0.0").first).to_be_visible()


def make_token(page):
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("link", name="Tokens").click()
    page.get_by_label("Name").fill("Training")
    page.get_by_role("button", name="Make token").click()
    return page.locator("#secret").inner_text()


def verify_export(live_server, token, shown):
    """The exported document and the run's verdicts give the score that the page showed."""
    run, scores = shown

    def get(path):
        address = f"{live_server.url}/api/v1/{path}"
        request = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.read()

    (line,) = get("collections/house-fires/export?format=rubric-studio").splitlines()
    document = read_document(loads(line))
    assert [it.text for it in document.criteria] == list(CRITERIA)
    grades = json.loads(get(f"runs/{run}/grades"))["results"]
    over_rest = {it["answer"]: it["score"] for it in json.loads(get(f"runs/{run}"))["scores"]}
    verdicts = {answer: {} for answer in over_rest}
    for cell in grades:
        verdicts[cell["answer"]][cell["criterion"]] = (
            NOT_APPLICABLE if cell["status"] == "not_applicable" else cell["value"]
        )
    worked_out = {answer: score(document, given).score for answer, given in verdicts.items()}
    assert worked_out == over_rest
    in_words = sorted(f"{value:.2f}".replace("-", "−") for value in worked_out.values())
    assert in_words == sorted(scores.values())
