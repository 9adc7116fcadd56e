"""A document out of its JSON form. Shape only: what the values mean is `validation`'s to check."""

from typing import get_args

from .fields import Fields, kind_of, read_alone
from .types import (
    SCHEMA,
    Criterion,
    Document,
    Example,
    Gate,
    Json,
    Level,
    Message,
    Method,
    Origin,
    Question,
    Scoring,
    Section,
)

METHODS: tuple[Method, ...] = get_args(Method)
ORIGINS: tuple[Origin, ...] = get_args(Origin)


def read_document(value: Json) -> Document:
    """The document that `value` (parsed JSON) writes; absent optional fields take their defaults.

    Raises DocumentError with every problem of shape: a missing, mistyped or unknown field. It
    accepts drafts, so call `check_document` for what the values must be.
    """
    return read_alone(value, document_fields, "the document")


def read_question(value: Json) -> Question:
    """The question that `value` writes. Raises DocumentError with every problem of shape."""
    return read_alone(value, question_fields, "the question")


def read_section(value: Json) -> Section:
    """The section that `value` writes. Raises DocumentError with every problem of shape."""
    return read_alone(value, section_fields, "the section")


def read_criterion(value: Json) -> Criterion:
    """The criterion that `value` writes. Raises DocumentError with every problem of shape."""
    return read_alone(value, criterion_fields, "the criterion")


def read_scoring(value: Json) -> Scoring:
    """The scoring that `value` writes. Raises DocumentError with every problem of shape."""
    return read_alone(value, scoring_fields, "the scoring")


def read_message(value: Json) -> Message:
    """A chat message; fields beyond role and content stay in `extra`. Raises DocumentError."""
    return read_alone(value, message_fields, "the message")


def document_fields(fields: Fields) -> Document:
    """Read a document, noting problems in `fields`."""
    schema = fields.take("schema", None, lambda value: True, "a name")
    if fields.is_object and schema != SCHEMA:
        fields.note(f"'schema' must be {SCHEMA!r}, not {kind_of(schema)}.", "schema")
    question = fields.part("question", question_fields, "the question")
    if question is None:
        if fields.is_object:
            fields.note("The document needs 'question'.")
        question = Question(key="", messages=())
    document = Document(
        question=question,
        sections=fields.items("sections", section_fields, "a section", []),
        criteria=fields.items("criteria", criterion_fields, "a criterion", []),
        scoring=fields.part("scoring", scoring_fields, "the scoring") or Scoring(),
    )
    fields.close()
    return document


def question_fields(fields: Fields) -> Question:
    """Read a question, noting problems in `fields`."""
    question = Question(
        key=fields.text("key"),
        messages=fields.items("messages", message_fields, "a message"),
        reference=fields.text_or_null("reference"),
        tags=fields.texts("tags"),
        origin=fields.choice("origin", ORIGINS, "real"),
        title=fields.text("title", ""),
    )
    fields.close()
    return question


def message_fields(fields: Fields) -> Message:
    """Read a chat message, noting problems in `fields`."""
    role, content = fields.text("role"), fields.anything("content")
    return Message(role=role, content=content, extra=fields.rest())


def section_fields(fields: Fields) -> Section:
    """Read a section, noting problems in `fields`."""
    section = Section(
        key=fields.text("key"),
        title=fields.text("title"),
        parent=fields.text_or_null("parent"),
        weight=fields.number("weight", 1),
        cap=fields.number_or_null("cap"),
    )
    fields.close()
    return section


def criterion_fields(fields: Fields) -> Criterion:
    """Read a criterion, noting problems in `fields`."""
    has_levels = fields.values.get("levels") is not None
    levels = fields.items("levels", _level, "a level", []) if has_levels else None
    fields.asked.add("levels")
    criterion = Criterion(
        key=fields.text("key"),
        text=fields.text("text"),
        points=fields.number("points"),
        section=fields.text_or_null("section"),
        guidance=fields.text("guidance", ""),
        levels=levels,
        may_not_apply=fields.flag("may_not_apply"),
        gate=fields.part("gate", _gate, "the gate"),
        requires=fields.texts("requires"),
        guard=fields.flag("guard"),
        tags=fields.texts("tags"),
        check=fields.object_or_null("check"),
        examples=fields.items("examples", _example, "an example", []),
        source=fields.text("source", ""),
    )
    fields.close()
    return criterion


def scoring_fields(fields: Fields) -> Scoring:
    """Read the scoring, noting problems in `fields`."""
    scoring = Scoring(
        method=fields.choice("method", METHODS, "points"),
        floor=fields.number("floor", 0),
        pass_mark=fields.number("pass_mark", 0.7),
    )
    fields.close()
    return scoring


def _level(fields: Fields) -> Level:
    level = Level(fields.text("label"), fields.number("value"), fields.text("description", ""))
    fields.close()
    return level


def _gate(fields: Fields) -> Gate:
    gate = Gate(fields.number("cap"))
    fields.close()
    return gate


def _example(fields: Fields) -> Example:
    example = Example(fields.text("answer"), fields.text("verdict"))
    fields.close()
    return example
