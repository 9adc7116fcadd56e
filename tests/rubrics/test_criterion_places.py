"""Criteria added, deleted and moved in the browser."""

import pytest
from django.urls import reverse

from rubric_studio.rubrics.models import Criterion
from tests.cast import make_criterion, make_rubric, make_section
from tests.rubrics.pages import HTMX, page


@pytest.fixture
def question(team, alice, client):
    client.force_login(alice)
    return make_rubric(team)


def texts(question):
    return [row.text for row in Criterion.objects.live().filter(question=question)]


def test_criterion_is_added_and_the_form_comes_back_empty(client, question):
    section = make_section(question)

    address = reverse("criterion-add", args=[question.pk])
    fields = {"text": "Names the drug.", "points": "3", "section": section.key}
    response = client.post(address, fields, headers=HTMX)

    assert response.status_code == 200
    assert f'data-append="list-{section.key}"' in page(response)
    assert page(response).count("Names the drug.") == 1
    assert texts(question) == ["Names the drug."]


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_criterion_without_a_sentence_is_not_added(client, question, headers):
    address = reverse("criterion-add", args=[question.pk])

    response = client.post(address, {"text": "", "points": "3"}, headers=headers)

    assert response.status_code == 422
    assert "Write what must be true" in page(response)
    assert texts(question) == []


def test_criterion_is_added_without_javascript(client, question):
    page_of_form = client.get(reverse("write", args=[question.pk]), {"new": ""})
    assert 'id="new-criterion"' in page(page_of_form)

    address = reverse("criterion-add", args=[question.pk])
    response = client.post(address, {"text": "Names the drug.", "points": "3"}, follow=True)

    assert "data-editor" in page(response)


def test_deleted_criterion_leaves_an_undo(client, question):
    criterion = make_criterion(question, "Explains the risks.")

    response = client.post(
        reverse("criterion-delete", args=[criterion.pk]), {"revision": 1}, headers=HTMX
    )

    assert reverse("criterion-restore", args=[criterion.pk]) in page(response)
    assert texts(question) == []
    restored = client.post(reverse("criterion-restore", args=[criterion.pk]), headers=HTMX)
    assert "Explains the risks." in page(restored)
    assert texts(question) == ["Explains the risks."]


def test_deleted_without_javascript_it_is_in_the_trash(client, question):
    criterion = make_criterion(question, "Explains the risks.")

    response = client.post(reverse("criterion-delete", args=[criterion.pk]), follow=True)

    assert response.redirect_chain[0][0] == reverse("trash", args=[question.pk])
    assert "Explains the risks." in page(response)


def test_required_criterion_stays_and_says_why(client, question):
    first = make_criterion(question, "First.")
    make_criterion(question, "Second.", requires=[first.key])

    response = client.post(reverse("criterion-delete", args=[first.pk]), headers=HTMX)

    assert response.status_code == 409
    assert "Second." in page(response)
    assert len(texts(question)) == 2


@pytest.mark.parametrize(
    ("number", "expected"),
    [("1", ["C.", "A.", "B."]), ("2", ["A.", "C.", "B."]), ("99", ["A.", "B.", "C."])],
)
def test_criterion_moves_to_a_number(client, question, number, expected):
    rows = [make_criterion(question, text) for text in ("A.", "B.", "C.")]

    client.post(reverse("criterion-move", args=[rows[2].pk]), {"to": number})

    assert texts(question) == expected


@pytest.mark.parametrize(
    ("by", "expected"), [("-1", ["B.", "A.", "C."]), ("1", ["A.", "C.", "B."])]
)
def test_criterion_moves_up_and_down(client, question, by, expected):
    rows = [make_criterion(question, text) for text in ("A.", "B.", "C.")]

    client.post(reverse("criterion-move", args=[rows[1].pk]), {"by": by})

    assert texts(question) == expected


def test_criterion_moves_behind_another_into_its_section(client, question):
    section = make_section(question)
    first = make_criterion(question, "A.", section=section.key)
    second = make_criterion(question, "B.")

    fields = {"after": first.pk, "section": section.pk}
    response = client.post(reverse("criterion-move", args=[second.pk]), fields, headers=HTMX)

    assert response.status_code == 200
    assert 'id="sums"' in page(response)
    second.refresh_from_db()
    assert second.section == section


def test_moving_to_a_number_in_another_section_joins_that_section(client, question):
    section = make_section(question)
    first = make_criterion(question, "A.")
    make_criterion(question, "B.", section=section.key)

    client.post(reverse("criterion-move", args=[first.pk]), {"to": "2"})

    first.refresh_from_db()
    assert first.section == section
