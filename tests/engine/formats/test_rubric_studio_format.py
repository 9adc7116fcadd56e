import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rubric_studio.engine.document.canonical import canonical_bytes, content_hash
from rubric_studio.engine.document.types import (
    Criterion,
    Document,
    Level,
    Message,
    Question,
    Scoring,
    Section,
)
from rubric_studio.engine.document.writing import document_json
from rubric_studio.engine.formats import (
    FORMATS,
    FormatError,
    ImportedAnswer,
    ImportedLabel,
    ImportedQuestion,
    read,
)
from tests.engine.document.documents import rich_documents

LEVELS = (Level("poor", 0), Level("fair", 0.5), Level("good", 1))
DOCUMENT = Document(
    Question("sky", (Message("user", "Why is the sky blue?"),)),
    (Section("s", "Physics"),),
    (
        Criterion("a", "Names scattering.", 5, section="s"),
        Criterion("b", "Is clear.", 2, levels=LEVELS),
    ),
    Scoring(),
)
ANSWERS = (
    ImportedAnswer(
        "Short",
        "It scatters.\u2028Really.",
        origin="expert",
        tier=2,
        band=(0.5, 0.8),
        anchor="worst_acceptable",
        labels=(
            ImportedLabel("a", "graded", 1, None, "Clear.", "Ann"),
            ImportedLabel("b", "graded", 0.5, "fair", "", "Ann"),
            ImportedLabel("a", "graded", 0, None, "", "Ben"),
            ImportedLabel("b", "not_applicable", author="Ben"),
            ImportedLabel("b", "cannot_assess", author="Cem"),
            ImportedLabel("a", "graded", 0.25, author="A check"),
        ),
    ),
    ImportedAnswer("Nothing", "", origin="probe", anchor="empty"),
    ImportedAnswer("Kept back", "Later.", is_held_out=True),
    ImportedAnswer("Chat", None, (Message("user", "?"), Message("assistant", "!")), "model", "m-1"),
)


def row(**fields):
    return {**document_json(DOCUMENT), **fields}


def file_of(*rows):
    return b"\n".join(json.dumps(it).encode() for it in rows) + b"\n"


def written(*questions):
    return b"".join(FORMATS["rubric-studio"].write(questions))


def problems_of(data):
    with pytest.raises(FormatError) as caught:
        read("rubric-studio", data)
    return [(it.pointer, it.message) for it in caught.value.problems]


def test_answers_and_labels_come_back_as_written():
    question = ImportedQuestion(DOCUMENT, ANSWERS)
    imported = read("rubric-studio", written(question))
    assert imported.questions == (question,)
    assert imported.warnings == ()


@settings(max_examples=60)
@given(st.lists(rich_documents(), min_size=1, max_size=3, unique_by=lambda it: it.question.key))
def test_any_documents_come_back_as_written(documents):
    data = written(*(ImportedQuestion(it) for it in documents))
    again = read("rubric-studio", data)
    assert written(*again.questions) == data
    hashes = [content_hash(it.document) for it in again.questions]
    assert hashes == [content_hash(it) for it in documents]


def test_line_without_answers_hashes_to_the_content_hash():
    line = written(ImportedQuestion(DOCUMENT)).rstrip(b"\n")
    assert hashlib.sha256(line).hexdigest() == content_hash(DOCUMENT)


def test_line_with_answers_holds_the_document_untouched():
    value = json.loads(written(ImportedQuestion(DOCUMENT, ANSWERS)))
    del value["answers"]
    assert hashlib.sha256(canonical_bytes(value)).hexdigest() == content_hash(DOCUMENT)


def test_array_single_object_and_byte_order_mark_are_read_too():
    other = row(question={**row()["question"], "key": "other"})
    assert len(read("rubric-studio", json.dumps([row(), other]).encode()).questions) == 2
    pretty = json.dumps(row(answers=[]), indent=2).encode()
    assert read("rubric-studio", b"\xef\xbb\xbf" + pretty).questions[0].document == DOCUMENT
    lines = file_of(row()) + b"\r\n\n" + file_of(other)
    assert len(read("rubric-studio", lines).questions) == 2


def test_the_format_loses_nothing():
    assert FORMATS["rubric-studio"].losses(DOCUMENT) == ()


