import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rubric_studio.engine.document.canonical import (
    canonical_bytes,
    content_hash,
    grading_hash,
    scoring_hash,
)
from rubric_studio.engine.document.problems import DocumentError
from rubric_studio.engine.document.reading import (
    read_criterion,
    read_document,
    read_question,
    read_scoring,
    read_section,
)
from rubric_studio.engine.document.strict_json import loads
from rubric_studio.engine.document.types import Criterion, Document, Message, Question, Scoring
from rubric_studio.engine.document.writing import (
    criterion_json,
    document_json,
    question_json,
    scoring_json,
    section_json,
)
from tests.engine.document.documents import JSON_VALUES, TEXTS, documents, rich_documents

SMALLEST = {"schema": "rubric-studio/1", "question": {"key": "q", "messages": []}}


def every_field():
    return {
        "schema": "rubric-studio/1",
        "question": {
            "key": "sky",
            "messages": [
                {"role": "user", "content": "Why is the sky blue?", "name": "Ann"},
                {"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]},
            ],
            "reference": "Rayleigh scattering.",
            "tags": ["physics"],
            "origin": "synthetic",
            "title": "Blue sky",
        },
        "sections": [{"key": "s", "title": "S", "parent": None, "weight": 2.5, "cap": 4}],
        "criteria": [
            {
                "key": "a",
                "section": "s",
                "text": "Names scattering.",
                "guidance": "Any spelling.",
                "points": 5,
                "levels": [
                    {"label": "no", "value": 0, "description": ""},
                    {"label": "yes", "value": 1, "description": "Clearly."},
                ],
                "may_not_apply": True,
                "gate": {"cap": 0.25},
                "requires": [],
                "guard": True,
                "tags": ["axis:accuracy"],
                "check": {"kind": "contains", "any": ["scatter"]},
                "examples": [{"answer": "It scatters.", "verdict": "yes"}],
                "source": "Textbook",
            }
        ],
        "scoring": {"method": "points", "floor": -1, "pass_mark": 0.5},
    }


def problems_of(value):
    with pytest.raises(DocumentError) as caught:
        read_document(value)
    return {(it.pointer, it.message) for it in caught.value.problems}


def test_every_field_comes_back_as_written():
    assert document_json(read_document(every_field())) == every_field()


def test_absent_optional_fields_take_their_defaults():
    document = read_document(SMALLEST)
    assert document == Document(Question("q", ()))
    written = document_json(document)
    assert written["scoring"] == {"method": "points", "floor": 0, "pass_mark": 0.7}
    assert written["question"] == {
        "key": "q",
        "messages": [],
        "reference": None,
        "tags": [],
        "origin": "real",
    }
    short = {"key": "c", "text": "Says so.", "points": 1}
    assert read_criterion(short) == Criterion("c", "Says so.", 1)
    assert set(criterion_json(read_criterion(short))) == set(every_field()["criteria"][0])


def test_whole_floats_are_written_as_integers():
    value = {"key": "c", "text": "T", "points": 5.0}
    assert json.dumps(criterion_json(read_criterion(value))["points"]) == "5"
    assert scoring_json(Scoring(floor=-0.0))["floor"] == 0


def test_every_problem_is_found_at_once_with_its_place():
    value = every_field()
    value["schema"] = "rubric-studio/2"
    value["extra"] = 1
    value["question"]["origin"] = "imagined"
    value["question"]["messages"][0] = "Hello"
    value["sections"][0]["weight"] = "2"
    value["criteria"][0]["levels"][1]["value"] = True
    value["criteria"][0]["a/b~c"] = 1
    value["criteria"].append({"key": 3, "requires": ["x", 4]})
    found = problems_of(value)
    assert {pointer for pointer, _ in found} == {
        "/schema",
        "/extra",
        "/question/origin",
        "/question/messages/0",
        "/sections/0/weight",
        "/criteria/0/levels/1/value",
        "/criteria/0/a~1b~0c",
        "/criteria/1",
        "/criteria/1/key",
        "/criteria/1/requires/1",
    }
    assert ("/criteria/1", "A criterion needs 'points'.") in found
    assert ("/sections/0/weight", "'weight' must be a number, not '2'.") in found


@pytest.mark.parametrize("value", [None, [], "text", 3, True])
def test_document_that_is_no_object_is_one_problem(value):
    [(pointer, message)] = problems_of(value)
    assert pointer == ""
    assert "must be an object" in message


def test_document_without_question_or_schema_is_refused():
    assert {message for _, message in problems_of({})} == {
        "'schema' must be 'rubric-studio/1', not null.",
        "The document needs 'question'.",
    }


def test_parts_are_read_and_written_on_their_own():
    value = every_field()
    assert question_json(read_question(value["question"])) == value["question"]
    assert section_json(read_section(value["sections"][0])) == value["sections"][0]
    assert criterion_json(read_criterion(value["criteria"][0])) == value["criteria"][0]
    assert scoring_json(read_scoring(value["scoring"])) == value["scoring"]
    with pytest.raises(DocumentError, match="The section needs 'title'"):
        read_section({"key": "s"})


@settings(max_examples=60)
@given(rich_documents())
def test_any_document_survives_its_own_bytes(document):
    raw = canonical_bytes(document_json(document))
    again = read_document(loads(raw))
    assert content_hash(again) == content_hash(document)
    assert canonical_bytes(document_json(again)) == raw


@given(st.dictionaries(TEXTS, JSON_VALUES), st.randoms())
def test_canonical_bytes_do_not_depend_on_the_order_of_keys(value, random):
    assert canonical_bytes(shuffled(value, random)) == canonical_bytes(value)


def shuffled(value, random):
    if isinstance(value, dict):
        keys = list(value)
        random.shuffle(keys)
        return {key: shuffled(value[key], random) for key in keys}
    return [shuffled(it, random) for it in value] if isinstance(value, list) else value


def test_canonical_bytes_are_those_of_rfc_8785():
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 1e-27],
        "text": '€$\x0f\nA\'B"\\"/',
    }
    assert canonical_bytes(value) == (
        b'{"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        b'"text":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\"/"}'
    )


