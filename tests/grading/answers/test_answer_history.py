import pytest
from django.db import IntegrityError, connection, transaction

from rubric_studio.grading.answers.editing import (
    add_answer,
    delete_answer,
    edit_answer,
    restore_answer,
)
from rubric_studio.rubrics.models import Revision
from tests.cast import make_rubric, make_version


@pytest.fixture
def question(team):
    return make_rubric(team, "Explains the risks")


def history(answer):
    rows = Revision.objects.filter(subject="answer", subject_key=str(answer.pk)).order_by("number")
    return [(row.number, row.action, row.content["text"]) for row in rows]


def test_every_state_of_an_answer_is_kept(question, alice):
    answer = add_answer(question, alice, text="Call.", tier=3, band=(0.8, 1))
    answer = edit_answer(answer, alice, based_on=1, text="Call now.")
    delete_answer(answer, alice)
    delete_answer(answer, alice)
    restore_answer(answer, alice)
    assert history(answer) == [
        (1, "created", "Call."),
        (2, "edited", "Call now."),
        (3, "deleted", "Call now."),
        (4, "restored", "Call now."),
    ]
    first = Revision.objects.get(subject="answer", number=1)
    assert (first.content["tier"], first.content["band"], first.author) == (3, [0.8, 1], alice)


def test_the_history_of_an_answer_cannot_be_rewritten(question, alice):
    answer = add_answer(question, alice, text="Call.")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE rubrics_revision SET content = '{}'")
    assert history(answer) == [(1, "created", "Call.")]


def test_an_answer_does_not_count_as_a_change_of_the_draft(question, alice):
    make_version(question)
    add_answer(question, alice, text="Call.")
    assert not question.revisions.of_rubric().filter(
        created_at__gt=question.versions.get().published_at
    )
