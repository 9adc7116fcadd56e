"""Text that would like to be code stays text, in every field and in every answer."""

import os

import pytest

from rubric_studio.engine.document.types import Message
from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.engine.judging.checks import KINDS, decide, describe, problems_of
from tests.engine.judging.checks.checking import calls

PAYLOADS = [
    "__import__('os').system('touch CANARY')",
    "__import__('os').open('CANARY', 66)",
    "open('CANARY','w')",
    "exec(\"open('CANARY','w')\")",
    "eval(compile('open(\"CANARY\",\"w\")','','exec'))",
    "().__class__.__base__.__subclasses__()",
    "().__class__.__mro__[1].__subclasses__()[40]('CANARY','w')",
    "''.__class__.__init__.__globals__['__builtins__']['open']('CANARY','w')",
    "getattr(__builtins__,'open')('CANARY','w')",
    "[c for c in ().__class__.__base__.__subclasses__()][0]",
    "lambda: open('CANARY','w')",
    "(lambda f: f('CANARY','w'))(open)",
    "{{ 7*7 }}",
    "{{ ''.__class__ }}",
    "{{ request.application.__globals__.__builtins__.open('CANARY','w') }}",
    "{% load static %}{% include 'CANARY' %}",
    "{% debug %}",
    "{0.__class__.__init__.__globals__}",
    "{self.__class__}",
    "%(CANARY)s %n %x",
    "${open('CANARY','w')}",
    "#{open('CANARY','w')}",
    "<%= open('CANARY','w') %>",
    "`touch CANARY`",
    "$(touch CANARY)",
    "; touch CANARY #",
    "| touch CANARY",
    "&& touch CANARY",
    "\n touch CANARY \n",
    "!!python/object/apply:os.system ['touch CANARY']",
    "!!python/object/new:os.system [touch CANARY]",
    "cos\nsystem\n(S'touch CANARY'\ntR.",
    "gASVHgAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAVDQU5BUlmUhZRSlC4=",
    "\\write18{touch CANARY}",
    "\\input{|touch CANARY}",
    "\\immediate\\write18{touch CANARY}",
    "\\newcommand{\\x}{\\x\\x}\\x",
    "(?{open('CANARY','w')})",
    "<script>open('CANARY')</script>",
    "';DROP TABLE x;COPY x TO PROGRAM 'touch CANARY';--",
    '"]\n["regex", ["a"]]\n',
    '{"$ref": "file://CANARY"}',
]


def filled_with(kind, text):
    values = {
        "text": text,
        "lines": [text],
        "json": {"$comment": text, "title": text, "enum": [text], text: text},
        "number": 1,
        "integer": 1,
    }
    spec = {"kind": kind.name}
    for field in kind.fields:
        if field.kind in values:
            spec[field.name] = values[field.kind]
        elif field.kind == "choice":
            spec[field.name] = field.default or field.choices[0][0]
    return spec


def answers_with(text):
    yield AnswerContent(text=text)
    yield AnswerContent(text=f"Answer: {text}")
    yield AnswerContent(text=f"\\boxed{{{text}}}")
    yield AnswerContent(text=f"```json\n{text}\n```")
    yield AnswerContent(messages=(Message("assistant", text, calls(text, text)),))


def test_there_are_forty_payloads():
    assert len(PAYLOADS) >= 40


@pytest.mark.parametrize("name", KINDS)
def test_s7_no_text_of_a_check_or_an_answer_is_executed(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    kind = KINDS[name]
    usual = {
        "contains": {"values": ["x"]},
        "number": {"value": 1},
        "choice": {"answers": ["x"]},
        "maths": {"answers": ["x"]},
        "regex": {"pattern": "x"},
        "length": {"at_least": 1},
        "language": {"language": "en"},
        "json": {"schema": {"type": "object"}},
        "tool_called": {"tool": "x"},
        "turns": {"at_least": 1},
    }.get(name, {})
    for payload in PAYLOADS:
        text = payload.replace("CANARY", str(tmp_path / "canary"))
        spec = filled_with(kind, text)
        problems_of(spec)
        describe(spec)
        for answer in answers_with(text):
            decide(spec, answer)
            assert decide({"kind": name, **usual}, answer).error_code != "bad_spec"
    assert os.listdir(tmp_path) == []
