"""Trying a check where it is written."""

import re

import pytest
from django.urls import reverse

from rubric_studio.grading.models import Grade, Run
from rubric_studio.grading.tryout import check_preview
from tests.cast import make_criterion, make_rubric
from tests.grading_cast import make_answers
from tests.rubrics.pages import HTMX, editor_fields, page


@pytest.fixture
def question(team, alice, client):
    client.force_login(alice)
    return make_rubric(team)


def preview(client, criterion, kind="contains", htmx=True, **fields):
    given = {f"check-{kind}-{name}": value for name, value in fields.items()}
    posted = editor_fields(criterion, decided_by="program", check_kind=kind, **given)
    url = reverse("check-preview", args=[criterion.pk])
    return client.post(url, posted, headers=HTMX if htmx else {})


def test_the_check_in_the_form_is_tried_and_nothing_is_kept(client, question):
    criterion = make_criterion(question, "Names aspirin.")
    make_answers(question, "Chew an Aspirin now.", "Wait.", "Aspirin, perhaps.")

    response = preview(client, criterion, values="aspirin")

    text = page(response)
    assert "<b>2 of 3</b>" in text
    assert "Chew an <mark>Aspirin</mark> now." in text
    assert text.count('class="tried-card"') == 3
    criterion.refresh_from_db()
    assert (criterion.check_spec, criterion.revision) == (None, 1)
    assert not Run.objects.exists()
    assert not Grade.objects.exists()


def test_pinned_answers_are_told_in_full_and_all_others_as_marks(client, question):
    criterion = make_criterion(question, "Names aspirin.", points=-4)
    make_answers(question, "Aspirin.", "No.", tier=3)
    make_answers(question, "Perhaps.", "Aspirin?", tier=1)

    text = page(preview(client, criterion, values="aspirin"))

    assert text.count('class="tried-card"') == 2
    assert len(re.findall(r'role="img" aria-label="Answer [A-D]', text)) == 4
    assert "Answer D: met, −4 points" in text


@pytest.mark.parametrize(
    "kind, fields, words",
    [
        ("contains", {"values": ""}, "Fill in"),
        ("regex", {"pattern": "(a"}, ""),
        ("json", {"schema": "{"}, "not JSON"),
        ("length", {"at_most": "few"}, "whole number"),
    ],
)
def test_what_can_not_be_tried_says_why(client, question, kind, fields, words):
    criterion = make_criterion(question, "Is so.")
    make_answers(question, "Wait.")

    response = preview(client, criterion, kind, **fields)

    assert response.status_code == 200
    assert words in page(response)
    assert "tried-card" not in page(response)


def test_without_answers_it_says_so(client, question):
    criterion = make_criterion(question, "Is so.")

    assert "no sample answer" in page(preview(client, criterion, values="x"))


def test_a_page_waits_only_so_long_and_says_what_is_left(client, question, monkeypatch):
    criterion = make_criterion(question, "Is so.")
    make_answers(question, *(f"Answer {number}." for number in range(9)))
    monkeypatch.setattr(check_preview, "LONGEST", 0.0)

    text = page(preview(client, criterion, values="answer"))

    assert "<b>1 of 1</b>" in text
    assert "8 more when you grade" in text


def test_a_long_answer_is_shown_in_part_and_read_whole(client, question):
    criterion = make_criterion(question, "Is so.")
    make_answers(question, "😀" * 50_000 + "aspirin")

    text = page(preview(client, criterion, values="aspirin"))

    assert "<b>1 of 1</b>" in text
    assert len(text) < 100_000


def test_without_javascript_the_page_comes_back_with_what_was_typed(client, question):
    criterion = make_criterion(question, "Names aspirin.")
    make_answers(question, "Aspirin.")

    response = preview(client, criterion, htmx=False, values="aspirin", whole_words="on")

    text = page(response)
    assert "<mark>Aspirin</mark>" in text
    assert re.search(r'name="check-contains-values"[^>]*>\s*aspirin</textarea>', text)
    assert "<title>" in text


def test_a_transcript_check_says_of_a_text_that_it_can_not_tell(client, question):
    criterion = make_criterion(question, "Searches.")
    make_answers(question, "I searched.")

    text = page(preview(client, criterion, "tool_called", tool="search"))

    assert "No verdict" in text
    assert "transcript" in text


def test_only_authors_may_try(client, question, bob, charlie):
    criterion = make_criterion(question, "Is so.")
    for who, status in ((bob, 403), (charlie, 404)):
        client.force_login(who)
        assert preview(client, criterion, values="x").status_code == status
    url = reverse("check-preview", args=[criterion.pk])
    assert client.get(url).status_code == 405
