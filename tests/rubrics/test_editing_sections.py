import pytest

from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.editing import (
    InvalidEdit,
    StaleWrite,
    add_section,
    delete_section,
    edit_section,
    merge_section,
    move_section,
    restore_criterion,
    restore_section,
)
from rubric_studio.rubrics.editing.criteria import delete_criterion
from rubric_studio.rubrics.models import Revision, Section
from tests.cast import make_criterion, make_rubric, make_section


@pytest.fixture
def question(team, alice):
    return make_rubric(team)


def titles(question):
    return [section.title for section in draft_document(question).sections]


def test_section_holds_what_is_given(question, alice):
    outer = make_section(question, "Safety")

    inner = add_section(question, alice, title="Dose", parent=outer.key, weight=2, cap=10)

    section = draft_document(question).sections[1]
    assert (section.key, section.title, section.parent) == (inner.key, "Dose", outer.key)
    assert (section.weight, section.cap) == (2, 10)
    assert Revision.objects.get(subject="section", subject_key=inner.key).action == "created"


@pytest.mark.parametrize(
    "fields", [{"title": " "}, {"title": "A", "weight": -1}, {"title": "A", "parent": "s-none"}]
)
def test_section_that_can_not_stand_is_refused(question, alice, fields):
    with pytest.raises(InvalidEdit):
        add_section(question, alice, **fields)

    assert not Section.objects.exists()


def test_section_is_edited_and_an_older_edit_refused(question, alice, olga):
    section = make_section(question, "Triage")
    edit_section(section, olga, based_on=1, title="Triage and time")

    with pytest.raises(StaleWrite):
        edit_section(section, alice, based_on=1, title="Time")
    assert merge_section(section, alice, 1, title="Triage", cap=8).cap == 8
    assert titles(question) == ["Triage and time"]


def test_section_does_not_go_inside_itself(question, alice):
    outer = make_section(question, "Outer")
    inner = make_section(question, "Inner", parent=outer.key)

    with pytest.raises(InvalidEdit, match="circle"):
        move_section(outer, alice, parent=inner, after=None)


def test_sections_change_places(question, alice):
    first, _second, third = (make_section(question, title) for title in "ABC")

    move_section(third, alice, parent=None, after=first)

    assert titles(question) == ["A", "C", "B"]


def test_what_is_in_a_deleted_section_moves_to_the_one_above(question, alice):
    outer = make_section(question, "Outer")
    middle = make_section(question, "Middle", parent=outer.key)
    inner = make_section(question, "Inner", parent=middle.key)
    criterion = make_criterion(question, "Says so.", section=middle.key)

    delete_section(middle, alice, based_on=1)

    document = draft_document(question)
    assert [section.key for section in document.sections] == [outer.key, inner.key]
    assert document.sections[1].parent == outer.key
    assert document.criterion(criterion.key).section == outer.key
    assert Revision.objects.filter(subject_key=criterion.key).first().action == "moved"


def test_restored_section_comes_back_empty(question, alice):
    section = make_section(question, "Triage")
    criterion = make_criterion(question, "Says so.", section=section.key)
    delete_section(section, alice)

    restore_section(section, alice)

    assert titles(question) == ["Triage"]
    assert draft_document(question).criterion(criterion.key).section is None


def test_criterion_restored_after_its_section_went_comes_back_under_the_one_above(question, alice):
    outer = make_section(question, "Outer")
    inner = make_section(question, "Inner", parent=outer.key)
    criterion = make_criterion(question, "Says so.", section=inner.key)
    delete_criterion(criterion, alice)
    delete_section(inner, alice)

    restore_criterion(criterion, alice)

    assert draft_document(question).criterion(criterion.key).section == outer.key
