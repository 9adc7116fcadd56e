import hashlib

import pytest
from django.urls import reverse

from rubric_studio.rubrics.editing import delete_criterion, edit_criterion, move_criterion
from rubric_studio.rubrics.models import Version
from tests.cast import make_criterion, make_rubric, make_section, make_version
from tests.rubrics.pages import page


@pytest.fixture
def question(team, alice, client):
    client.force_login(alice)
    return make_rubric(team, "Explains the risks.", "Names the drug.")


def compare(client, question, **query):
    return client.get(reverse("compare", args=[question.pk]), query)


def test_first_version_is_published_from_the_page(client, question):
    address = reverse("publish", args=[question.pk])
    assert "Publish 1.0.0" in page(client.get(address))

    response = client.post(address, {"note": "First."})

    version = Version.objects.get()
    assert response["Location"] == version.get_absolute_url()
    assert (version.number, version.note) == ("1.0.0", "First.")


def test_publish_page_shows_what_changed_and_lets_the_bump_be_raised(client, question, alice):
    make_version(question)
    edit_criterion(question.criteria.first(), alice, 1, points=9)
    address = reverse("publish", args=[question.pk])

    html = page(client.get(address))
    assert "Publish 1.1.0" in html
    assert "<del>+5</del>" in html
    assert "<ins>+9</ins>" in html

    client.post(address, {"note": "More.", "bump": "major"})
    assert Version.objects.first().number == "2.0.0"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"note": " "}, "Say what changed"),
        ({"note": "x", "bump": "patch"}, "minor version"),
        ({"note": "x", "bump": "huge"}, "valid choice"),
    ],
)
def test_bad_publish_is_refused_with_the_note_kept(client, question, alice, fields, said):
    make_version(question)
    edit_criterion(question.criteria.first(), alice, 1, points=9)

    response = client.post(reverse("publish", args=[question.pk]), fields)

    assert response.status_code == 422
    assert said in page(response)
    assert Version.objects.count() == 1


def test_what_stands_against_publishing_is_said_in_words(client, team, alice):
    client.force_login(alice)
    question = make_rubric(team)

    html = page(client.get(reverse("publish", args=[question.pk])))
    assert "Add a criterion before you publish." in html
    assert 'name="note"' not in html

    response = client.post(reverse("publish", args=[question.pk]), {"note": "First."})
    assert response.status_code == 422
    assert not Version.objects.exists()


def test_unchanged_draft_can_not_be_published(client, question):
    make_version(question)

    assert "Nothing to publish" in page(client.get(reverse("publish", args=[question.pk])))
    response = client.post(reverse("publish", args=[question.pk]), {"note": "Again."})
    assert response.status_code == 422


def test_version_page_shows_the_document_as_it_was(client, question, alice):
    version = make_version(question, note="For the ward.")
    edit_criterion(question.criteria.first(), alice, 1, text="Something else.")

    html = page(client.get(version.get_absolute_url()))

    assert "Explains the risks." in html
    assert "Something else." not in html
    assert version.content_hash in html
    assert "For the ward." in html


def test_document_is_downloaded_byte_for_byte(client, question):
    version = make_version(question)

    response = client.get(reverse("version-document", args=[version.pk]))

    assert response.content == bytes(version.document)
    assert response["ETag"] == f'"{hashlib.sha256(response.content).hexdigest()}"'


def test_versions_are_listed_newest_first(client, question, alice):
    make_version(question, note="First one.")
    edit_criterion(question.criteria.first(), alice, 1, points=9)
    make_version(question, note="Second one.")

    html = page(client.get(reverse("versions", args=[question.pk])))

    assert html.index("Second one.") < html.index("First one.")


def test_comparing_groups_changes_by_what_follows_from_them(client, question, alice):
    section = make_section(question, "Triage")
    first, second = question.criteria.all()
    third = make_criterion(question, "Goes away.")
    fourth = make_criterion(question, "Gets a tag.")
    make_version(question)
    edit_criterion(first, alice, 1, text="Explains every risk.")
    edit_criterion(second, alice, 1, points=9, gate={"cap": 0})
    move_criterion(second, alice, section=section, after=None)
    delete_criterion(third, alice)
    edit_criterion(fourth, alice, 1, tags=["new"])

    html = page(compare(client, question))

    assert "A major version: 2.0.0" in html
    places = ["Verdicts may change", "every", "Scores change, verdicts stay", "vetoes", "Neither"]
    assert [html.index(it) for it in places] == sorted(html.index(it) for it in places)
    assert "<del>Goes away.</del>" in html
    assert "<ins>Triage</ins>" in html


def test_two_versions_are_compared(client, question, alice):
    old = make_version(question)
    edit_criterion(question.criteria.first(), alice, 1, points=9)
    new = make_version(question, note="More.")

    html = page(compare(client, question, **{"from": old.pk, "to": new.pk}))
    assert "A minor change" in html
    same = page(compare(client, question, **{"from": new.pk, "to": new.pk}))
    assert "Nothing has changed" in same


@pytest.mark.parametrize("choice", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_comparing_with_no_such_version_is_not_found(client, question, choice):
    make_version(question)

    assert compare(client, question, to=choice).status_code == 404


def test_version_of_another_question_is_not_compared(client, question, team):
    make_version(question)
    other = make_version(make_rubric(team, "Other."))

    assert compare(client, question, to=str(other.pk)).status_code == 404


def test_comparing_before_the_first_version_says_so(client, question):
    assert "nothing to compare" in page(compare(client, question))
