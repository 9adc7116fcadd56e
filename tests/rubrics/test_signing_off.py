"""A team may publish only what has passed its sign-off; an override keeps its reason."""

import json

import pytest
from django.urls import reverse

from rubric_studio.rubrics.models import Version
from rubric_studio.rubrics.publishing import NotSignedOff, publish
from rubric_studio.rubrics.signing_off import gates_in_words
from tests.cast import make_rubric
from tests.rubrics.pages import page
from tests.steering.graded import SIX, make_demo_judge, make_tested

pytestmark = pytest.mark.django_db
ALL = ["Order", "Bands and anchors", "Steer tests", "Exploit probes", "Lint"]


@pytest.fixture
def strict(team):
    team.requires_sign_off = True
    team.save()
    return team


def test_an_untested_draft_is_refused_with_every_open_gate(strict, alice):
    question = make_rubric(strict, "Explains the risks.")
    with pytest.raises(NotSignedOff) as refusal:
        publish(question, alice, note="First.")
    assert list(refusal.value.gates) == ALL
    assert not Version.objects.exists()


def test_a_gate_that_passes_is_not_open(strict, alice):
    question, _ = make_tested(strict, SIX)
    with pytest.raises(NotSignedOff) as refusal:
        publish(question, alice, note="First.")
    assert "Order" not in refusal.value.gates
    assert "Exploit probes" in refusal.value.gates


def test_the_demo_judge_signs_nothing_off(strict, alice):
    question, _ = make_tested(strict, SIX, judge=make_demo_judge(strict))
    with pytest.raises(NotSignedOff) as refusal:
        publish(question, alice, note="First.")
    assert list(refusal.value.gates) == ALL


def test_a_run_of_other_points_signs_nothing_off(strict, alice):
    from rubric_studio.rubrics.editing import edit_criterion

    question, _ = make_tested(strict, SIX)
    edit_criterion(question.criteria.first(), alice, 1, points=9)
    with pytest.raises(NotSignedOff) as refusal:
        publish(question, alice, note="First.")
    assert list(refusal.value.gates) == ALL


def test_a_reason_overrides_and_stays_with_the_gates_that_were_open(strict, alice):
    question = make_rubric(strict, "Explains the risks.")
    version = publish(question, alice, note="First.", override=" The trial starts today. ")
    version.refresh_from_db()
    assert version.override_reason == "The trial starts today."
    assert version.overridden == ALL


def test_a_team_that_requires_nothing_publishes_as_before(team, alice):
    version = publish(make_rubric(team, "Explains the risks."), alice, note="First.")
    assert (version.override_reason, version.overridden) == ("", [])


def test_the_page_shows_the_gates_and_asks_for_the_reason_at_its_field(client, strict, alice):
    client.force_login(alice)
    question, _ = make_tested(strict, SIX)
    address = reverse("publish", args=[question.pk])
    html = page(client.get(address))
    assert "Exploit probes" in html
    assert 'name="override"' in html

    refused = client.post(address, {"note": "First."})
    assert refused.status_code == 422
    assert "override" in refused.context["form"].errors
    assert refused.context["form"]["note"].value() == "First."

    client.post(address, {"note": "First.", "override": "The trial starts today."})
    version = Version.objects.get()
    shown = page(client.get(version.get_absolute_url()))
    assert "The trial starts today." in shown
    assert "Exploit probes" in shown


def test_where_nothing_is_required_no_reason_is_asked_for(client, team, alice):
    client.force_login(alice)
    question, _ = make_tested(team, SIX)
    html = page(client.get(reverse("publish", args=[question.pk])))
    assert "Exploit probes" in html
    assert 'name="override"' not in html


def test_programs_are_refused_and_may_give_the_reason_too(client, strict, alice):
    from rubric_studio.accounts.models import ApiToken

    question = make_rubric(strict, "Explains the risks.")
    _, secret = ApiToken.issue(alice, "test", ["rubrics:read", "rubrics:write"])
    headers = {"Authorization": f"Bearer {secret}"}
    address = f"/api/v1/questions/{question.pk}/versions"

    def post(given):
        return client.post(
            address, json.dumps(given), content_type="application/json", headers=headers
        )

    refused = post({"note": "First."})
    assert refused.status_code == 409
    assert refused.json()["type"].endswith("not_signed_off")
    assert "Steer tests" in refused.json()["detail"]
    made = post({"note": "First.", "override_reason": "The trial starts today."})
    assert made.status_code == 201
    assert made.json()["override_reason"] == "The trial starts today."
    assert made.json()["overridden"] == ALL


def test_owners_require_it_and_others_may_not(client, team, olga, alice):
    address = reverse("team-sign-off", args=[team.pk])
    client.force_login(alice)
    assert client.post(address, {"requires_sign_off": "yes"}).status_code == 403
    client.force_login(olga)
    assert client.get(address).status_code == 405
    client.post(address, {"requires_sign_off": "yes"})
    team.refresh_from_db()
    assert team.requires_sign_off
    assert "Require sign-off" in page(client.get(reverse("team", args=[team.pk])))
    client.post(address)
    team.refresh_from_db()
    assert not team.requires_sign_off


def test_strangers_find_no_team(client, team, charlie):
    client.force_login(charlie)
    assert client.post(reverse("team-sign-off", args=[team.pk])).status_code == 404


def test_gates_are_read_out_like_a_sentence():
    assert gates_in_words(("Order",)) == "Order"
    assert gates_in_words(("Order", "Lint")) == "Order and Lint"
    assert gates_in_words(("Order", "Steer tests", "Lint")) == "Order, Steer tests and Lint"
