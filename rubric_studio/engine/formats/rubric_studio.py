"""Our own format: a document a line, its answers beside it. Nothing is lost either way."""

from collections.abc import Iterable, Iterator
from typing import Any, get_args

from rubric_studio.engine.document.canonical import canonical_bytes
from rubric_studio.engine.document.fields import Fields, is_number
from rubric_studio.engine.document.problems import Problem
from rubric_studio.engine.document.reading import document_fields, message_fields
from rubric_studio.engine.document.types import Criterion, Document, Json, Number
from rubric_studio.engine.document.validation import check_document
from rubric_studio.engine.document.writing import document_json, message_json, number_json

from .imported import (
    Anchor,
    AnswerOrigin,
    Format,
    Imported,
    ImportedAnswer,
    ImportedLabel,
    ImportedQuestion,
)
from .rows import read_questions

ORIGINS: tuple[AnswerOrigin, ...] = get_args(AnswerOrigin)
ANCHORS: tuple[Anchor, ...] = get_args(Anchor)
PLAIN_VERDICTS = {"met": 1, "unmet": 0}


def read(data: bytes) -> Imported:
    """The questions of JSON lines, a JSON array or one object: each a document, with "answers"
    beside its own fields where there are any. Raises FormatError with every problem found."""
    return Imported(read_questions(data, _read_row, _same_key))


def write(questions: Iterable[ImportedQuestion]) -> Iterator[bytes]:
    """One line a question, in canonical bytes: without answers, the line's SHA-256 is the
    document's content hash."""
    for question in questions:
        row = document_json(question.document)
        if question.answers:
            row["answers"] = [_answer_json(it) for it in question.answers]
        yield canonical_bytes(row) + b"\n"


def losses(document: Document) -> tuple[str, ...]:
    """Nothing."""
    return ()


def _same_key(row: int, key: str) -> Problem:
    message = f"Row {row} has the key {key!r} too; give each question its own."
    return Problem("/question/key", message)


def _read_row(row: Json) -> tuple[ImportedQuestion, list[Problem]]:
    problems: list[Problem] = []
    fields = Fields(row, (), problems, "the document")
    given = fields.values.get("answers")
    fields.asked.add("answers")
    answers = Fields({"answers": [] if given is None else given}, (), problems, "the row")
    document = document_fields(fields)
    if not problems:
        problems.extend(check_document(document))
    criteria = {it.key: it for it in document.criteria}
    found = answers.items("answers", lambda it: _answer_fields(it, criteria), "an answer")
    return ImportedQuestion(document, found), problems


def _answer_fields(fields: Fields, criteria: dict[str, Criterion]) -> ImportedAnswer:
    has_messages = fields.values.get("messages") is not None
    messages = fields.items("messages", message_fields, "a message", []) if has_messages else None
    fields.asked.add("messages")
    answer = ImportedAnswer(
        name=fields.text("name", f"Answer {int(fields.where[-1]) + 1}"),
        text=fields.text_or_null("text"),
        messages=messages,
        origin=fields.choice("origin", ORIGINS, "expert"),
        model=fields.text("model", ""),
        tier=fields.take("tier", None, _is_tier, "a whole number or null"),
        band=_band(fields),
        anchor=fields.take("anchor", None, (None, *ANCHORS).__contains__, _anchor_rule()),
        labels=fields.items("labels", lambda it: _label_fields(it, criteria), "a label", []),
        is_held_out=fields.take("held_out", False, _is_flag, "true or false"),
    )
    if fields.is_object and (answer.text is None) == (answer.messages is None):
        fields.note("An answer has either 'text' or 'messages'.")
    fields.close()
    return answer


def _is_flag(value: Json) -> bool:
    return isinstance(value, bool)


def _is_tier(value: Json) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool))


def _band(fields: Fields) -> tuple[Number, Number] | None:
    low_high = fields.take("band", None, _is_band, "null or [low, high] with low <= high <= 1")
    return None if low_high is None else (low_high[0], low_high[1])


def _is_band(value: Json) -> bool:
    if value is None:
        return True
    pair = isinstance(value, list) and len(value) == 2 and all(is_number(it) for it in value)
    return pair and value[0] <= value[1] <= 1


def _anchor_rule() -> str:
    return "null or one of " + ", ".join(repr(it) for it in ANCHORS)


def _label_fields(fields: Fields, criteria: dict[str, Criterion]) -> ImportedLabel:
    key = fields.text("criterion")
    criterion = criteria.get(key)
    if criterion is None and key:
        fields.note(f"There is no criterion {key!r}.", "criterion")
    label = ImportedLabel(
        criterion=key,
        note=fields.text("note", ""),
        author=fields.text("author", ""),
        **_verdict(fields, criterion),
    )
    fields.close()
    return label


def _verdict(fields: Fields, criterion: Criterion | None) -> dict[str, Any]:
    """Status, value and level out of a verdict: a level's label, met, unmet, not_applicable,
    cannot_assess, or the share in [0, 1] that a check gave."""
    verdict = fields.take("verdict", None, _is_verdict, "text, or a number from 0 to 1")
    levels = {it.label: it.value for it in (criterion and criterion.levels) or ()}
    if verdict in levels:
        return {"status": "graded", "value": levels[verdict], "level": verdict}
    if verdict in PLAIN_VERDICTS:
        return {"status": "graded", "value": PLAIN_VERDICTS[verdict]}
    if is_number(verdict):
        return {"status": "graded", "value": verdict}
    if verdict in ("not_applicable", "cannot_assess"):
        return {"status": verdict}
    if isinstance(verdict, str):
        known = ", ".join([*levels, *PLAIN_VERDICTS, "not_applicable", "cannot_assess"])
        fields.note(f"The verdict {verdict!r} must be one of: {known}.", "verdict")
    elif fields.is_object and "verdict" not in fields.values:
        fields.note("A label needs 'verdict'.")
    return {"status": "cannot_assess"}


def _is_verdict(value: Json) -> bool:
    return isinstance(value, str) or (is_number(value) and 0 <= value <= 1)


def _answer_json(answer: ImportedAnswer) -> dict[str, Json]:
    written: dict[str, Json] = {"name": answer.name}
    if answer.messages is None:
        written["text"] = answer.text
    else:
        written["messages"] = [message_json(it) for it in answer.messages]
    return {
        **written,
        "origin": answer.origin,
        "model": answer.model,
        "tier": answer.tier,
        "band": None if answer.band is None else [number_json(it) for it in answer.band],
        "anchor": answer.anchor,
        "labels": [_label_json(it) for it in answer.labels],
        # Only where it says something: a file without such answers reads as it always did.
        **({"held_out": True} if answer.is_held_out else {}),
    }


def _label_json(label: ImportedLabel) -> dict[str, Json]:
    return {
        "criterion": label.criterion,
        "verdict": _verdict_json(label),
        "note": label.note,
        "author": label.author,
    }


def _verdict_json(label: ImportedLabel) -> Json:
    if label.status != "graded":
        return label.status
    if label.level is not None:
        return label.level
    words: dict[Number, str] = {value: word for word, value in PLAIN_VERDICTS.items()}
    value = number_json(label.value if label.value is not None else 0)
    return words.get(value, value)


FORMAT = Format(
    name="rubric-studio",
    title="Rubric Studio (JSON lines)",
    extension="jsonl",
    media_type="application/jsonl",
    read=read,
    write=write,
    losses=losses,
)
