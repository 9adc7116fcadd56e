import pytest

from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.editing import (
    InvalidEdit,
    StaleWrite,
    create_question,
    delete_question,
    edit_question,
    merge_question,
    restore_question,
)
from rubric_studio.rubrics.models import Question, Revision
from tests.cast import make_collection, make_criterion, make_question

MESSAGES = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": [{"type": "text", "text": "Hello"}], "name": "ann"},
    {"role": "assistant", "content": None, "tool_calls": [{"id": "t1"}]},
]


@pytest.fixture
def collection(team, alice):
    return make_collection(team)


def test_question_keeps_every_field_of_its_messages(collection, alice):
    question = create_question(
        collection,
        alice,
        key="chest-pain",
        title="Chest pain",
        messages=MESSAGES,
        reference="Call.",
        tags=["cardiology"],
        origin="synthetic",
        scoring={"method": "points", "floor": -1, "pass_mark": 0.5},
    )

    question.refresh_from_db()
    assert question.messages == MESSAGES
    document = draft_document(question)
    assert (document.question.reference, document.question.tags) == ("Call.", ("cardiology",))
    assert (document.scoring.floor, document.scoring.pass_mark) == (-1, 0.5)
    assert Revision.objects.get().content["scoring"]["pass_mark"] == 0.5


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"key": "has space"}, "/key"),
        ({"key": "q", "title": "x" * 201}, "/title"),
        ({"key": "q", "messages": [{"role": ""}]}, "/messages/0/role"),
        ({"key": "q", "messages": "hello"}, "/messages"),
        ({"key": "q", "origin": "guessed"}, "/origin"),
        ({"key": "q", "scoring": {"pass_mark": 2}}, "/scoring/pass_mark"),
        ({"key": "q", "scoring": {"pass_mark": "x"}}, "/scoring/pass_mark"),
        ({"key": "q", "colour": "red"}, "/colour"),
    ],
)
def test_question_that_can_not_stand_is_refused_at_its_field(collection, alice, fields, pointer):
    with pytest.raises(InvalidEdit) as refusal:
        create_question(collection, alice, **fields)

    assert pointer in [problem.pointer for problem in refusal.value.problems]
    assert not Question.objects.exists()


def test_two_questions_of_a_collection_do_not_share_a_key(collection, alice, team):
    make_question(collection, key="chest-pain")

    with pytest.raises(InvalidEdit, match="taken"):
        create_question(collection, alice, key="chest-pain")
    assert create_question(make_collection(team), alice, key="chest-pain").key == "chest-pain"


def test_edit_changes_only_what_it_names(collection, alice):
    question = make_question(collection, "Hello?", tags=["a"], reference="Hi.")

    edited = edit_question(question, alice, 1, title="Greeting", scoring={"pass_mark": 0.9})

    assert (edited.title, edited.reference, edited.tags) == ("Greeting", "Hi.", ["a"])
    assert (edited.pass_mark, edited.floor, edited.revision) == (0.9, 0, 2)


def test_edit_of_an_older_revision_is_refused_and_a_merge_joins(collection, alice, olga):
    question = make_question(collection, "Hello?")
    edit_question(question, olga, 1, reference="Hi.", scoring={"floor": -1})

    with pytest.raises(StaleWrite):
        edit_question(question, alice, 1, title="Greeting")
    merged = merge_question(question, alice, 1, title="Greeting", reference=None)
    assert (merged.title, merged.reference) == ("Greeting", "Hi.")
    with pytest.raises(StaleWrite) as refusal:
        merge_question(question, alice, 1, reference="Good day.")
    assert refusal.value.fields == ("reference",)


def test_tree_scoring_is_refused_while_points_are_negative(collection, alice):
    question = make_question(collection)
    make_criterion(question, "Invents.", points=-3)

    with pytest.raises(InvalidEdit) as refusal:
        edit_question(question, alice, None, scoring={"method": "tree"})

    assert refusal.value.problems[0].pointer == "/criteria/0/points"


def test_deleted_question_comes_back_with_its_criteria(collection, alice):
    question = make_question(collection)
    make_criterion(question, "Says so.")

    delete_question(question, alice)
    assert not Question.objects.live().exists()

    restore_question(question, alice)
    assert [it.text for it in draft_document(question).criteria] == ["Says so."]
    actions = Revision.objects.filter(subject="question").values_list("action", flat=True)
    assert [*actions] == ["restored", "deleted", "created"]
