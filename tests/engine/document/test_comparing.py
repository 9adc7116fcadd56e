from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rubric_studio.engine.document.canonical import content_hash, grading_hash, scoring_hash
from rubric_studio.engine.document.comparing import compare
from rubric_studio.engine.document.types import (
    Criterion,
    Document,
    Example,
    Gate,
    Level,
    Message,
    Question,
    Scoring,
    Section,
)
from tests.engine.document.documents import rich_documents

LEVELS = (Level("poor", 0), Level("fair", 0.5, "Half."), Level("good", 1))
FIRST = Criterion("a", "Says a.", 5, section="s", tags=("t",), examples=(Example("Yes.", "met"),))
SECOND = Criterion("b", "Says b.", 3, levels=LEVELS, requires=("a",), check={"kind": "length"})
THIRD = Criterion("c", "Says c.", -2, gate=Gate(0.5), requires=("a", "b"))
BASE = Document(
    Question("q", (Message("user", "Why?"),), reference="So.", tags=("x",), title="Why"),
    (Section("s", "S"), Section("t", "T", cap=3), Section("u", "U", parent="t", weight=2)),
    (FIRST, SECOND, THIRD),
    Scoring(),
)


def question(**fields):
    return replace(BASE, question=replace(BASE.question, **fields))


def section(index, **fields):
    sections = list(BASE.sections)
    sections[index] = replace(sections[index], **fields)
    return replace(BASE, sections=tuple(sections))


def criterion(index, **fields):
    criteria = list(BASE.criteria)
    criteria[index] = replace(criteria[index], **fields)
    return replace(BASE, criteria=tuple(criteria))


def scoring(**fields):
    return replace(BASE, scoring=replace(BASE.scoring, **fields))


def levels(*changed):
    return criterion(1, levels=changed)


EDITS = [
    ("nothing", BASE, None, []),
    ("a criterion's text", criterion(0, text="Says A."), "major", ["reworded"]),
    ("a space in the text", criterion(0, text="Says a. "), "major", ["reworded"]),
    ("guidance", criterion(0, guidance="Any spelling."), "major", ["guidance"]),
    ("a level's label", levels(Level("bad", 0), *LEVELS[1:]), "major", ["levels"]),
    ("a level's description", levels(Level("poor", 0, "Bad."), *LEVELS[1:]), "major", ["levels"]),
    ("a level added", levels(*LEVELS[:2], Level("fine", 0.7), LEVELS[2]), "major", ["levels"]),
    ("a level removed", levels(LEVELS[0], LEVELS[2]), "major", ["levels"]),
    ("levels dropped", criterion(1, levels=None), "major", ["levels"]),
    ("levels introduced", criterion(0, levels=LEVELS), "major", ["levels"]),
    ("levels shown the other way round", levels(*LEVELS[::-1]), "major", ["levels"]),
    (
        "a level's value",
        levels(LEVELS[0], Level("fair", 0.6, "Half."), LEVELS[2]),
        "minor",
        ["level_values"],
    ),
    (
        "a level added and another's value",
        levels(LEVELS[0], Level("fair", 0.6, "Half."), Level("fine", 0.7), LEVELS[2]),
        "major",
        ["levels", "level_values"],
    ),
    ("a check changed", criterion(1, check={"kind": "regex"}), "major", ["check"]),
    ("a check's type", criterion(1, check={"kind": True}), "major", ["check"]),
    ("a check removed", criterion(1, check=None), "major", ["check"]),
    ("a check added", criterion(0, check={"kind": "length"}), "major", ["check"]),
    ("an example's answer", criterion(0, examples=(Example("No.", "met"),)), "major", ["examples"]),
    (
        "an example's verdict",
        criterion(0, examples=(Example("Yes.", "unmet"),)),
        "major",
        ["examples"],
    ),
    ("an example added", criterion(1, examples=(Example("A", "good"),)), "major", ["examples"]),
    ("an example removed", criterion(0, examples=()), "major", ["examples"]),
    ("may not apply", criterion(0, may_not_apply=True), "major", ["may_not_apply"]),
    (
        "a criterion added",
        replace(BASE, criteria=(*BASE.criteria, replace(FIRST, key="d"))),
        "major",
        ["added"],
    ),
    ("a criterion removed", replace(BASE, criteria=BASE.criteria[:2]), "major", ["removed"]),
    ("a criterion's key", criterion(2, key="z"), "major", ["added", "removed"]),
    ("a message's text", question(messages=(Message("user", "How?"),)), "major", ["question"]),
    ("a message's role", question(messages=(Message("system", "Why?"),)), "major", ["question"]),
    (
        "a message's extra",
        question(messages=(Message("user", "Why?", {"name": "A"}),)),
        "major",
        ["question"],
    ),
    (
        "a message added",
        question(messages=(*BASE.question.messages, Message("user", "?"))),
        "major",
        ["question"],
    ),
    ("the reference", question(reference="Because."), "major", ["reference"]),
    ("the reference removed", question(reference=None), "major", ["reference"]),
    ("points", criterion(0, points=6), "minor", ["points"]),
    ("points' sign", criterion(0, points=-5), "minor", ["points"]),
    ("points as a float", criterion(0, points=5.0), None, []),
    ("a gate added", criterion(0, gate=Gate(0)), "minor", ["gate"]),
    ("a gate's cap", criterion(2, gate=Gate(0.4)), "minor", ["gate"]),
    ("a gate removed", criterion(2, gate=None), "minor", ["gate"]),
    ("requires added", criterion(0, requires=("b",)), "minor", ["requires"]),
    ("requires removed", criterion(1, requires=()), "minor", ["requires"]),
    ("order of requires", criterion(2, requires=("b", "a")), "patch", ["order"]),
    ("moved to another section", criterion(0, section="t"), "minor", ["moved"]),
    ("moved out of its section", criterion(0, section=None), "minor", ["moved"]),
    ("a section's weight", section(0, weight=3), "minor", ["section_weight"]),
    ("a section's cap", section(1, cap=4), "minor", ["section_cap"]),
    ("a section's cap removed", section(1, cap=None), "minor", ["section_cap"]),
    ("a section's parent", section(2, parent="s"), "minor", ["section_moved"]),
    (
        "a section added",
        replace(BASE, sections=(*BASE.sections, Section("v", "V"))),
        "minor",
        ["section_added"],
    ),
    ("a section removed", replace(BASE, sections=BASE.sections[:2]), "minor", ["section_removed"]),
    ("the method", scoring(method="tree"), "minor", ["scoring"]),
    ("the floor", scoring(floor=-1), "minor", ["scoring"]),
    ("the pass mark", scoring(pass_mark=0.8), "minor", ["scoring"]),
    ("a section's title", section(0, title="Other"), "patch", ["titles"]),
    ("the question's title", question(title="Other"), "patch", ["titles"]),
    ("the question's key", question(key="other"), "patch", ["question_key"]),
    ("the question's tags", question(tags=("y",)), "patch", ["tags"]),
    ("the question's origin", question(origin="synthetic"), "patch", ["origin"]),
    ("a criterion's tags", criterion(0, tags=()), "patch", ["tags"]),
    ("a source", criterion(0, source="A book."), "patch", ["source"]),
    ("a guard", criterion(0, guard=True), "patch", ["guard"]),
    ("order of criteria", replace(BASE, criteria=(SECOND, FIRST, THIRD)), "patch", ["order"]),
    ("order of sections", replace(BASE, sections=BASE.sections[::-1]), "patch", ["section_order"]),
    (
        "text and points and tags",
        criterion(0, text="New.", points=1, tags=()),
        "major",
        ["reworded", "points", "tags"],
    ),
    (
        "moved and last",
        replace(BASE, criteria=(SECOND, THIRD, replace(FIRST, section="t"))),
        "minor",
        ["moved", "order"],
    ),
]
NAMES = [it[0] for it in EDITS]


