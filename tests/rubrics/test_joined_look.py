"""The pages that show runs beside rubrics, as a browser shows them."""

import pytest
from django.urls import reverse

from rubric_studio.rubrics.editing import edit_criterion
from rubric_studio.rubrics.models import Question
from tests.browser import check_look
from tests.cast import make_answer, make_collection, make_criterion, make_rubric, make_version
from tests.steering.graded import SIX, make_demo_judge, make_tested

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_start_page_with_states_and_needs_looks_right(signed_in_page, team, alice):
    collection = make_collection(team)
    make_tested(team, SIX)
    make_tested(team, [*SIX, (3, {"anchor": "empty"})])
    make_tested(team, [(9 - reached, fields) for reached, fields in SIX])
    make_answer(make_rubric(team, "Explains the risks.", title="Snake bite"), tier=2)
    Question.objects.update(collection=collection)
    page = signed_in_page(alice)
    page.goto(reverse("home"))
    check_look(page)
    page.click("[popovertarget=import-into]")
    assert page.locator("#import-into a").count() == 6
    check_look(page)


def test_writing_page_with_verdicts_looks_right(signed_in_page, team, alice):
    question, _ = make_tested(team, SIX, judge=make_demo_judge(team))
    first, second, *_ = question.criteria.all()
    make_criterion(question, "Says one thing more.")
    edit_criterion(first, alice, 1, text="Says thing 1 plainly")
    page = signed_in_page(alice)
    page.goto(question.get_absolute_url())
    assert page.locator(".crit-verdicts").count() == 12
    page.click(f"#c-{second.pk} [data-open]")
    page.wait_for_selector(".tried-all")
    check_look(page)
    page.click("[data-close-editor]")
    page.wait_for_selector(f"#c-{second.pk} .crit-verdicts")


def test_comparing_and_publishing_look_right(signed_in_page, team, alice):
    question, _ = make_tested(team, SIX)
    make_version(question)
    edit_criterion(question.criteria.first(), alice, 1, text="Says thing 1 plainly")
    page = signed_in_page(alice)
    for name in ("compare", "publish"):
        page.goto(reverse(name, args=[question.pk]))
        check_look(page)
