"""The collection's page as a browser shows it."""

import pytest
from django.urls import reverse

from tests.browser import check_look
from tests.steering.collection.labelled import make_labelled

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_judge_against_experts_can_be_read_by_everybody_in_both_themes(signed_in_page, alice, team):
    collection, _ = make_labelled(team, questions=1, c4="00010010")
    page = signed_in_page(alice)
    page.goto(reverse("collection-agreement", args=[collection.slug]))
    check_look(page)
