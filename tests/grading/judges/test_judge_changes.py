"""Changing a judge, and making one from another."""

import pytest
from django.urls import reverse

from rubric_studio.engine.judging import local_servers
from rubric_studio.engine.judging.local_servers import Place
from rubric_studio.grading.judges.editing import endpoint_of
from rubric_studio.grading.models import Judge
from tests.grading.judges.desk import FORM, KEY, add
from tests.pages import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_installed_judges")]


def test_a_judge_is_changed_in_place_and_keeps_its_key(at_desk, team):
    at_desk.post(reverse("judge-add", args=[team.pk]), {**FORM, "api_key": KEY})
    judge = Judge.objects.get()
    address = reverse("judge-edit", args=[judge.pk])
    page = at_desk.get(address)
    assert KEY not in page.content.decode()
    assert page.context["form"]["price_in"].value() == "0.1"
    given = {
        "name": "Other",
        "price_in": "1",
        "price_out": "2",
        "concurrency": "4",
        "timeout": "9.5",
        "model": "ignored",
    }
    page = at_desk.post(address, given, follow=True)
    assert "Other is changed." in words_of(page)
    judge.refresh_from_db()
    assert (judge.name, judge.timeout, judge.model) == ("Other", 9.5, "qwen3-32b")
    assert endpoint_of(judge).api_key == KEY
    at_desk.post(address, {**given, "forget_key": "on"})
    judge.refresh_from_db()
    assert endpoint_of(judge).api_key == ""


@pytest.mark.parametrize(
    "field, wrong",
    [
        ("name", {"name": " "}),
        ("price_in", {"price_in": "-1"}),
        ("timeout", {"timeout": "0"}),
        ("api_key", {"api_key": "two words"}),
    ],
)
def test_bad_changes_are_shown_at_their_field(at_desk, team, field, wrong):
    add(at_desk, team)
    judge = Judge.objects.get()
    page = at_desk.post(reverse("judge-edit", args=[judge.pk]), {**FORM, **wrong})
    assert page.status_code == 422
    assert field in page.context["form"].errors
    if wrong.get("api_key"):
        assert wrong["api_key"] not in page.content.decode()


def test_a_copy_begins_as_its_judge_and_keeps_the_key_at_the_same_address(at_desk, team):
    add(at_desk, team, api_key=KEY, seed="7", extra_body='{"top_p": 0.9}')
    judge = Judge.objects.get()
    address = f"{reverse('judge-add', args=[team.pk])}?copy={judge.pk}&model=qwen3-8b"
    page = at_desk.get(address)
    assert "Copy of Big judge" in words_of(page)
    form = page.context["form"]
    assert (form["model"].value(), form["seed"].value(), form["base_url"].value()) == (
        "qwen3-8b",
        7,
        "https://api.example.com/v1",
    )
    assert KEY not in page.content.decode()
    at_desk.post(address, {**FORM, "name": "Small", "model": "qwen3-8b"})
    copy = Judge.objects.get(name="Small")
    assert (endpoint_of(copy).api_key, copy.model) == (KEY, "qwen3-8b")
    at_desk.post(address, {**FORM, "name": "Elsewhere", "base_url": "https://evil.example/v1"})
    assert endpoint_of(Judge.objects.get(name="Elsewhere")).api_key == ""


def test_only_a_judge_of_the_same_team_can_be_copied(client, team, charlie, alice, settings):
    client.force_login(charlie)
    other = charlie.teams.get()
    add(client, other)
    theirs = Judge.objects.get()
    client.force_login(alice)
    address = reverse("judge-add", args=[team.pk])
    assert client.get(f"{address}?copy={theirs.pk}").status_code == 404
    assert client.get(f"{address}?copy=nonsense").status_code == 404
    settings.DEMO_JUDGE_URL = "http://127.0.0.1:9999/v1"
    client.get(reverse("judges"))
    demo = Judge.objects.get(team=team)
    assert client.get(f"{address}?copy={demo.pk}").status_code == 404
    assert client.get(reverse("judge-edit", args=[demo.pk])).status_code == 404


def test_readers_and_outsiders_change_nothing(client, bob, charlie, judge, team):
    for user, status in ((bob, 403), (charlie, 404)):
        client.force_login(user)
        assert client.get(reverse("judge-edit", args=[judge.pk])).status_code == status
        assert client.post(reverse("judge-edit", args=[judge.pk]), FORM).status_code == status
        assert client.get(reverse("judges-nearby", args=[team.pk])).status_code == status


def test_servers_on_this_machine_are_offered_with_their_models(
    at_desk, team, scripted_judge, allow_loopback, monkeypatch
):
    place = Place("Ollama", scripted_judge.port)
    monkeypatch.setattr(local_servers, "PLACES", (place,))
    part = at_desk.get(reverse("judges-nearby", args=[team.pk]), headers={"HX-Request": "true"})
    link = f"{reverse('judge-add', args=[team.pk])}?port={place.port}&model=scripted"
    assert link.replace("&", "&amp;") in part.content.decode()
    assert b"<html" not in part.content
    form = at_desk.get(link).context["form"]
    assert form["base_url"].value() == scripted_judge.base_url
    assert form["model"].value() == form["name"].value() == "scripted"


def test_what_may_not_be_looked_at_is_said_with_the_settings_name(at_desk, team):
    page = at_desk.get(reverse("judges-nearby", args=[team.pk]))
    said = words_of(page)
    assert "Not looked at: Ollama" in said
    assert "JUDGE_ENDPOINT_ALLOWLIST" in said
    assert (
        reverse("judges-nearby", args=[team.pk])
        in at_desk.get(reverse("judge-add", args=[team.pk])).content.decode()
    )


def test_a_link_cannot_put_an_address_of_its_own_into_the_form(at_desk, team, allow_loopback):
    address = reverse("judge-add", args=[team.pk])
    for query in ("?port=22", "?port=evil.example", "?base_url=https://evil.example/v1"):
        assert at_desk.get(address + query).context["form"]["base_url"].value() in ("", None)
