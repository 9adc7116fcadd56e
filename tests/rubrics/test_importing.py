import pytest

from rubric_studio.engine.document.types import Criterion, Document, Message, Question, Section
from rubric_studio.engine.formats import Imported, ImportedQuestion
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.editing import InvalidEdit, edit_criterion
from rubric_studio.rubrics.importing import KeysTaken, import_questions
from rubric_studio.rubrics.models import Question as QuestionRow
from rubric_studio.rubrics.models import Revision
from tests.cast import make_collection, make_question


def document(key, **changes):
    fields = {
        "question": Question(key=key, messages=(Message("user", "What now?"),), title="Now"),
        "sections": (Section("s-in", "Inner", parent="s-out"), Section("s-out", "Outer", cap=9)),
        "criteria": (
            Criterion("c-1", "Says so.", 2.5, section="s-in", requires=("c-2",)),
            Criterion("c-2", "Says more.", -4),
        ),
    }
    return Document(**{**fields, **changes})


def imported(*documents):
    return Imported(tuple(ImportedQuestion(it, ()) for it in documents), ())


def test_import_makes_the_same_documents_in_the_same_order(team, alice):
    collection = make_collection(team)
    documents = [document(f"q-{number}") for number in range(3)]

    questions = import_questions(collection, alice, imported(*documents))

    assert [draft_document(it) for it in questions] == documents


def test_import_leaves_revisions_that_later_edits_build_on(team, alice):
    question = import_questions(make_collection(team), alice, imported(document("q")))[0]

    assert Revision.objects.filter(question=question, action="imported").count() == 5
    criterion = question.criteria.get(key="c-1")
    assert edit_criterion(criterion, alice, 1, points=3).revision == 2


def test_taken_keys_are_named_and_nothing_is_imported(team, alice):
    collection = make_collection(team)
    make_question(collection, key="q-1")

    with pytest.raises(KeysTaken, match="“q-1”"):
        import_questions(collection, alice, imported(document("q-0"), document("q-1")))
    assert QuestionRow.objects.count() == 1


def test_file_with_one_key_twice_is_refused(team, alice):
    with pytest.raises(KeysTaken, match="more than one question called “q”"):
        import_questions(make_collection(team), alice, imported(document("q"), document("q")))


def test_document_that_can_not_stand_is_refused_with_its_place(team, alice):
    broken = document("q", criteria=(Criterion("c-1", "Says so.", 0),))

    with pytest.raises(InvalidEdit) as refusal:
        import_questions(make_collection(team), alice, imported(document("p"), broken))

    assert refusal.value.problems[0].pointer == "/questions/1/criteria/0/points"
    assert not QuestionRow.objects.exists()
