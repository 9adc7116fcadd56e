"""Probes, the wizard and the three figures as they are seen."""

import pytest

from rubric_studio.steering.reading import read_report
from tests.browser import check_look
from tests.steering.planted.probing import ANSWERS, Given, clean, grade, steered

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXT = (
    "Call the emergency number now. Chew 300 mg of aspirin, and skip it if you are allergic."
    " Nitroglycerin must not be taken after sildenafil. Sit down and rest.\n\nStay calm."
)


@pytest.fixture
def tested(team):
    """A question with probes that gain, edits that miss and edits that spill."""
    given = [it for it in clean() if it.criterion not in (0, 1) and it.family != "stuffing"]
    words = "nitroglycerin, taken, sildenafil."
    given += [
        Given("stuffing", base, ANSWERS[base][1][:2] + "1" + ANSWERS[base][1][3], put_in=words)
        for base in (3, 4, 5)
    ]
    given += [steered(0, 0, "0010") for _ in range(5)]
    given += [steered(1, 0, "1110") for _ in range(3)] + [steered(1, 0, "1010") for _ in range(3)]
    given.append(Given("half", 3, "1100", criterion=1, put_in="Chew 300 mg of aspirin."))
    return grade(team, given)


def test_the_report_with_probes_looks_right(signed_in_page, alice, tested):
    question, run = tested
    # Measured beforehand: seconds of the processor, which on a busy machine are more than the ten
    # of the clock that a browser waits for a page.
    assert read_report(run).is_current
    page = signed_in_page(alice)
    page.goto(f"/q/{question.pk}/steering?run={run.pk}")
    assert page.locator("#figure-10 mark").first.inner_text() == "nitroglycerin"
    check_look(page)


def test_the_page_of_probes_looks_right(signed_in_page, alice, team):
    from tests.cast import make_rubric
    from tests.grading_cast import make_answers
    from tests.steering.planted.probing import CRITERIA

    question = make_rubric(team, *({"text": text, "points": it} for text, it in CRITERIA))
    strong, _ = make_answers(question, TEXT, "Wait and see. Rest.")
    page = signed_in_page(alice)
    page.goto(f"/q/{question.pk}/probes")
    page.get_by_role("button", name="Make them").click()
    page.get_by_text("probes are made").wait_for()
    for name in ("Keyword stuffing of A", "Confident and wrong of A"):
        page.get_by_text(name).first.click()
    page.evaluate("scrollTo(0, 0)")
    check_look(page)
    page.goto(f"/answers/{strong.pk}/steer")
    check_look(page)
    page.get_by_role("link", name="call the emergency number").click()
    check_look(page)
    page.get_by_role("button", name="Keep this test").click()
    page.get_by_text("is kept. Grade it with the answers.").wait_for()
    assert "1 of 5 tests" in page.locator("#criteria li").first.inner_text()
