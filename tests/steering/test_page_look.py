import pytest
from django.urls import reverse

from tests.browser import check_look
from tests.steering.graded import SIX, make_demo_judge, make_tested

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_report_can_be_read_by_everybody_in_both_themes(signed_in_page, alice, team):
    met = [
        *SIX[:3],
        (1, {"tier": 2, "band_low": 0.4, "band_high": 0.6, "name": "Misses what matters most"}),
        *SIX[4:],
        (4, {"anchor": "empty"}),
        (None, {"tier": 1}),
    ]
    question, _ = make_tested(team, met, judge=make_demo_judge(team))
    page = signed_in_page(alice)
    page.goto(reverse("steering", args=[question.pk]))
    check_look(page)
    for summary in page.locator(".figure-foot summary").all():
        summary.click()
    check_look(page)


def test_paper_shows_what_the_buttons_open(signed_in_page, alice, team):
    question, _ = make_tested(team, SIX)
    page = signed_in_page(alice)
    page.goto(reverse("steering", args=[question.pk]))
    page.emulate_media(media="print")
    assert page.get_by_text("Kendall (1938)").is_visible()
    assert not page.get_by_role("button", name="Print").is_visible()
    assert not page.get_by_label("Run").is_visible()
