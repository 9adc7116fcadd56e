import re

import pytest
from django.urls import reverse

from rubric_studio.rubrics.editing import edit_criterion
from rubric_studio.steering import reading
from tests.browser import check_look
from tests.cast import make_version
from tests.steering.graded import SIX, make_graded_run, make_judge_row, make_tested

WAITS = re.compile("(being|worker|nobody) (measure[ds]|compares)")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_gates_and_what_moved_can_be_read_by_everybody(signed_in_page, alice, olga, team):
    judge = make_judge_row(team)
    question, _ = make_tested(team, SIX, judge=judge)
    make_version(question)
    edit_criterion(question.criteria.first(), alice, 1, points=12)
    team.requires_sign_off = True
    team.save()
    page = signed_in_page(alice)
    for name in ("compare", "publish"):
        page.goto(reverse(name, args=[question.pk]))
        assert page.get_by_role("button", name="Judge what changed").is_visible()
        check_look(page)
    answers = list(question.answers.order_by("ordinal"))
    make_graded_run(question, dict(zip(answers, [9, 8, 6, 0, 2, 0], strict=True)), judge=judge)
    page.goto(reverse("publish", args=[question.pk]))
    assert page.get_by_text("E is no longer below D").is_visible()
    check_look(page)
    page.get_by_label("What changed and why").fill("Other points.")
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_label("Why you publish all the same").fill("The trial starts today.")
    check_look(page)
    page.get_by_label("What changed and why").fill("Other points.")
    page.get_by_role("button", name="Publish", exact=True).click()
    assert page.get_by_text("The trial starts today.").is_visible()
    check_look(page)


def test_what_is_still_being_measured_can_be_read_by_everybody(
    signed_in_page, alice, team, monkeypatch
):
    """Nobody measures here, so each page stays as it is while one waits."""
    monkeypatch.setattr(reading, "MOST_IN_REQUEST", 0)
    judge = make_judge_row(team)
    question, old = make_tested(team, SIX, judge=judge)
    make_version(question)
    edit_criterion(question.criteria.first(), alice, 1, points=12)
    answers = list(question.answers.order_by("ordinal"))
    make_graded_run(question, dict(zip(answers, [9, 8, 6, 0, 2, 0], strict=True)), judge=judge)
    team.requires_sign_off = True
    team.save()
    page = signed_in_page(alice)
    steering = reverse("steering", args=[question.pk])
    for url in (
        reverse("publish", args=[question.pk]),
        reverse("compare", args=[question.pk]),
        steering,
        f"{steering}?with={old.pk}",
    ):
        page.goto(url)
        assert page.get_by_text(WAITS).first.is_visible()
        check_look(page)
    page.goto(reverse("publish", args=[question.pk]))
    page.get_by_label("What changed and why").fill("Other points.")
    page.get_by_role("button", name="Publish", exact=True).click()
    assert page.get_by_label("What changed and why").input_value() == "Other points."
    check_look(page)
