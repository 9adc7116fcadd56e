"""What holds of every spec and every text."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rubric_studio.engine.document.types import Message
from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.engine.judging.checks import KINDS, decide, describe, problems_of

PIECES = [
    "a", "Rome", "e\u0301", "ﬁ", "שלום", "你好", "🫀", "\u202e", "\u200b", "\r\n", "\n", " ",
    "1,234", "-3", "½", "٣", "%", "mg", "$", "\\boxed{", "}", "{", "[", "]", '"a":', "Answer:",
    "x^2", "/", "=", "https://a.org/", "(Smith, 2020)", "[3]", ".", "?", "```json\n",
    "\\frac{1}{2}", "∞", "\\",
]  # fmt: skip
TEXTS = st.one_of(st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.text(max_size=60))
SHORT = st.one_of(st.lists(st.sampled_from(PIECES), max_size=4).map("".join), st.text(max_size=8))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | SHORT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SHORT, inner, max_size=3),
    max_leaves=6,
)
CALL = st.builds(
    lambda name, arguments: {"function": {"name": name, "arguments": arguments}},
    SHORT,
    st.one_of(SHORT, JSON, st.just('{"a": 1}')),
)
MESSAGES = st.builds(
    Message,
    st.sampled_from(["user", "assistant", "tool", "system"]),
    st.one_of(st.none(), TEXTS, st.lists(st.builds(lambda t: {"text": t}, SHORT), max_size=2)),
    st.one_of(
        st.just({}),
        st.builds(lambda made: {"tool_calls": made}, st.lists(CALL, max_size=2)),
        st.builds(lambda name: {"name": name}, SHORT),
    ),
)
ANSWERS = st.one_of(
    TEXTS.map(lambda text: AnswerContent(text=text)),
    st.lists(MESSAGES, max_size=5).map(lambda made: AnswerContent(messages=tuple(made))),
)


def value_of(field):
    right = {
        "text": SHORT,
        "lines": st.lists(SHORT, max_size=3),
        "number": st.integers(-5, 5) | st.floats(),
        "integer": st.integers(-1, 5),
        "choice": st.sampled_from([name for name, _ in field.choices] or [""]),
        "flag": st.booleans(),
        "json": st.one_of(
            JSON, st.sampled_from([{"type": "object"}, {"city": "Rome"}, {"required": ["a"]}])
        ),
    }[field.kind]
    return st.one_of(right, right, right, right, JSON)


def specs_of(kind):
    fields = {field.name: value_of(field) for field in kind.fields}
    needed = {name: fields.pop(name) for name in [it.name for it in kind.fields if it.required]}
    return st.fixed_dictionaries({"kind": st.just(kind.name), **needed}, optional=fields)


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_spec_is_refused_or_decides(name, data):
    spec = data.draw(specs_of(KINDS[name]))
    answer = data.draw(ANSWERS)
    result = decide(spec, answer)
    if problems_of(spec):
        assert result.error_code == "bad_spec"
        assert describe(spec) == ""
        return
    said = describe(spec)
    assert said
    assert "\n" not in said
    assert result.error_code != "broken"
    if result.status == "graded":
        assert result.value in (0.0, 1.0)
        assert result.reason
        assert not result.error_code
    else:
        assert result.value is None
        assert result.error
    text = answer.as_text()
    for quote in result.quotes:
        assert quote.found
        assert quote.text == text[quote.start : quote.end] != ""


@given(JSON)
def test_nothing_but_a_known_kind_is_a_spec(kind):
    (problem, *_) = problems_of({"kind": kind})
    assert problem.pointer == "/kind" or kind in KINDS


def test_fields_that_are_not_known_are_problems():
    found = problems_of({"kind": "length", "at_least": 1, "a/b~c": 1})
    assert [problem.pointer for problem in found] == ["/a~1b~0c"]


@pytest.mark.parametrize("name", KINDS)
def test_null_is_as_good_as_absent(name):
    kind = KINDS[name]
    empty = {"kind": name, **{field.name: None for field in kind.fields}}
    assert problems_of(empty) == problems_of({"kind": name})


@pytest.mark.parametrize("name", KINDS)
def test_defaults_of_fields_have_their_shape(name):
    kind = KINDS[name]
    for field in kind.fields:
        pointer = f"/{field.name}"
        spec = {"kind": name, field.name: field.default}
        wrong = [problem for problem in problems_of(spec) if problem.pointer == pointer]
        assert not wrong or field.required or field.default is None


@pytest.mark.parametrize(
    "spec, sentence",
    [
        ({"kind": "contains", "values": ["aspirin", "chew"]}, 'Contains both "aspirin" and "chew"'),
        (
            {"kind": "contains", "values": ["a", "b"], "match": "any", "absent": True},
            'Contains none of "a" or "b"',
        ),
        (
            {"kind": "number", "value": 5, "unit": "mg", "tolerance": 0.5},
            "Gives the number 5 mg ± 0.5 mg",
        ),
        ({"kind": "choice", "answers": ["B"], "letters": True}, 'The final answer is "B"'),
        ({"kind": "length", "at_least": 2, "at_most": 5}, "Is between 2 and 5 words long"),
        ({"kind": "tool_called", "tool": "pay", "at_most": 0}, "Never calls pay"),
        ({"kind": "asks_first", "tool": "book"}, "Asks the user before calling book"),
        ({"kind": "citation", "style": "doi", "at_least": 2}, "Cites at least 2 DOIs"),
    ],
)
def test_specs_are_described_in_a_sentence(spec, sentence):
    assert describe(spec) == sentence
