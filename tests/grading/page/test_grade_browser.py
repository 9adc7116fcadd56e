"""The grading page as it is seen and driven by the keyboard."""

import pytest

from rubric_studio.grading.models import Judge, Label
from rubric_studio.grading.runs.starting import document_of
from tests.browser import check_look
from tests.cast import make_rubric
from tests.grading_cast import make_answers, make_run, work

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def run(team, judge, scripted_judge):
    scripted_judge.answer_with(lambda criterion, answer: "met" if "now" in answer else "unmet")
    levels = [{"label": it, "value": at / 2, "description": ""} for at, it in enumerate("abc")]
    question = make_rubric(
        team, "Explains the risks", {"text": "Is thorough", "levels": levels}, "Says when to call"
    )
    make_answers(question, "Call now.", tier=3, band=(0.5, 1), name="Good")
    make_answers(question, "Wait.", tier=1, band=(0, 0.2), name="Bad")
    scripted_judge.answer_with(
        lambda criterion, answer: criterion.verdicts[0 if "now" in answer else 1]
    )
    return make_run(question, judge)


def cell(page, run, number, letter):
    return page.locator(f'[data-cell="{letter}.{document_of(run).criteria[number].key}"]')


def test_everything_can_be_done_with_the_keyboard(signed_in_page, rita, run):
    work(run)
    page = signed_in_page(rita)
    page.goto(run.get_absolute_url())
    cell(page, run, 0, "A").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.get_by_text("Criterion 1, answer B, Bad").wait_for()
    page.keyboard.press("1")
    page.get_by_text("You and the judge differ here").wait_for()
    assert "cell-differs" in cell(page, run, 0, "B").get_attribute("class")
    page.keyboard.press("ArrowDown")
    page.get_by_text("Criterion 2, answer B, Bad").wait_for()
    page.keyboard.press("2")
    page.get_by_role("button", name="Take back").wait_for()
    assert sorted(Label.objects.values_list("value", flat=True)) == [1.0, 1.0]
    page.keyboard.press("Escape")
    page.get_by_text("Open a cell to see why").wait_for()
    page.keyboard.press("/")
    page.keyboard.type("thorough")
    page.get_by_text("1 of 3").wait_for()
    assert not cell(page, run, 0, "A").is_visible()


def test_cells_arrive_while_one_watches_and_the_asking_ends_with_the_run(signed_in_page, rita, run):
    page = signed_in_page(rita)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/live" in request.url else 0)
    page.goto(run.get_absolute_url())
    cell(page, run, 2, "B").focus()
    work(run)
    page.get_by_text("6 of 6 judged").wait_for()
    assert cell(page, run, 0, "A").get_attribute("aria-label").startswith("met")
    assert page.evaluate("document.activeElement.dataset.cell").startswith("B.")
    seen = len(asked)
    page.wait_for_timeout(2500)
    assert len(asked) == seen


def test_the_page_is_as_it_should_be_in_both_themes_wide_and_narrow(signed_in_page, rita, run):
    work(run)
    page = signed_in_page(rita)
    page.goto(f"{run.get_absolute_url()}&cell=A.{document_of(run).criteria[0].key}")
    check_look(page)
    page.goto(run.get_absolute_url())
    check_look(page)


def test_what_the_page_warns_of_and_tells_has_room_in_both_themes(signed_in_page, alice, run):
    Judge.objects.update(kind=Judge.Kind.DEMO)
    page = signed_in_page(alice)
    page.goto(run.get_absolute_url())
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("Cancelled.").wait_for()
    page.get_by_text("The demo judge gave these verdicts").wait_for()
    check_look(page)


def test_a_run_is_started_from_the_dialog(signed_in_page, alice, run):
    work(run)
    page = signed_in_page(alice)
    page.goto(run.get_absolute_url())
    page.get_by_role("link", name="Grade…").click()
    page.get_by_text("6 known already").wait_for()
    page.get_by_label("B: Bad").uncheck()
    page.get_by_text("3 cells").wait_for()
    page.get_by_role("button", name="Start").click()
    page.get_by_text("3 of 3 judged").wait_for()


@pytest.mark.parametrize("width", [1100, 1280])
def test_a_long_name_gives_way_to_the_tabs_and_the_buttons(signed_in_page, alice, run, width):
    run.question.title = "How long a name may be that somebody gives to a question"
    run.question.save(update_fields=["title"])
    page = signed_in_page(alice)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(run.get_absolute_url())
    tabs = page.locator(".titlebar .tabs")
    assert tabs.evaluate("it => it.scrollWidth <= it.clientWidth")
    tab, actions = (
        page.locator(f".titlebar {it}").last.bounding_box() for it in (".tab", ".actions")
    )
    assert tab["x"] + tab["width"] <= actions["x"]


@pytest.mark.parametrize("letter", ["B", "Y"])
def test_a_narrow_page_shows_one_answer_of_any_number(signed_in_page, rita, team, judge, letter):
    """25 answers, the last two of them probes."""
    question = make_rubric(team, "Says when to call", "Names the number")
    make_answers(question, *(f"Answer {number}." for number in range(23)))
    make_answers(question, "Probe one.", "Probe two.", origin="probe")
    run = make_run(question, judge)
    narrow = {"viewport": {"width": 360, "height": 800}}
    page = signed_in_page(rita, **narrow)
    page.goto(run.get_absolute_url())
    chooser = page.get_by_role("navigation", name="Which answer")
    assert not chooser.get_by_text("Y", exact=True).is_visible()
    chooser.get_by_text("Probes").click()
    chooser.get_by_text(letter, exact=True).click()
    assert shown_columns(page) == [letter]
    page.goto(f"{run.get_absolute_url()}&answer={letter}")
    assert chooser.get_by_text(letter, exact=True).is_visible()
    assert shown_columns(page) == [letter]
    plain = signed_in_page(rita, java_script_enabled=False, **narrow)
    plain.goto(f"{run.get_absolute_url()}&answer={letter}")
    assert letter in shown_columns(plain)


def shown_columns(page):
    """Letters of the columns that can be seen, by their cells in the first row."""
    cells = page.locator("#table tr[data-row]").first.locator("[data-cell]").all()
    return [it.get_attribute("data-cell").partition(".")[0] for it in cells if it.is_visible()]
