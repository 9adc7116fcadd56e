import hashlib

import pytest
from django.db import DatabaseError, connection, transaction

from rubric_studio.engine.document.canonical import content_hash, scoring_hash
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.editing import InvalidEdit, delete_criterion, edit_criterion
from rubric_studio.rubrics.models import Version
from rubric_studio.rubrics.publishing import (
    PublishRefused,
    next_version,
    publish,
    published_document,
)
from tests.cast import make_criterion, make_question, make_rubric, make_version


@pytest.fixture
def question(team, alice):
    return make_rubric(team, "Explains the risks.", "Names the drug.")


def test_first_version_is_one_and_holds_the_draft(question, alice):
    version = publish(question, alice, note=" First. ")

    version.refresh_from_db()
    document = draft_document(question)
    assert (version.ordinal, version.number, version.bump) == (1, "1.0.0", "major")
    assert (version.note, version.published_by) == ("First.", alice)
    assert published_document(version) == document
    assert version.content_hash == content_hash(document)
    assert version.content_hash == hashlib.sha256(bytes(version.document)).hexdigest()
    assert version.scoring_hash == scoring_hash(document)


@pytest.mark.parametrize(
    ("changes", "bump", "number"),
    [
        ({"text": "Explains every risk."}, "major", "2.0.0"),
        ({"points": 7}, "minor", "1.1.0"),
        ({"tags": ["axis:safety"]}, "patch", "1.0.1"),
    ],
)
def test_bump_follows_from_the_changes(question, alice, changes, bump, number):
    make_version(question)
    edit_criterion(question.criteria.first(), alice, 1, **changes)

    comparison, computed, next_number = next_version(question)
    version = publish(question, alice, note="Changed.")

    assert (computed, next_number) == (bump, number)
    assert len(comparison.changes) == 1
    assert (version.ordinal, version.number, version.bump) == (2, number, bump)


def test_author_may_raise_the_bump_but_not_lower_it(question, alice):
    make_version(question)
    edit_criterion(question.criteria.first(), alice, 1, points=7)

    with pytest.raises(InvalidEdit) as refusal:
        publish(question, alice, note="Smaller.", bump="patch")
    assert refusal.value.problems[0].pointer == "/bump"
    assert publish(question, alice, note="Bigger.", bump="major").number == "2.0.0"


def test_unchanged_draft_is_not_published_again(question, alice):
    make_version(question)

    assert next_version(question)[1:] == (None, "1.0.0")
    with pytest.raises(PublishRefused, match="Nothing has changed"):
        publish(question, alice, note="Again.")


def test_publishing_asks_for_a_note(question, alice):
    with pytest.raises(InvalidEdit) as refusal:
        publish(question, alice, note="  ")

    assert refusal.value.problems[0].pointer == "/note"


def test_empty_draft_is_not_published_and_says_why(team, alice):
    question = make_rubric(team)

    with pytest.raises(PublishRefused) as refusal:
        publish(question, alice, note="First.")

    assert "Add a criterion" in refusal.value.message
    assert [it.pointer for it in refusal.value.problems] == ["/criteria"]
    assert refusal.value.places[0].where == "Criteria"


def test_rubric_without_points_to_earn_is_not_published(team, alice):
    question = make_rubric(team, {"text": "Invents a study.", "points": -5})

    with pytest.raises(PublishRefused, match="positive points"):
        publish(question, alice, note="First.")
    assert not Version.objects.exists()


def test_question_without_messages_is_not_published(team, alice):
    question = make_rubric(team, "Explains the risks.", messages=[])

    with pytest.raises(PublishRefused, match="Write the question"):
        publish(question, alice, note="First.")


def test_removed_criterion_stays_in_the_version_that_had_it(question, alice):
    version = make_version(question)
    delete_criterion(question.criteria.first(), alice)

    assert len(published_document(version).criteria) == 2
    assert next_version(question)[1] == "major"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rubrics_version SET note = 'other'",
        "UPDATE rubrics_version SET document = ''",
        "DELETE FROM rubrics_version",
        "UPDATE rubrics_revision SET content = '{}'",
        "DELETE FROM rubrics_revision",
    ],
)
def test_the_database_refuses_to_change_what_was_published_or_recorded(question, statement):
    make_version(question)

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_versions_of_two_questions_count_apart(question, alice):
    other = make_question(question.collection)
    make_criterion(other)
    make_version(question)

    assert make_version(other).number == "1.0.0"
