from dataclasses import replace

import pytest
from hypothesis import given, settings

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
from rubric_studio.engine.document.validation import check_document, check_publishable
from tests.engine.document.documents import documents

QUESTION = Question(key="q", messages=(Message("user", "Why?"),))
LEVELS = (Level("no", 0), Level("yes", 1))


def criterion(key="a", points=1, **fields):
    return Criterion(key=key, points=points, **{"text": "Says so.", **fields})


def rubric(*criteria, sections=(), question=QUESTION, **scoring):
    return Document(question, tuple(sections), tuple(criteria), Scoring(**scoring))


def nested(depth):
    value = 1
    for _ in range(depth):
        value = [value]
    return value


WRONG = {
    "empty text": (rubric(criterion(text=" \n")), "/criteria/0/text"),
    "zero points": (rubric(criterion(points=0)), "/criteria/0/points"),
    "NaN points": (rubric(criterion(points=float("nan"))), "/criteria/0/points"),
    "infinite points": (rubric(criterion(points=float("-inf"))), "/criteria/0/points"),
    "huge points": (rubric(criterion(points=1_000_001)), "/criteria/0/points"),
    "huge penalty": (rubric(criterion(points=-1e7)), "/criteria/0/points"),
    "key with a space": (rubric(criterion("a b")), "/criteria/0/key"),
    "empty key": (rubric(criterion("")), "/criteria/0/key"),
    "long key": (rubric(criterion("a" * 81)), "/criteria/0/key"),
    "key with a dash first": (rubric(criterion("-a")), "/criteria/0/key"),
    "key with a line break": (rubric(criterion("a\n")), "/criteria/0/key"),
    "key used twice": (rubric(criterion(), criterion()), "/criteria/1/key"),
    "unknown section": (rubric(criterion(section="s")), "/criteria/0/section"),
    "unknown required": (rubric(criterion(requires=("b",))), "/criteria/0/requires/0"),
    "requires itself": (rubric(criterion(requires=("a",))), "/criteria/0/requires"),
    "circle of requires": (
        rubric(criterion("a", requires=("b",)), criterion("b", requires=("a",))),
        "/criteria/0/requires",
    ),
    "one level": (rubric(criterion(levels=(Level("yes", 1),))), "/criteria/0/levels"),
    "no levels": (rubric(criterion(levels=())), "/criteria/0/levels"),
    "equal labels": (
        rubric(criterion(levels=(Level("Yes", 0), Level("yes ", 1)))),
        "/criteria/0/levels/1/label",
    ),
    "empty label": (
        rubric(criterion(levels=(Level("", 0), Level("yes", 1)))),
        "/criteria/0/levels/0/label",
    ),
    "label of a judge": (
        rubric(criterion(levels=(Level("not_applicable", 0), Level("yes", 1)))),
        "/criteria/0/levels/0/label",
    ),
    "equal values": (
        rubric(criterion(levels=(Level("no", 1), Level("yes", 1)))),
        "/criteria/0/levels",
    ),
    "values out of order": (
        rubric(criterion(levels=(Level("no", 0), Level("yes", 1), Level("half", 0.5)))),
        "/criteria/0/levels",
    ),
    "value above one": (
        rubric(criterion(levels=(Level("no", 0), Level("yes", 1.5)))),
        "/criteria/0/levels/1/value",
    ),
    "gate at one": (rubric(criterion(gate=Gate(1))), "/criteria/0/gate/cap"),
    "gate below zero": (rubric(criterion(gate=Gate(-0.1))), "/criteria/0/gate/cap"),
    "example's verdict": (
        rubric(criterion(examples=(Example("So.", "yes"),))),
        "/criteria/0/examples/0/verdict",
    ),
    "empty example": (
        rubric(criterion(examples=(Example("", "met"),))),
        "/criteria/0/examples/0/answer",
    ),
    "empty tag": (rubric(criterion(tags=("x", " "))), "/criteria/0/tags/1"),
    "check beyond JSON": (rubric(criterion(check={"n": float("inf")})), "/criteria/0"),
    "check too large": (rubric(criterion(check={"n": 2**60})), "/criteria/0"),
    "nul in a text": (rubric(criterion(guidance="a\0b")), "/criteria/0"),
    "lone surrogate": (rubric(criterion(guidance="\ud800")), "/criteria/0"),
    "negative points in a tree": (
        rubric(criterion(points=-1), method="tree"),
        "/criteria/0/points",
    ),
    "section without title": (rubric(sections=[Section("s", "")]), "/sections/0/title"),
    "section key used twice": (
        rubric(sections=[Section("s", "S"), Section("s", "S")]),
        "/sections/1/key",
    ),
    "unknown parent": (rubric(sections=[Section("s", "S", "t")]), "/sections/0/parent"),
    "section in itself": (rubric(sections=[Section("s", "S", "s")]), "/sections/0/parent"),
    "circle of sections": (
        rubric(sections=[Section("r", "R"), Section("s", "S", "t"), Section("t", "T", "s")]),
        "/sections/1/parent",
    ),
    "negative weight": (rubric(sections=[Section("s", "S", weight=-1)]), "/sections/0/weight"),
    "negative cap": (rubric(sections=[Section("s", "S", cap=-1)]), "/sections/0/cap"),
    "NaN cap": (rubric(sections=[Section("s", "S", cap=float("nan"))]), "/sections/0/cap"),
    "floor at one": (rubric(floor=1), "/scoring/floor"),
    "pass mark above one": (rubric(pass_mark=70), "/scoring/pass_mark"),
    "question's key": (rubric(question=replace(QUESTION, key="?")), "/question/key"),
    "question's tag": (rubric(question=replace(QUESTION, tags=("",))), "/question/tags/0"),
    "message without role": (
        rubric(question=replace(QUESTION, messages=(Message("", "Hi"),))),
        "/question/messages/0/role",
    ),
    "message with a second content": (
        rubric(question=replace(QUESTION, messages=(Message("user", "", {"content": "Hi"}),))),
        "/question/messages/0/content",
    ),
    "message nested too deep": (
        rubric(question=replace(QUESTION, messages=(Message("user", nested(250)),))),
        "/question",
    ),
}


