"""A collection as a file, question by question: memory stays the same however many there are."""

from collections.abc import Container, Iterator
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from rubric_studio.engine.document.reading import read_document, read_message
from rubric_studio.engine.document.strict_json import loads
from rubric_studio.engine.document.types import Document
from rubric_studio.engine.formats import (
    FORMATS,
    ImportedAnswer,
    ImportedLabel,
    ImportedQuestion,
)
from rubric_studio.grading.answers.editing import answer_hash, content_of
from rubric_studio.grading.labels import grading_hashes, labels_of
from rubric_studio.grading.models import Label, SampleAnswer
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.models import Collection, Question, Version

AT_ONCE = 100


def export_collection(
    collection: Collection,
    format_name: str,
    *,
    drafts: bool = False,
    answers: bool = False,
    hidden: Container[UUID] = (),
) -> Iterator[bytes]:
    """The file in pieces: the newest published version of each question, or every draft.

    A question without a version is left out unless drafts are asked for. With `answers` come the
    sample answers and the labels that are current: one given under another wording would be bound
    to the wrong sentence wherever it is read. Answers that are `hidden` come without labels. Raises
    KeyError, and FormatError at a document that the format can't carry.
    """
    return FORMATS[format_name].write(exported_questions(collection, drafts, answers, hidden))


def refuse_unwritable(collection: Collection, format_name: str, *, drafts: bool) -> None:
    """Raise FormatError, as the export would half-way, before its first byte is sent."""
    for _ in export_collection(collection, format_name, drafts=drafts):
        pass


def exported_questions(
    collection: Collection, drafts: bool, answers: bool, hidden: Container[UUID] = ()
) -> Iterator[ImportedQuestion]:
    """What an export holds, one question at a time."""
    for question in _questions(collection).iterator(chunk_size=AT_ONCE):
        document = _document(question, drafts)
        if document is not None:
            with_labels = tuple(_answers(question, document, hidden)) if answers else ()
            yield ImportedQuestion(document, with_labels)


def _questions(collection: Collection) -> QuerySet[Question]:
    newest = Version.objects.filter(question=OuterRef("pk")).order_by("-ordinal")
    return (
        Question.objects.live()
        .filter(collection=collection)
        .annotate(newest_document=Subquery(newest.values("document")[:1]))
    )


def _document(question: Question, drafts: bool) -> Document | None:
    if drafts:
        return draft_document(question)
    published: memoryview | None = question.newest_document  # type: ignore[attr-defined]
    return None if published is None else read_document(loads(bytes(published)))


def _answers(
    question: Question, document: Document, hidden: Container[UUID]
) -> Iterator[ImportedAnswer]:
    hashes = grading_hashes(document)
    labels: dict[object, list[Label]] = {}
    for label in labels_of(question):
        if label.answer_id not in hidden:
            labels.setdefault(label.answer_id, []).append(label)
    for answer in SampleAnswer.objects.live().filter(question=question):
        text_hash = answer_hash(content_of(answer))
        current = [
            label
            for label in labels.get(answer.pk, [])
            if not label.is_stale(hashes.get(label.criterion_key, ""), text_hash)
        ]
        yield _answer(answer, tuple(map(_label, current)))


def _answer(answer: SampleAnswer, labels: tuple[ImportedLabel, ...]) -> ImportedAnswer:
    messages = answer.messages
    return ImportedAnswer(
        name=answer.name,
        text=answer.text,
        messages=None if messages is None else tuple(read_message(it) for it in messages),
        origin=answer.origin,  # type: ignore[arg-type]
        model=answer.model,
        tier=answer.tier,
        band=answer.band,
        anchor=answer.anchor or None,  # type: ignore[arg-type]
        labels=labels,
        is_held_out=answer.is_held_out,
    )


def _label(label: Label) -> ImportedLabel:
    return ImportedLabel(
        criterion=label.criterion_key,
        status=label.status,  # type: ignore[arg-type]
        value=label.value,
        level=label.level or None,
        note=label.note,
        author=label.rater,
    )