def test_content_hash_is_the_sha_256_of_the_canonical_bytes():
    # Worked out with sha256sum over the bytes written out by hand: a change here breaks every
    # version that was ever published.
    document = Document(
        Question("q", (Message("user", "Hi"),)), (), (Criterion("c", "Says hi.", 1),), Scoring()
    )
    expected = (
        b'{"criteria":[{"check":null,"examples":[],"gate":null,"guard":false,"guidance":"",'
        b'"key":"c","levels":null,"may_not_apply":false,"points":1,"requires":[],"section":null,'
        b'"source":"","tags":[],"text":"Says hi."}],"question":{"key":"q","messages":[{"content":'
        b'"Hi","role":"user"}],"origin":"real","reference":null,"tags":[]},"schema":'
        b'"rubric-studio/1","scoring":{"floor":0,"method":"points","pass_mark":0.7},"sections":[]}'
    )
    assert canonical_bytes(document_json(document)) == expected
    digest = "350b802e0da5ca0a78145bd05d6d621299d07d341ba87dcf4ef3ac4bdba146d0"
    assert content_hash(document) == digest


@given(documents())
def test_hashes_are_64_hex_digits(document):
    key = document.criteria[0].key
    for digest in (content_hash(document), scoring_hash(document), grading_hash(document, key)):
        assert len(digest) == 64
        assert int(digest, 16) >= 0


def test_grading_hash_of_an_unknown_criterion_is_a_key_error():
    with pytest.raises(KeyError):
        grading_hash(Document(Question("q", ())), "nobody")


def test_the_document_needs_no_django():
    package = Path(read_document.__code__.co_filename).parent
    assert not [it.name for it in package.glob("*.py") if "django" in it.read_text("utf-8")]
