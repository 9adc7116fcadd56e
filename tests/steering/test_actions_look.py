"""What a button of the report was pressed for stands ready on the page that it opens."""

import pytest

from tests.cast import make_rubric

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BOTH = "States that the pain is an emergency and names the ambulance number."


@pytest.fixture
def opened(signed_in_page, alice, team):
    """opened("points"): the writing page with the criterion open for that."""
    question = make_rubric(team, "Explains the risks of waiting.", {"text": BOTH, "points": 6})

    def make(wanted, place=1):
        pk = question.criteria.order_by("position")[place].pk
        page = signed_in_page(alice)
        page.goto(f"/q/{question.pk}/?open={pk}&for={wanted}#c-{pk}")
        page.locator(".crit-open :focus").wait_for()
        return page

    return make


def focused(page):
    return page.evaluate("[document.activeElement.name, document.activeElement.innerText]")


def test_points_are_ready_to_be_typed_over(opened):
    page = opened("points")
    assert focused(page)[0] == "points"
    page.keyboard.type("3")
    assert page.locator(".crit-open [name=points]").input_value() == "3"


def test_words_are_ready_to_be_changed(opened):
    assert focused(opened("text"))[0] == "text"


def test_the_split_of_a_compound_is_offered_first(opened):
    assert focused(opened("split")) == ["finding", "Split in two"]


def test_without_a_split_the_words_are_ready(opened):
    assert focused(opened("split", place=0))[0] == "text"
