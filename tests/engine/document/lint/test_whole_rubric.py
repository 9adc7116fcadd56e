"""What is said across criteria, and of a rubric as a whole."""

import pytest

from rubric_studio.engine.document.lint import lint_document
from rubric_studio.engine.document.lint.absence import absence_share, is_absence
from rubric_studio.engine.document.lint.coverage import measure_coverage
from rubric_studio.engine.document.types import Criterion, Document, Message, Question, Section

TWINS = ("States that the roof leaks in winter.", "States that the roof leaks in the winter.")


def rubric(*criteria, asked="", sections=()):
    made = (
        Criterion(f"c{at}", text, points, section=section)
        for at, (text, points, section) in enumerate(criteria)
    )
    return Document(Question("q", (Message("user", asked),)), sections, tuple(made))


def test_twins_are_named_beside_the_later_one():
    [it] = [
        it
        for it in lint_document(rubric(*((text, 5, None) for text in TWINS))).findings
        if it.rule.id == "L15"
    ]
    assert (it.criterion, it.others) == ("c1", ("c0",))
    assert it.detail == f"Criterion 1: “{TWINS[0]}”"


def test_twins_under_two_headings_are_the_same_to_a_judge():
    sections = (Section("a", "Roof"), Section("b", "Winter"))
    document = rubric((TWINS[0], 5, "a"), (TWINS[1], 5, "b"), sections=sections)
    [it] = [it for it in lint_document(document).findings if it.rule.id == "L15"]
    assert "in another section; a judge is shown no headings" in it.detail


@pytest.mark.parametrize(
    ("text", "points", "absent"),
    [
        ("Invents a study.", -5, True),
        ("Fails to name the dose.", -5, False),
        ("Should have asked for the age.", -5, False),
        ("Should not have asked for the age.", -5, True),
        ("Does not recommend surgery.", 5, True),
        ("Has no greeting.", 5, True),
        ("Names the dose.", 5, False),
    ],
)
def test_what_is_kept_by_leaving_out_is_told_from_what_must_be_there(text, points, absent):
    assert is_absence(Criterion("c", text, points)) is absent


def test_the_share_of_absence_is_of_all_points_and_none_without_any():
    document = rubric(("Names it.", 6, None), ("Invents a study.", -2, None))
    assert absence_share(document) == pytest.approx(0.25)
    assert absence_share(rubric()) is None


ASKED = "How do I prune an apple tree? Which fertiliser suits blueberry shrubs?"


@pytest.mark.parametrize(
    ("asked", "uncovered"),
    [
        (ASKED, ("Which fertiliser suits blueberry shrubs?",)),
        ("How do I prune an apple tree?", ()),
        ("Prune the apple tree? Can I still do it?", ()),
        ("Wie schneide ich den Baum? Welcher Dünger passt zu den Beeren?", ()),
    ],
)
def test_parts_of_the_question_without_a_word_in_any_criterion_are_named(asked, uncovered):
    document = rubric(("Says to prune the apple tree in late winter.", 5, None), asked=asked)
    assert measure_coverage(document).uncovered == uncovered


def test_what_was_answered_before_need_not_be_covered():
    messages = (
        Message("user", ASKED),
        Message("assistant", "Peat."),
        Message("user", "And pears?"),
    )
    criteria = (Criterion("c", "Says to prune pears too.", 5),)
    coverage = measure_coverage(Document(Question("q", messages), criteria=criteria))
    assert (coverage.parts, coverage.uncovered) == (None, ())