@pytest.mark.parametrize(
    "data, message",
    [
        (b"", "The file is empty."),
        (b" \n\n", "The file is empty."),
        (b"[]", "The file holds an empty list."),
        (b"key,text\nq,Hello", "This is not JSON"),
        (b"\xff\xfe{\x00}\x00", "not UTF-8"),
        (b'{"schema": NaN}', "This is not JSON"),
        (b'{"schema": 1, "schema": 2}', "'schema' appears twice"),
        (b"[" * 100_000, "deeper than 200"),
        (b'{"a":' * 100_000, "deeper than 200"),
        (b"[1]", "The document must be an object, not 1."),
        (b"null", "The document must be an object, not null."),
    ],
)
def test_file_that_is_no_document_is_refused(data, message):
    assert any(message in it for _, it in problems_of(data))


@pytest.mark.parametrize(
    "broken, place, message",
    [
        ({"schema": "rubric-studio/9"}, "/schema", "'schema' must be"),
        ({"surprise": 1}, "/surprise", "no field 'surprise'"),
        ({"criteria": [{"key": "a", "text": "", "points": 1}]}, "/criteria/0/text", "Write what"),
        ({"criteria": [{"key": "a", "text": "T", "points": 0}]}, "/criteria/0/points", "not 0"),
        ({"criteria": [{"key": "a", "text": "T", "points": 1}] * 2}, "/criteria/1/key", "twice"),
        (
            {"criteria": [{"key": "a", "text": "T", "points": 1, "requires": ["a"]}]},
            "/criteria/0/requires",
            "circle",
        ),
        (
            {"sections": [{"key": "s", "title": "S", "parent": "s"}]},
            "/sections/0/parent",
            "circle",
        ),
        ({"answers": "none"}, "/answers", "must be a list"),
        ({"answers": [{"name": "A"}]}, "/answers/0", "either 'text' or 'messages'"),
        ({"answers": [{"text": "", "messages": []}]}, "/answers/0", "either 'text' or 'messages'"),
        ({"answers": [{"text": "", "band": [1, 0]}]}, "/answers/0/band", "low <= high"),
        ({"answers": [{"text": "", "tier": 1.5}]}, "/answers/0/tier", "whole number"),
        ({"answers": [{"text": "", "tier": True}]}, "/answers/0/tier", "whole number"),
        ({"answers": [{"text": "", "anchor": "best"}]}, "/answers/0/anchor", "one of"),
        ({"answers": [{"text": "", "origin": "me"}]}, "/answers/0/origin", "one of"),
        ({"answers": [{"text": "", "score": 1}]}, "/answers/0/score", "no field 'score'"),
        (
            {"answers": [{"text": "", "labels": [{"criterion": "a"}]}]},
            "/answers/0/labels/0",
            "needs",
        ),
        (
            {"answers": [{"text": "", "labels": [{"criterion": "z", "verdict": "met"}]}]},
            "/answers/0/labels/0/criterion",
            "no criterion 'z'",
        ),
        (
            {"answers": [{"text": "", "labels": [{"criterion": "b", "verdict": "great"}]}]},
            "/answers/0/labels/0/verdict",
            "poor, fair, good, met, unmet",
        ),
        (
            {"answers": [{"text": "", "labels": [{"criterion": "a", "verdict": 2}]}]},
            "/answers/0/labels/0/verdict",
            "from 0 to 1",
        ),
    ],
)
def test_broken_row_is_told_with_its_place(broken, place, message):
    problems = problems_of(file_of(row(**broken)))
    assert any(pointer == place and message in it for pointer, it in problems)


def test_error_in_the_last_row_names_the_row():
    rows = [row(question={**row()["question"], "key": f"q{index}"}) for index in range(40)]
    rows[-1]["criteria"][1] = {**rows[-1]["criteria"][1], "points": "many"}
    [(pointer, message)] = problems_of(file_of(*rows))
    assert pointer == "/39/criteria/1/points"
    assert message == "Row 40: 'points' must be a number, not 'many'."
    [(pointer, message)] = problems_of(file_of(*rows[:-1]) + b'{"a": tru}')
    assert pointer == "/39"
    assert message.startswith("Row 40: This is not JSON")


def test_two_questions_with_one_key_are_refused():
    [(pointer, message)] = problems_of(file_of(row(), row()))
    assert pointer == "/1/question/key"
    assert "Row 1 has the key 'sky' too" in message


def test_thousands_of_problems_are_cut_short():
    problems = problems_of(file_of(*[{"schema": 1}] * 2000))
    assert len(problems) == 101
    assert "more problems" in problems[-1][1]


def test_unknown_format_is_a_key_error():
    with pytest.raises(KeyError):
        read("word", b"{}")
