"""Who may reach which page: readers 403 where something is written, outsiders 404, nobody in."""

import pytest
from django.urls import reverse

from tests.cast import make_criterion, make_rubric, make_section, make_version

READ = ["write", "trash", "versions", "compare", "version", "version-document", "collection"]
WRITE_GET = [
    "question-new",
    "question-edit",
    "collection-trash",
    "criterion-add",
    "section-add",
    "section-edit",
    "publish",
]
WRITE_POST = [
    "criterion-edit",
    "criterion-move",
    "criterion-delete",
    "criterion-restore",
    "section-move",
    "section-delete",
    "section-restore",
    "question-delete",
    "question-restore",
]
POST_ONLY = [name for name in WRITE_POST if name != "criterion-edit"]


@pytest.fixture
def addresses(team, alice):
    question = make_rubric(team)
    section = make_section(question)
    criterion = make_criterion(question, section=section.key)
    version = make_version(question)
    subjects = {"section": section, "criterion": criterion, "version": version}

    def address(name):
        if name.startswith("collection") or name == "question-new":
            return reverse(name, args=[question.collection.slug])
        own = name in ("criterion-add", "section-add", "versions")
        subject = question if own else subjects.get(name.partition("-")[0], question)
        return reverse(name, args=[subject.pk])

    return address


@pytest.mark.parametrize("name", READ)
def test_reader_sees_it(client, bob, addresses, name):
    client.force_login(bob)

    assert client.get(addresses(name)).status_code == 200


@pytest.mark.parametrize("name", WRITE_GET)
def test_author_sees_it_and_reader_does_not(client, alice, bob, addresses, name):
    client.force_login(alice)
    assert client.get(addresses(name)).status_code in (200, 302)

    client.force_login(bob)
    assert client.get(addresses(name)).status_code == 403


@pytest.mark.parametrize("name", [*WRITE_POST, *WRITE_GET[:2], *WRITE_GET[3:]])
@pytest.mark.parametrize("member", ["bob", "rita"])
def test_readers_and_reviewers_may_not_write(client, addresses, name, member, request):
    client.force_login(request.getfixturevalue(member))

    assert client.post(addresses(name)).status_code == 403


@pytest.mark.parametrize("name", [*READ, *WRITE_GET])
def test_outsider_finds_nothing(client, charlie, addresses, name):
    client.force_login(charlie)

    assert client.get(addresses(name)).status_code == 404


@pytest.mark.parametrize("name", WRITE_POST)
def test_outsider_finds_nothing_to_write(client, charlie, addresses, name):
    client.force_login(charlie)

    assert client.post(addresses(name)).status_code == 404


@pytest.mark.parametrize("name", POST_ONLY)
def test_what_writes_is_only_posted(client, alice, addresses, name):
    client.force_login(alice)

    assert client.get(addresses(name)).status_code == 405


@pytest.mark.parametrize("name", READ)
def test_what_reads_is_not_posted(client, alice, addresses, name):
    client.force_login(alice)

    assert client.post(addresses(name)).status_code == 405


@pytest.mark.parametrize("name", [*READ, *WRITE_GET, "home", "collection-new"])
def test_somebody_not_signed_in_is_asked_to(client, addresses, name):
    address = reverse(name) if name in ("home", "collection-new") else addresses(name)

    response = client.get(address)

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("sign-in"))
