"""A document's JSON form: every field present, so that equal documents have equal bytes."""

from typing import Any

from .types import (
    SCHEMA,
    Criterion,
    Document,
    Level,
    Message,
    Number,
    Question,
    Scoring,
    Section,
)

JsonObject = dict[str, Any]


def document_json(document: Document) -> JsonObject:
    """The document as JSON of the schema rubric-studio/1, every field present."""
    return {
        "schema": SCHEMA,
        "question": question_json(document.question),
        "sections": [section_json(section) for section in document.sections],
        "criteria": [criterion_json(criterion) for criterion in document.criteria],
        "scoring": scoring_json(document.scoring),
    }


def question_json(question: Question) -> JsonObject:
    """The question's fields; `title` only where there is one."""
    written = {
        "key": question.key,
        "messages": [message_json(message) for message in question.messages],
        "reference": question.reference,
        "tags": list(question.tags),
        "origin": question.origin,
    }
    return {**written, "title": question.title} if question.title else written


def message_json(message: Message) -> JsonObject:
    """A chat message as it was read, with whatever else it carried."""
    return {**message.extra, "role": message.role, "content": message.content}


def section_json(section: Section) -> JsonObject:
    """The section's fields."""
    return {
        "key": section.key,
        "title": section.title,
        "parent": section.parent,
        "weight": number_json(section.weight),
        "cap": None if section.cap is None else number_json(section.cap),
    }


def criterion_json(criterion: Criterion) -> JsonObject:
    """The criterion's fields."""
    return {
        "key": criterion.key,
        "section": criterion.section,
        "text": criterion.text,
        "guidance": criterion.guidance,
        "points": number_json(criterion.points),
        "levels": None if criterion.levels is None else [level_json(it) for it in criterion.levels],
        "may_not_apply": criterion.may_not_apply,
        "gate": None if criterion.gate is None else {"cap": number_json(criterion.gate.cap)},
        "requires": list(criterion.requires),
        "guard": criterion.guard,
        "tags": list(criterion.tags),
        "check": None if criterion.check is None else dict(criterion.check),
        "examples": [{"answer": it.answer, "verdict": it.verdict} for it in criterion.examples],
        "source": criterion.source,
    }


def level_json(level: Level) -> JsonObject:
    """The level's fields."""
    return {
        "label": level.label,
        "value": number_json(level.value),
        "description": level.description,
    }


def scoring_json(scoring: Scoring) -> JsonObject:
    """The scoring's fields."""
    return {
        "method": scoring.method,
        "floor": number_json(scoring.floor),
        "pass_mark": number_json(scoring.pass_mark),
    }


def number_json(number: Number) -> Number:
    """5.0 becomes 5, as RFC 8785 writes it; other numbers stay as they are."""
    return int(number) if isinstance(number, float) and number.is_integer() else number