@pytest.mark.parametrize("document, place", WRONG.values(), ids=WRONG)
def test_wrong_value_is_found_at_its_place(document, place):
    assert place in [it.pointer for it in check_document(document)]


@pytest.mark.parametrize(
    "document",
    [
        rubric(),
        rubric(criterion(levels=LEVELS, examples=(Example("So.", "yes"), Example("No.", "met")))),
        rubric(criterion(levels=LEVELS[::-1])),
        rubric(criterion(points=-1_000_000)),
        rubric(criterion("a", requires=("b",)), criterion("b")),
        rubric(sections=[Section("s", "S", "t", weight=0, cap=0), Section("t", "T")]),
        rubric(criterion("s", section="s"), sections=[Section("s", "S")]),
        rubric(criterion("Z.9_x~2:y-" + "a" * 70)),
        rubric(floor=-2, pass_mark=1),
        rubric(question=Question("q", ())),
    ],
)
def test_draft_may_be_unfinished_or_unusual(document):
    assert check_document(document) == ()


def test_circle_names_its_members_in_order():
    document = rubric(
        criterion("a", requires=("b",)),
        criterion("b", requires=("c",)),
        criterion("c", requires=("a",)),
    )
    [problem] = check_document(document)
    assert problem.message.count("requires") == 3


def test_version_needs_a_message_a_criterion_and_points():
    empty = rubric(question=Question("q", ()))
    assert [it.pointer for it in check_publishable(empty)] == ["/question/messages", "/criteria"]
    [problem] = check_publishable(rubric(criterion(points=-1)))
    assert "positive points" in problem.message
    assert check_publishable(rubric(criterion())) == ()
    assert check_publishable(rubric(criterion(text="")))


@settings(max_examples=60)
@given(documents())
def test_documents_of_the_property_tests_are_valid(document):
    assert check_document(document) == ()
