"""Many questions at once, out of an interchange format: all of them or none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from rubric_studio.accounts.models import User
from rubric_studio.engine.document.problems import Problem, pointer
from rubric_studio.engine.document.types import Document
from rubric_studio.engine.document.writing import criterion_json, section_json
from rubric_studio.engine.formats import Imported
from rubric_studio.errors import DomainError
from rubric_studio.rubrics.draft import written_question
from rubric_studio.rubrics.editing.criteria import fill_criterion
from rubric_studio.rubrics.editing.questions import fill_question
from rubric_studio.rubrics.editing.record import check_columns, draft_problems
from rubric_studio.rubrics.editing.refusals import InvalidEdit
from rubric_studio.rubrics.models import Collection, Criterion, Question, Revision, Section

# Rows for one INSERT: few round trips, and statements that stay well below a megabyte or two.
BATCH = 500
COLUMNS = ("key", "title", "tags")


class KeysTaken(DomainError):
    code = "keys_taken"


@dataclass(frozen=True)
class _Rows:
    question: Question
    sections: list[Section]
    criteria: list[Criterion]
    revisions: list[Revision]


@transaction.atomic
def import_questions(collection: Collection, user: User, imported: Imported) -> list[Question]:
    """The questions made, in the order of the file.

    Raises KeysTaken, naming them, when the collection (or its trash) has a question of the same
    key; InvalidEdit, its pointers beginning at the list of questions, when a document can't stand.
    """
    documents = [question.document for question in imported.questions]
    _refuse_taken_keys(collection, documents)
    problems = [*_problems(documents)]
    if problems:
        raise InvalidEdit(problems)
    # One statement gives every row the same time; these microseconds keep the file's order.
    started = now()
    made = [
        _rows(collection, user, document, started + timedelta(microseconds=number))
        for number, document in enumerate(documents)
    ]
    Question.objects.bulk_create([it.question for it in made], batch_size=BATCH)
    Section.objects.bulk_create([row for it in made for row in it.sections], batch_size=BATCH)
    Criterion.objects.bulk_create([row for it in made for row in it.criteria], batch_size=BATCH)
    Revision.objects.bulk_create([row for it in made for row in it.revisions], batch_size=BATCH)
    return [it.question for it in made]


def _refuse_taken_keys(collection: Collection, documents: Sequence[Document]) -> None:
    keys = [document.question.key for document in documents]
    seen: set[str] = set()
    twice = sorted({key for key in keys if key in seen or seen.add(key)})  # type: ignore[func-returns-value]
    if twice:
        raise KeysTaken(f"The file holds more than one question called {_listed(twice)}.")
    rows = Question.objects.filter(collection=collection, key__in=keys)
    taken = sorted(rows.values_list("key", flat=True))
    if taken:
        raise KeysTaken(
            f"{collection} already has {_listed(taken)}, perhaps in its trash. "
            "Import into another collection, or change the keys in the file."
        )


def _listed(keys: Sequence[str]) -> str:
    more = f" and {len(keys) - 5} more" if len(keys) > 5 else ""
    return ", ".join(f"“{key}”" for key in keys[:5]) + more


def _problems(documents: Sequence[Document]) -> Iterator[Problem]:
    for index, document in enumerate(documents):
        for problem in draft_problems(document):
            yield Problem(
                pointer("questions", index) + problem.pointer,
                f"Question “{document.question.key}”: {problem.message}",
            )


def _rows(collection: Collection, user: User, document: Document, at: datetime) -> _Rows:
    common: dict[str, Any] = {"created_by": user, "changed_by": user, "changed_at": at}
    question = Question(collection=collection, created_at=at, **common)
    fill_question(question, document)
    check_columns(question, {}, COLUMNS)
    sections = {
        it.key: Section(
            question=question,
            key=it.key,
            title=it.title,
            weight=float(it.weight),
            cap=None if it.cap is None else float(it.cap),
            position=float(number),
            created_at=at + timedelta(microseconds=number),
            **common,
        )
        for number, it in enumerate(document.sections, start=1)
    }
    for section in document.sections:
        sections[section.key].parent = sections.get(section.parent or "")
    ids = {key: row.pk for key, row in sections.items()}
    criteria = []
    for number, value in enumerate(document.criteria, start=1):
        row = Criterion(
            question=question,
            key=value.key,
            position=float(number),
            created_at=at + timedelta(microseconds=number),
            **common,
        )
        fill_criterion(row, value, ids)
        check_columns(row, {}, ("tags", "requires"))
        criteria.append(row)
    revisions = [*_revisions(question, [*sections.values()], criteria, document, user)]
    return _Rows(question, [*sections.values()], criteria, revisions)


def _revisions(
    question: Question,
    sections: Sequence[Section],
    criteria: Sequence[Criterion],
    document: Document,
    user: User,
) -> Iterator[Revision]:
    def revision(subject: Revision.Subject, key: str, content: dict[str, Any]) -> Revision:
        return Revision(
            question=question,
            subject=subject,
            subject_key=key,
            number=1,
            action=Revision.Action.IMPORTED,
            content=content,
            author=user,
        )

    yield revision(Revision.Subject.QUESTION, question.key, written_question(question))
    for section, value in zip(sections, document.sections, strict=True):
        content = {**section_json(value), "position": section.position}
        yield revision(Revision.Subject.SECTION, section.key, content)
    for criterion, written in zip(criteria, document.criteria, strict=True):
        content = {**criterion_json(written), "position": criterion.position}
        yield revision(Revision.Subject.CRITERION, criterion.key, content)
