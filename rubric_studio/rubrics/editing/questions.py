"""Creating, changing, deleting and restoring questions."""

from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction
from django.utils.timezone import now

from rubric_studio.accounts.models import User
from rubric_studio.engine.document.problems import Problem, pointer
from rubric_studio.engine.document.reading import read_question, read_scoring
from rubric_studio.engine.document.types import Document, Json
from rubric_studio.engine.document.writing import question_json, scoring_json
from rubric_studio.rubrics.draft import Draft, written_question
from rubric_studio.rubrics.editing.merging import joined, refuse_stale
from rubric_studio.rubrics.editing.record import (
    Action,
    check_columns,
    check_part,
    lock_draft,
    read_part,
    record_question,
    stamp,
)
from rubric_studio.rubrics.editing.refusals import AlreadyLive, InvalidEdit
from rubric_studio.rubrics.models import Collection, Question

COLUMNS = ("key", "title", "reference", "tags", "origin", "method", "floor", "pass_mark")
STAMP = ("revision", "changed_at", "changed_by")


@transaction.atomic
def create_question(collection: Collection, user: User, **fields: Json) -> Question:
    """A question with an empty draft: key, title, messages, reference, tags, origin, scoring.

    Raises InvalidEdit.
    """
    value = _read({"messages": [], **fields})
    _refuse_taken_key(collection, value.question.key)
    check_part(None, value, "question")
    row = Question(collection=collection, created_by=user, changed_by=user, changed_at=now())
    fill_question(row, value)
    check_columns(row, {}, COLUMNS)
    row.save(force_insert=True)
    record_question(row, user, Action.CREATED)
    return row


@transaction.atomic
def edit_question(
    question: Question, user: User, based_on: int | None, **changes: Json
) -> Question:
    """Write these fields; those not named stay, inside `scoring` too.

    Raises StaleWrite when `based_on` is not the current revision (None asks for no check),
    InvalidEdit when the result can't stand in the document.
    """
    draft = lock_draft(question)
    refuse_stale(draft.question, based_on)
    return _write(draft, user, changes)


@transaction.atomic
def merge_question(
    question: Question, user: User, based_on: int, over: int | None = None, **fields: Json
) -> Question:
    """Like edit_question, joining what others changed in other fields since `based_on`."""
    draft = lock_draft(question)
    current = written_question(draft.question)
    value = _read(_onto(current, fields))
    wanted = {**question_json(value.question), "scoring": scoring_json(value.scoring)}
    wanted.setdefault("title", "")
    mine = joined(draft.question, based_on, current, {name: wanted[name] for name in fields}, over)
    return _write(draft, user, mine)


@transaction.atomic
def delete_question(question: Question, user: User, based_on: int | None = None) -> Question:
    """Into the collection's trash, with all that hangs on it. Published versions stay."""
    row = lock_draft(question).question
    refuse_stale(row, based_on)
    row.deleted_at = now()
    return _save(row, user, Action.DELETED, "deleted_at")


@transaction.atomic
def restore_question(question: Question, user: User) -> Question:
    """Out of the trash, as it was."""
    rows = Question.objects.select_related("collection__team")
    row = rows.select_for_update(no_key=True, of=("self",)).get(pk=question.pk)
    if row.deleted_at is None:
        raise AlreadyLive
    row.deleted_at = None
    return _save(row, user, Action.RESTORED, "deleted_at")


def fill_question(row: Question, value: Document) -> None:
    """Copy a document's question and scoring into a row's columns."""
    written, scoring = question_json(value.question), value.scoring
    row.key, row.title, row.messages = written["key"], value.question.title, written["messages"]
    row.reference, row.tags, row.origin = written["reference"], written["tags"], written["origin"]
    row.method, row.floor = scoring.method, float(scoring.floor)
    row.pass_mark = float(scoring.pass_mark)


def _read(fields: Mapping[str, Json]) -> Document:
    """A document of this question and scoring alone."""
    own = {name: value for name, value in fields.items() if name != "scoring"}
    question = read_part(read_question, own)
    try:
        return Document(question, scoring=read_part(read_scoring, fields.get("scoring") or {}))
    except InvalidEdit as error:
        raise InvalidEdit(
            Problem(pointer("scoring") + it.pointer, it.message) for it in error.problems
        ) from error


def _onto(current: Mapping[str, Json], changes: Mapping[str, Json]) -> dict[str, Json]:
    scoring = changes.get("scoring", {})
    if not isinstance(scoring, dict):
        raise InvalidEdit([Problem("/scoring", "'scoring' must be an object.")])
    return {**current, **changes, "scoring": {**current["scoring"], **scoring}}


def _write(draft: Draft, user: User, changes: Mapping[str, Json]) -> Question:
    row = draft.question
    current = written_question(row)
    wanted = _onto(current, changes)
    value = _read(wanted)
    if wanted == current:
        return row
    if value.question.key != row.key:
        _refuse_taken_key(row.collection, value.question.key)
    document = draft.document
    after = replace(document, question=value.question, scoring=value.scoring)
    check_part(document, after, "question")
    fill_question(row, value)
    check_columns(row, {}, COLUMNS)
    return _save(row, user, Action.EDITED, *COLUMNS, "messages")


def _refuse_taken_key(collection: Collection, key: str) -> None:
    if Question.objects.filter(collection=collection, key=key).exists():
        message = f"The key {key!r} is taken in {collection}, perhaps by a question in its trash."
        raise InvalidEdit([Problem("/key", message)])


def _save(row: Question, user: User, action: Action, *columns: str) -> Question:
    stamp(row, user)
    row.save(update_fields=[*columns, *STAMP])
    record_question(row, user, action)
    return row
