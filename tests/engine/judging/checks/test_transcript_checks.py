"""Tool calls, turns and asking first."""

import pytest

from rubric_studio.engine.document.types import Message
from rubric_studio.engine.judging.answer import transcript
from rubric_studio.engine.judging.checks import KINDS, problems_of
from tests.engine.judging.checks.checking import BOOKING, calls, content, holds, pointers, result_of


@pytest.mark.parametrize(
    "fields, expected",
    [
        ({"tool": "search"}, True),
        ({"tool": "pay"}, False),
        ({"tool": "pay", "at_most": 0}, True),
        ({"tool": "search", "at_most": 0}, False),
        ({"tool": "search", "at_least": 2}, False),
        ({"tool": "search", "arguments": {"city": "Rome"}}, True),
        ({"tool": "search", "arguments": {"city": "rome"}}, False),
        ({"tool": "search", "arguments": {"city": "rom"}, "argument_match": "contains"}, True),
        ({"tool": "search", "arguments": {"city": "^R.me$"}, "argument_match": "regex"}, True),
        ({"tool": "search", "arguments": {"nights": 2.0}}, True),
        ({"tool": "search", "arguments": {"nights": True}}, False),
        ({"tool": "search", "arguments": {"nights": 3}, "at_most": 0}, True),
        ({"tool": "search", "before": "book"}, True),
        ({"tool": "book", "before": "search"}, False),
        ({"tool": "pay", "before": "book"}, False),
    ],
)
def test_tool_calls_are_counted(fields, expected):
    assert holds({"kind": "tool_called", **fields}, BOOKING) is expected


def test_arguments_match_in_lists_and_objects():
    made = (Message("assistant", None, calls("send", '{"to": ["a", {"b": 1, "c": 2}]}')),)
    for to, how, expected in (
        ([{"b": 1}], "contains", True),
        ([{"b": 1}], "exact", False),
        (["a", {"b": 1}], "exact", True),
        (["z"], "contains", False),
    ):
        spec = {"kind": "tool_called", "tool": "send", "arguments": {"to": to}}
        assert holds({**spec, "argument_match": how}, made) is expected


def test_arguments_that_are_no_json_match_nothing():
    made = (Message("assistant", None, calls("send", "{broken")),)
    spec = {"kind": "tool_called", "tool": "send"}
    assert holds(spec, made) is True
    assert holds({**spec, "arguments": {"a": 1}}, made) is False


def test_calls_in_other_shapes_are_read():
    part = {"type": "tool_use", "name": "send", "input": {"a": 1}}
    for message in (
        Message("assistant", [part]),
        Message("assistant", None, {"function_call": {"name": "send", "arguments": '{"a": 1}'}}),
        Message("assistant", None, {"tool_calls": [{"name": "send", "arguments": {"a": 1}}]}),
    ):
        spec = {"kind": "tool_called", "tool": "send", "arguments": {"a": 1}}
        assert holds(spec, (message,)) is True


def test_malformed_calls_are_no_calls():
    for calls_ in (None, "x", [None, 3, {}, {"function": None}, {"function": {"name": 3}}]):
        message = Message("assistant", None, {"tool_calls": calls_})
        assert holds({"kind": "tool_called", "tool": "x"}, (message,)) is False


def test_call_is_quoted_where_it_is_written():
    (quote,) = result_of({"kind": "tool_called", "tool": "book"}, BOOKING).quotes
    assert quote.text == 'calls book({"city": "Rome"})'
    assert transcript(BOOKING)[quote.start :].startswith("calls book(")


@pytest.mark.parametrize(
    "fields, expected",
    [
        ({"at_least": 4, "at_most": 4}, True),
        ({"role": "user", "at_most": 1}, False),
        ({"role": "tool", "at_least": 1}, True),
        ({"role": "any", "at_least": 7, "at_most": 7}, True),
    ],
)
def test_turns_are_counted_by_role(fields, expected):
    assert holds({"kind": "turns", **fields}, BOOKING) is expected


def test_asking_counts_when_the_user_answered_first():
    spec = {"kind": "asks_first", "tool": "book"}
    assert holds(spec, BOOKING) is True
    assert holds(spec, BOOKING[3:]) is False
    told = (BOOKING[0], Message("assistant", "I go ahead."), *BOOKING[2:])
    assert holds(spec, told) is False
    late = (*BOOKING[3:6], BOOKING[1], BOOKING[2])
    assert holds(spec, late) is False
    unanswered = (BOOKING[1], *BOOKING[3:])
    assert holds(spec, unanswered) is False
    assert holds({"kind": "asks_first"}, (Message("assistant", "哪里？"), BOOKING[2])) is True


def test_transcript_checks_do_not_decide_about_a_text():
    specs = {
        "tool_called": {"tool": "x", "at_most": 0},
        "turns": {"at_most": 3},
        "asks_first": {},
    }
    assert set(specs) == {name for name, kind in KINDS.items() if kind.needs_transcript}
    for name, fields in specs.items():
        assert holds({"kind": name, **fields}, "I called x?") == "not_transcript"


def test_patterns_in_arguments_are_looked_at():
    spec = {"kind": "tool_called", "tool": "x", "argument_match": "regex"}
    found = problems_of({**spec, "arguments": {"a": ["(?=x)"]}})
    assert [problem.pointer for problem in found] == ["/arguments/a/0"]
    assert pointers({**spec, "arguments": [1]}) == ["/arguments"]


def test_an_empty_transcript_is_decided():
    for spec in (
        {"kind": "contains", "values": ["x"], "absent": True},
        {"kind": "tool_called", "tool": "x", "at_most": 0},
        {"kind": "regex", "pattern": "^$"},
    ):
        assert holds(spec, (Message("user", "x"),)) is True
    assert content((Message("user", "x"),)).as_text() == "x"
