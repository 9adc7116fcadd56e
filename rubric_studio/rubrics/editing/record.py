"""What every write shares: locks, the check in the document, the revision row."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.timezone import now

from rubric_studio.accounts.models import User
from rubric_studio.engine.document.problems import DocumentError, Problem, pointer
from rubric_studio.engine.document.types import Document, Json
from rubric_studio.engine.document.validation import check_document
from rubric_studio.engine.document.writing import criterion_json, section_json
from rubric_studio.rubrics.checks import check_problems
from rubric_studio.rubrics.draft import (
    Draft,
    criterion_value,
    load_draft,
    section_value,
    written_question,
)
from rubric_studio.rubrics.editing.refusals import InvalidEdit
from rubric_studio.rubrics.models import Criterion, Question, Revision, Section

Action = Revision.Action


def lock_draft(question: Question) -> Draft:
    """The draft as it is now, held until the transaction ends: what is checked is what is written.

    Every write takes the question's row first, so two writers never wait for each other in a
    circle. Rows that merely refer to the question can still be added meanwhile (`no_key`).
    """
    rows = Question.objects.live().select_related("collection__team")
    locked = rows.select_for_update(no_key=True, of=("self",)).get(pk=question.pk)
    return load_draft(locked)


def read_part[Part](read: Callable[[Json], Part], value: dict[str, Json]) -> Part:
    """One part out of its JSON form; shapes that do not fit are an InvalidEdit."""
    try:
        return read(value)
    except DocumentError as error:
        raise InvalidEdit(error.problems) from error


def check_part(before: Document | None, after: Document, *steps: str | int) -> None:
    """Raise InvalidEdit for what the change makes wrong; the part edited lies at `steps`.

    Problems that were there before do not count, so that a rule added to the engine later never
    stops the mending of an old draft.
    """
    problems = check_document(after)
    known = set(check_document(before)) if problems and before is not None else set()
    problems += check_problems(after, since=before)
    own = pointer(*steps)
    added = [
        Problem(it.pointer.removeprefix(own), it.message) if _is_under(it.pointer, own) else it
        for it in problems
        if it not in known
    ]
    if added:
        raise InvalidEdit(added)


def draft_problems(document: Document) -> tuple[Problem, ...]:
    """Why the document can't be kept as a draft, its checks included."""
    return (*check_document(document), *check_problems(document))


def check_columns(row: models.Model, names: dict[str, str], columns: Iterable[str]) -> None:
    """Raise InvalidEdit for what fits the document but not the table, a title too long say."""
    others = {field.name for field in row._meta.fields} - set(columns)
    try:
        row.clean_fields(exclude=others)
    except ValidationError as error:
        raise InvalidEdit(
            Problem(pointer(names.get(column, column)), message)
            for column, messages in error.message_dict.items()
            for message in messages
        ) from error


def record_question(question: Question, user: User, action: Action) -> None:
    subject = Revision.Subject.QUESTION
    _record(question, question, subject, user, action, written_question(question))


def record_section(
    question: Question, section: Section, keys: dict[Any, str], user: User, action: Action
) -> None:
    content = {**section_json(section_value(section, keys)), "position": section.position}
    _record(question, section, Revision.Subject.SECTION, user, action, content)


def record_criterion(
    question: Question, criterion: Criterion, keys: dict[Any, str], user: User, action: Action
) -> None:
    content = {**criterion_json(criterion_value(criterion, keys)), "position": criterion.position}
    _record(question, criterion, Revision.Subject.CRITERION, user, action, content)


def _record(
    question: Question,
    row: Question | Section | Criterion,
    subject: Revision.Subject,
    user: User,
    action: Action,
    content: dict[str, Json],
) -> None:
    Revision.objects.create(
        question=question,
        subject=subject,
        subject_key=row.key,
        number=row.revision,
        action=action,
        content=content,
        author=user,
    )
    question.changed_at, question.changed_by = row.changed_at, user
    Question.objects.filter(pk=question.pk).update(changed_at=question.changed_at, changed_by=user)


def stamp(row: Question | Section | Criterion, user: User) -> None:
    """The next revision of a row, by this user, now."""
    row.revision += 1
    row.changed_at, row.changed_by = now(), user


def _is_under(place: str, own: str) -> bool:
    return place == own or place.startswith(own + "/")
