"""A file of questions with their answers and labels: all of it, or nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction

from rubric_studio.accounts.models import User
from rubric_studio.engine import formats
from rubric_studio.engine.document.problems import Problem, pointer
from rubric_studio.engine.document.types import Document
from rubric_studio.engine.document.writing import message_json
from rubric_studio.engine.formats import ImportedAnswer, ImportedLabel, ImportedQuestion
from rubric_studio.grading.answers.editing import answer_hash, content_of, write_answer
from rubric_studio.grading.answers.history import record_answers
from rubric_studio.grading.labels import grading_hashes
from rubric_studio.grading.models import Label, SampleAnswer
from rubric_studio.rubrics.editing import InvalidEdit
from rubric_studio.rubrics.importing import import_questions
from rubric_studio.rubrics.models import Collection, Question, Revision

BATCH = 500


@dataclass(frozen=True, slots=True)
class ImportReport:
    """How much of what was imported; `warnings` say what the file held and could not be kept."""

    questions: int
    criteria: int
    answers: int
    labels: int
    warnings: tuple[str, ...]


@transaction.atomic
def import_file(collection: Collection, user: User, format_name: str, data: bytes) -> ImportReport:
    """Read the file into the collection.

    Raises FormatError for a file that can't be read, InvalidEdit for what can't be kept (its
    pointers begin at the list of questions), KeysTaken, KeyError for a format that isn't there.
    Labels of other people keep their names and are never given to a member's account.
    """
    imported = formats.read(format_name, data)
    questions = import_questions(collection, user, imported)
    pairs = list(zip(questions, imported.questions, strict=True))
    answers = _answers(pairs, user)
    made = SampleAnswer.objects.bulk_create(answers, batch_size=BATCH)
    record_answers(made, user, Revision.Action.IMPORTED)
    labels = list(_labels(pairs, made, user))
    Label.objects.bulk_create(labels, batch_size=BATCH)
    return ImportReport(
        questions=len(questions),
        criteria=sum(len(it.document.criteria) for it in imported.questions),
        answers=len(made),
        labels=len(labels),
        warnings=imported.warnings,
    )


Pairs = Sequence[tuple[Question, ImportedQuestion]]


def _answers(pairs: Pairs, user: User) -> list[SampleAnswer]:
    answers: list[SampleAnswer] = []
    problems: list[Problem] = []
    for number, (question, imported) in enumerate(pairs):
        for ordinal, given in enumerate(imported.answers):
            answer = SampleAnswer(question=question, ordinal=ordinal, created_by=user)
            place = pointer("questions", number, "answers", ordinal)
            problems += [
                Problem(place + it.pointer, f"Question “{question.key}”: {it.message}")
                for it in write_answer(answer, _fields(given))
            ]
            problems += _unknown_criteria(place, question, imported, given)
            answers.append(answer)
    if problems:
        raise InvalidEdit(problems)
    return answers


def _unknown_criteria(
    place: str, question: Question, imported: ImportedQuestion, given: ImportedAnswer
) -> list[Problem]:
    keys = {it.key for it in imported.document.criteria} if given.labels else set()
    return [
        Problem(
            place + pointer("labels", number),
            f"Question “{question.key}”: there is no criterion {label.criterion!r} to label.",
        )
        for number, label in enumerate(given.labels)
        if label.criterion not in keys
    ]


def _fields(given: ImportedAnswer) -> dict[str, object]:
    messages = given.messages
    return {
        "name": given.name,
        "text": given.text,
        "messages": None if messages is None else [message_json(it) for it in messages],
        "origin": given.origin,
        "model": given.model,
        "tier": given.tier,
        "band": given.band,
        "anchor": given.anchor or "",
        "is_held_out": given.is_held_out,
    }


def _labels(pairs: Pairs, answers: Sequence[SampleAnswer], user: User) -> Iterator[Label]:
    rows = iter(answers)
    own_names = {user.email.lower(), user.name.lower(), ""}
    for _, imported in pairs:
        hashes = grading_hashes(imported.document) if _has_labels(imported) else {}
        for given in imported.answers:
            answer = next(rows)
            text_hash = answer_hash(content_of(answer)) if given.labels else ""
            # Of two labels of one person on one cell the later one counts.
            last = {(it.criterion, it.author): it for it in given.labels}
            for label in given.labels:
                author = "" if label.author.lower() in own_names else label.author
                yield Label(
                    answer=answer,
                    criterion_key=label.criterion,
                    author=user,
                    imported_from=author[:120],
                    status=label.status,
                    value=_value(label, imported.document),
                    level=label.level or "",
                    note=label.note,
                    grading_hash=hashes[label.criterion],
                    answer_hash=text_hash,
                    is_current=last[label.criterion, label.author] is label,
                )


def _has_labels(imported: ImportedQuestion) -> bool:
    return any(answer.labels for answer in imported.answers)


def _value(label: ImportedLabel, document: Document) -> float | None:
    if label.status != "graded" or label.value is None:
        return None
    for level in document.criterion(label.criterion).levels or ():
        if level.label == label.level:
            return float(level.value)
    return float(label.value)
