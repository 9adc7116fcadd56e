import pytest

from rubric_studio.rubrics.draft import draft_document, new_key
from rubric_studio.rubrics.editing import (
    InTrash,
    InvalidEdit,
    NotRestorable,
    StaleWrite,
    StillRequired,
    add_criterion,
    delete_criterion,
    edit_criterion,
    merge_criterion,
    move_criterion,
    restore_criterion,
)
from rubric_studio.rubrics.models import Criterion, Question, Revision
from tests.cast import make_criterion, make_rubric, make_section


@pytest.fixture
def question(team, alice):
    return make_rubric(team)


def texts(question):
    return [criterion.text for criterion in draft_document(question).criteria]


def pointers(refusal):
    return [problem.pointer for problem in refusal.value.problems]


def test_new_key_is_short_and_not_taken():
    assert new_key("c", ()).startswith("c-")
    assert len(new_key("c", ())) == 6
    assert len({new_key("c", ()) for _ in range(100)}) > 90


def test_added_criterion_holds_every_field(question, alice):
    first = make_criterion(question, "Names the drug.")
    section = make_section(question)
    fields = {
        "text": "Says when to call.",
        "guidance": "Minutes count.",
        "points": -2.5,
        "section": section.key,
        "levels": [
            {"label": "Full", "value": 1, "description": ""},
            {"label": "None", "value": 0, "description": "Nothing said"},
        ],
        "may_not_apply": True,
        "gate": {"cap": 0.3},
        "requires": [first.key],
        "guard": True,
        "tags": ["axis:safety"],
        "check": {"kind": "contains", "values": ["112"]},
        "examples": [{"answer": "Call 112.", "verdict": "Full"}],
        "source": "Guideline 2024",
    }

    criterion = add_criterion(question, alice, **fields)

    from rubric_studio.engine.document.writing import criterion_json

    document = draft_document(question)
    assert criterion_json(document.criterion(criterion.key)) == {"key": criterion.key, **fields}


def test_added_criterion_leaves_a_revision_and_dates_the_question(question, alice):
    before = Question.objects.get(pk=question.pk).changed_at

    criterion = add_criterion(question, alice, text="Explains the risks.", points=5)

    revision = Revision.objects.get(subject="criterion", subject_key=criterion.key)
    assert (revision.number, revision.action, revision.author) == (1, "created", alice)
    assert revision.content["text"] == "Explains the risks."
    assert revision.content["position"] == criterion.position
    question.refresh_from_db()
    assert question.changed_at > before
    assert question.changed_by == alice


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"text": "", "points": 5}, "/text"),
        ({"text": "Says so.", "points": 0}, "/points"),
        ({"text": "Says so.", "points": 10**9}, "/points"),
        ({"text": "Says so.", "points": "5"}, "/points"),
        ({"text": "Says so."}, ""),
        ({"text": "Says so.", "points": 5, "colour": "red"}, "/colour"),
        ({"text": "Says so.", "points": 5, "section": "s-none"}, "/section"),
        ({"text": "Says so.", "points": 5, "requires": ["c-none"]}, "/requires/0"),
        ({"text": "Says so.", "points": 5, "gate": {"cap": 1}}, "/gate/cap"),
        ({"text": "Says\0so.", "points": 5}, ""),
        ({"text": "Says so.", "points": 5, "tags": ["x" * 201]}, "/tags"),
        ({"text": "Says so.", "points": 5, "levels": [{"label": "a", "value": 1}]}, "/levels"),
    ],
)
def test_what_can_not_stand_is_refused_at_its_field(question, alice, fields, pointer):
    with pytest.raises(InvalidEdit) as refusal:
        add_criterion(question, alice, **fields)

    assert pointer in pointers(refusal)
    assert not Criterion.objects.exists()


def test_key_of_a_criterion_in_the_trash_is_never_used_again(question, alice):
    criterion = add_criterion(question, alice, key="c-1", text="Says so.", points=5)
    delete_criterion(criterion, alice)

    with pytest.raises(InvalidEdit) as refusal:
        add_criterion(question, alice, key="c-1", text="Says more.", points=5)

    assert pointers(refusal) == ["/key"]


def test_edit_changes_only_what_it_names(question, alice, olga):
    criterion = make_criterion(question, "Says so.", points=5, guidance="Be strict.")

    edited = edit_criterion(criterion, olga, based_on=1, text="Says it plainly.")

    assert (edited.text, edited.guidance, edited.points) == ("Says it plainly.", "Be strict.", 5)
    assert (edited.revision, edited.changed_by) == (2, olga)
    assert Revision.objects.filter(subject_key=criterion.key).count() == 2


def test_edit_that_changes_nothing_adds_no_revision(question, alice):
    criterion = make_criterion(question, "Says so.")

    assert edit_criterion(criterion, alice, based_on=1, text="Says so.").revision == 1
    assert Revision.objects.filter(subject_key=criterion.key).count() == 1


