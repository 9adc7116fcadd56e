"""A question's draft as rows and as a document."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rubric_studio.engine.document.reading import read_message
from rubric_studio.engine.document.types import Criterion as DocumentCriterion
from rubric_studio.engine.document.types import Document, Example, Gate, Json, Level, Scoring
from rubric_studio.engine.document.types import Question as DocumentQuestion
from rubric_studio.engine.document.types import Section as DocumentSection
from rubric_studio.engine.document.writing import question_json, scoring_json
from rubric_studio.rubrics.models import Criterion, Question, Section

# No vowels and no look-alikes: a key can be read out and never spells a word.
KEY_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"


def new_key(prefix: str, taken: Collection[str]) -> str:
    """A short key that is not among `taken`: new_key("c", …) -> "c-9f2k"."""
    length = 4
    while True:
        key = f"{prefix}-" + "".join(secrets.choice(KEY_ALPHABET) for _ in range(length))
        if key not in taken:
            return key
        length = min(length + 1, 12)


@dataclass(frozen=True)
class Draft:
    """The living rows of a question's draft, in the document's order."""

    question: Question
    sections: tuple[Section, ...]
    criteria: tuple[Criterion, ...]

    @cached_property
    def section_keys(self) -> dict[Any, str]:
        return {section.pk: section.key for section in self.sections}

    @cached_property
    def document(self) -> Document:
        return Document(
            question=question_value(self.question),
            sections=tuple(section_value(it, self.section_keys) for it in self.sections),
            criteria=tuple(criterion_value(it, self.section_keys) for it in self.criteria),
            scoring=scoring_value(self.question),
        )


def load_draft(question: Question) -> Draft:
    """The draft in two queries. Criteria come in the author's order, whatever their section."""
    return Draft(
        question,
        tuple(Section.objects.live().filter(question=question)),
        tuple(Criterion.objects.live().filter(question=question)),
    )


def draft_document(question: Question) -> Document:
    """The draft as the value that is scored, compared, exported and published."""
    return load_draft(question).document


def question_value(question: Question) -> DocumentQuestion:
    return DocumentQuestion(
        key=question.key,
        messages=tuple(read_message(message) for message in question.messages),
        reference=question.reference,
        tags=tuple(question.tags),
        origin="real" if question.origin == Question.Origin.REAL else "synthetic",
        title=question.title,
    )


def scoring_value(question: Question) -> Scoring:
    return Scoring(
        method="tree" if question.method == Question.Method.TREE else "points",
        floor=question.floor,
        pass_mark=question.pass_mark,
    )


def section_value(section: Section, section_keys: dict[Any, str]) -> DocumentSection:
    """`section_keys` maps sections' ids to their keys."""
    return DocumentSection(
        key=section.key,
        title=section.title,
        parent=section_keys.get(section.parent_id),
        weight=section.weight,
        cap=section.cap,
    )


def criterion_value(criterion: Criterion, section_keys: dict[Any, str]) -> DocumentCriterion:
    """`section_keys` maps sections' ids to their keys."""
    levels = criterion.levels
    return DocumentCriterion(
        key=criterion.key,
        text=criterion.text,
        points=criterion.points,
        section=section_keys.get(criterion.section_id),
        guidance=criterion.guidance,
        levels=None if levels is None else tuple(Level(**level) for level in levels),
        may_not_apply=criterion.may_not_apply,
        gate=None if criterion.gate_cap is None else Gate(criterion.gate_cap),
        requires=tuple(criterion.requires),
        guard=criterion.guard,
        tags=tuple(criterion.tags),
        check=criterion.check_spec,
        examples=tuple(Example(**example) for example in criterion.examples),
        source=criterion.source,
    )


def written_question(question: Question) -> dict[str, Json]:
    """The question's own fields as a document writes them, with `scoring` and always a title."""
    return {
        **question_json(question_value(question)),
        "title": question.title,
        "scoring": scoring_json(scoring_value(question)),
    }
