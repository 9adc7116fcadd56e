"""Adding, changing, moving, deleting and restoring sections."""

from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction
from django.utils.timezone import now

from rubric_studio.accounts.models import User
from rubric_studio.engine.document.problems import Problem
from rubric_studio.engine.document.reading import read_section
from rubric_studio.engine.document.types import Json
from rubric_studio.engine.document.types import Section as DocumentSection
from rubric_studio.engine.document.writing import section_json
from rubric_studio.rubrics.draft import Draft, load_draft, new_key, section_value
from rubric_studio.rubrics.editing.merging import joined, refuse_stale
from rubric_studio.rubrics.editing.order import last_position, position_after
from rubric_studio.rubrics.editing.record import (
    Action,
    check_columns,
    check_part,
    lock_draft,
    read_part,
    record_criterion,
    record_section,
    stamp,
)
from rubric_studio.rubrics.editing.refusals import AlreadyLive, InTrash, InvalidEdit, NotRestorable
from rubric_studio.rubrics.models import Question, Section

COLUMNS = ("title", "parent", "weight", "cap")
STAMP = ("revision", "changed_at", "changed_by")


@transaction.atomic
def add_section(question: Question, user: User, **fields: Json) -> Section:
    """A new section at the end: title, parent (a key), weight, cap. Raises InvalidEdit."""
    draft = lock_draft(question)
    taken = set(Section.objects.filter(question=question).values_list("key", flat=True))
    value = read_part(read_section, {"key": new_key("s", taken), **fields})
    if value.key in taken:
        message = f"The key {value.key!r} is taken, perhaps by a section in the trash."
        raise InvalidEdit([Problem("/key", message)])
    document = draft.document
    after = replace(document, sections=(*document.sections, value))
    check_part(document, after, "sections", len(document.sections))
    row = Section(
        question=draft.question,
        key=value.key,
        position=last_position(draft.sections),
        created_by=user,
        changed_by=user,
        changed_at=now(),
    )
    _fill(row, value, draft)
    row.save(force_insert=True)
    record_section(draft.question, row, draft.section_keys, user, Action.CREATED)
    return row


@transaction.atomic
def edit_section(section: Section, user: User, based_on: int | None, **changes: Json) -> Section:
    """Write these fields; those not named stay. Raises StaleWrite, InvalidEdit."""
    draft, row = _lock(section)
    refuse_stale(row, based_on)
    return _write(draft, row, user, changes)


@transaction.atomic
def merge_section(
    section: Section, user: User, based_on: int, over: int | None = None, **fields: Json
) -> Section:
    """Like edit_section, joining what others changed in other fields since `based_on`."""
    draft, row = _lock(section)
    current = section_json(section_value(row, draft.section_keys))
    wanted = section_json(read_part(read_section, {**current, **fields}))
    mine = joined(row, based_on, current, {name: wanted[name] for name in fields}, over)
    return _write(draft, row, user, mine)


@transaction.atomic
def move_section(
    section: Section, user: User, *, parent: Section | None, after: Section | None
) -> Section:
    """Put it inside `parent` (None: the top) behind `after` (None: first). Raises InvalidEdit
    when it would lie inside itself."""
    draft, row = _lock(section)
    parent_id = None if parent is None else parent.pk
    if parent_id is not None and parent_id not in draft.section_keys:
        raise InTrash("That section is in the trash. Choose another one.")
    others = [it for it in draft.sections if it.pk != row.pk]
    siblings = [it for it in others if it.parent_id == parent_id]
    behind = None if after is None else next((it for it in siblings if it.pk == after.pk), None)
    if after is not None and behind is None:
        raise InTrash("That place is gone: the section before it was moved or deleted.")
    value = section_value(row, draft.section_keys)
    _check(draft, row, replace(value, parent=draft.section_keys.get(parent_id)))
    row.position = position_after(others, siblings, behind)
    row.parent_id = parent_id
    return _save(draft, row, user, Action.MOVED, "position", "parent")


@transaction.atomic
def delete_section(section: Section, user: User, based_on: int | None = None) -> Section:
    """Into the trash. Its criteria and the sections inside it move to the section above it."""
    draft, row = _lock(section)
    refuse_stale(row, based_on)
    row.deleted_at = now()
    _save(draft, row, user, Action.DELETED, "deleted_at")
    for criterion in draft.criteria:
        if criterion.section_id == row.pk:
            criterion.section_id = row.parent_id
            stamp(criterion, user)
            criterion.save(update_fields=["section", *STAMP])
            record_criterion(draft.question, criterion, draft.section_keys, user, Action.MOVED)
    for inner in draft.sections:
        if inner.parent_id == row.pk:
            inner.parent_id = row.parent_id
            _save(draft, inner, user, Action.MOVED, "parent")
    after = load_draft(draft.question)
    check_part(draft.document, after.document)
    return row


@transaction.atomic
def restore_section(section: Section, user: User) -> Section:
    """Out of the trash, empty: what was in it stays where it is now. If the section around it is
    in the trash, it comes back at the top. Raises NotRestorable."""
    draft = lock_draft(section.question)
    row = Section.objects.select_for_update().get(pk=section.pk)
    if row.deleted_at is None:
        raise AlreadyLive
    row.question = draft.question
    row.deleted_at = None
    if row.parent_id not in draft.section_keys:
        row.parent_id = None
    document = draft.document
    value = section_value(row, draft.section_keys)
    after = replace(document, sections=(*document.sections, value))
    try:
        check_part(document, after, "sections", len(document.sections))
    except InvalidEdit as error:
        raise NotRestorable(f"It can't come back as it was: {error}") from error
    return _save(draft, row, user, Action.RESTORED, "deleted_at", "parent")


def _lock(section: Section) -> tuple[Draft, Section]:
    draft = lock_draft(section.question)
    for row in draft.sections:
        if row.pk == section.pk:
            row.question = draft.question
            return draft, row
    raise InTrash


def _write(draft: Draft, row: Section, user: User, changes: Mapping[str, Json]) -> Section:
    current = section_json(section_value(row, draft.section_keys))
    value = read_part(read_section, {**current, **changes})
    if value.key != row.key:
        raise InvalidEdit([Problem("/key", "A section's key is permanent; it can't change.")])
    if section_json(value) == current:
        return row
    _check(draft, row, value)
    _fill(row, value, draft)
    return _save(draft, row, user, Action.EDITED, *COLUMNS)


def _check(draft: Draft, row: Section, value: DocumentSection) -> None:
    document = draft.document
    index = next(i for i, it in enumerate(draft.sections) if it.pk == row.pk)
    sections = (*document.sections[:index], value, *document.sections[index + 1 :])
    check_part(document, replace(document, sections=sections), "sections", index)


def _fill(row: Section, value: DocumentSection, draft: Draft) -> None:
    ids = {key: pk for pk, key in draft.section_keys.items()}
    row.title, row.weight = value.title, float(value.weight)
    row.cap = None if value.cap is None else float(value.cap)
    row.parent_id = None if value.parent is None else ids[value.parent]
    check_columns(row, {}, ("title", "weight", "cap"))


def _save(draft: Draft, row: Section, user: User, action: Action, *columns: str) -> Section:
    stamp(row, user)
    row.save(update_fields=[*columns, *STAMP])
    record_section(draft.question, row, draft.section_keys, user, action)
    return row