@pytest.mark.parametrize("edited, bump, kinds", [it[1:] for it in EDITS], ids=NAMES)
def test_edit_has_its_bump_and_kinds(edited, bump, kinds):
    comparison = compare(BASE, edited)
    assert comparison.bump == bump
    assert sorted(it.kind for it in comparison.changes) == sorted(kinds)


@pytest.mark.parametrize("edited, bump", [it[1:3] for it in EDITS], ids=NAMES)
def test_edit_taken_back_has_the_same_bump(edited, bump):
    assert compare(edited, BASE).bump == bump


@pytest.mark.parametrize("edited", [it[1] for it in EDITS], ids=NAMES)
def test_bump_agrees_with_the_hashes(edited):
    assert_agrees_with_the_hashes(BASE, edited)


@settings(max_examples=60)
@given(rich_documents(), rich_documents())
def test_bump_agrees_with_the_hashes_of_any_two_documents(old, new):
    assert_agrees_with_the_hashes(old, new)
    assert compare(old, old).bump is None


@settings(max_examples=50)
@given(rich_documents(), rich_documents(), st.data())
def test_bump_agrees_with_the_hashes_after_one_field_changes(old, other, data):
    field = data.draw(
        st.sampled_from(["text", "levels", "points", "gate", "check", "tags", "guard"])
    )
    changed = replace(old.criteria[0], **{field: getattr(other.criteria[0], field)})
    assert_agrees_with_the_hashes(old, replace(old, criteria=(changed, *old.criteria[1:])))


def assert_agrees_with_the_hashes(old, new):
    bump = compare(old, new).bump
    assert (bump is None) == (content_hash(old) == content_hash(new))
    assert (bump == "major") == (grading_hashes(old) != grading_hashes(new))
    if bump != "major":
        assert (bump == "minor") == (scoring_hash(old) != scoring_hash(new))


def grading_hashes(document):
    question = grading_hash(replace(document, criteria=(FIRST,)), "a")
    return question, {it.key: grading_hash(document, it.key) for it in document.criteria}


def test_change_names_what_was_edited_with_both_values():
    [change] = compare(BASE, criterion(0, points=6)).changes
    assert (change.kind, change.consequence, change.criterion) == ("points", "scores", "a")
    assert (change.old, change.new) == (5, 6)
    [change] = compare(BASE, section(1, cap=None)).changes
    assert (change.section, change.criterion, change.old, change.new) == ("t", None, 3, None)
    [change] = compare(BASE, criterion(2, gate=None)).changes
    assert (change.old, change.new) == ({"cap": 0.5}, None)
    [change] = compare(BASE, replace(BASE, criteria=BASE.criteria[:2])).changes
    assert (change.old["text"], change.new) == ("Says c.", None)