def test_edit_of_an_older_revision_is_refused(question, alice, olga):
    criterion = make_criterion(question, "Says so.")
    edit_criterion(criterion, olga, based_on=1, text="Says it plainly.")

    with pytest.raises(StaleWrite) as refusal:
        edit_criterion(criterion, alice, based_on=1, points=9)

    assert refusal.value.current.text == "Says it plainly."
    criterion.refresh_from_db()
    assert criterion.points == 5


def test_key_of_a_criterion_can_not_change(question, alice):
    criterion = make_criterion(question)

    with pytest.raises(InvalidEdit):
        edit_criterion(criterion, alice, based_on=1, key="c-other")


def test_circle_of_requires_is_refused(question, alice):
    first = make_criterion(question, "First.")
    second = make_criterion(question, "Second.", requires=[first.key])

    with pytest.raises(InvalidEdit, match="circle"):
        edit_criterion(first, alice, based_on=1, requires=[second.key])


def test_merge_joins_what_others_changed_elsewhere(question, alice, olga):
    criterion = make_criterion(question, "Says so.", guidance="")
    edit_criterion(criterion, olga, based_on=1, points=9)

    merged = merge_criterion(criterion, alice, 1, text="Says it.", points=5, guidance="")

    assert (merged.text, merged.points, merged.revision) == ("Says it.", 9, 3)


def test_merge_refuses_two_texts_for_one_field(question, alice, olga):
    criterion = make_criterion(question, "Says so.")
    edit_criterion(criterion, olga, based_on=1, text="Says it plainly.")

    with pytest.raises(StaleWrite) as refusal:
        merge_criterion(criterion, alice, 1, text="Says it briefly.", points=7)

    assert refusal.value.fields == ("text",)
    criterion.refresh_from_db()
    assert (criterion.text, criterion.points) == ("Says it plainly.", 5)


def test_move_puts_it_behind_another_and_writes_one_row(question, alice):
    first, second, third = (make_criterion(question, text) for text in ("A.", "B.", "C."))

    move_criterion(third, alice, section=None, after=first)

    assert texts(question) == ["A.", "C.", "B."]
    second.refresh_from_db()
    assert second.revision == 1
    assert Revision.objects.filter(subject_key=third.key).first().action == "moved"


def test_move_to_the_front_and_into_a_section(question, alice):
    section = make_section(question)
    first, second = make_criterion(question, "A."), make_criterion(question, "B.")

    move_criterion(second, alice, section=None, after=None)
    assert texts(question) == ["B.", "A."]

    move_criterion(first, alice, section=section, after=None)
    first.refresh_from_db()
    assert first.section == section


def test_moving_to_and_fro_a_hundred_times_keeps_the_order(question, alice):
    first, second, third = (make_criterion(question, text) for text in ("A.", "B.", "C."))
    for _ in range(60):
        move_criterion(third, alice, section=None, after=first)
        move_criterion(second, alice, section=None, after=first)

    assert texts(question) == ["A.", "B.", "C."]


def test_move_behind_a_deleted_criterion_is_refused(question, alice):
    first, second = make_criterion(question, "A."), make_criterion(question, "B.")
    delete_criterion(first, alice)

    with pytest.raises(InTrash):
        move_criterion(second, alice, section=None, after=first)


def test_deleted_criterion_comes_back_as_it_was(question, alice):
    first, _second = make_criterion(question, "A."), make_criterion(question, "B.")

    delete_criterion(first, alice, based_on=1)
    assert texts(question) == ["B."]
    with pytest.raises(InTrash):
        edit_criterion(first, alice, based_on=2, text="C.")

    restored = restore_criterion(first, alice)
    assert texts(question) == ["A.", "B."]
    assert restored.revision == 3
    actions = Revision.objects.filter(subject_key=first.key).values_list("action", flat=True)
    assert [*actions] == ["restored", "deleted", "created"]


def test_criterion_that_others_require_can_not_be_deleted(question, alice):
    first = make_criterion(question, "A.")
    make_criterion(question, "Needs the first.", requires=[first.key])

    with pytest.raises(StillRequired, match="Needs the first"):
        delete_criterion(first, alice)


def test_criterion_whose_required_one_is_gone_can_not_come_back(question, alice):
    first = make_criterion(question, "A.")
    second = make_criterion(question, "B.", requires=[first.key])
    delete_criterion(second, alice)
    delete_criterion(first, alice)

    with pytest.raises(NotRestorable, match="no criterion"):
        restore_criterion(second, alice)


def test_invalid_draft_from_elsewhere_can_still_be_mended(question, alice):
    criterion, other = make_criterion(question, "A."), make_criterion(question, "B.")
    Criterion.objects.filter(pk=other.pk).update(gate_cap=7)

    assert edit_criterion(criterion, alice, based_on=1, text="C.").text == "C."
