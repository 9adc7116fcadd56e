"""Adding, changing, moving, deleting and restoring sections."""

from dataclasses import replace
from functools import partial

from django.db import transaction
from django.utils.timezone import now

from rubric_studio.accounts.models import User
from rubric_studio.engine.document.reading import read_section
from rubric_studio.engine.document.types import Json
from rubric_studio.engine.document.types import Section as DocumentSection
from rubric_studio.engine.document.writing import section_json
from rubric_studio.rubrics.draft import Draft, load_draft, new_key, section_value
from rubric_studio.rubrics.editing.merging import refuse_stale
from rubric_studio.rubrics.editing.order import position_after
from rubric_studio.rubrics.editing.parts import STAMP, Parts
from rubric_studio.rubrics.editing.record import (
    Action,
    check_columns,
    check_part,
    record_criterion,
    record_section,
    stamp,
)
from rubric_studio.rubrics.editing.refusals import InTrash
from rubric_studio.rubrics.models import Question, Section

COLUMNS = ("title", "parent", "weight", "cap")


def _fill(row: Section, value: DocumentSection, draft: Draft) -> None:
    ids = {key: pk for pk, key in draft.section_keys.items()}
    row.title, row.weight = value.title, float(value.weight)
    row.cap = None if value.cap is None else float(value.cap)
    row.parent_id = None if value.parent is None else ids[value.parent]
    check_columns(row, {}, ("title", "weight", "cap"))


SECTIONS = Parts(
    name="sections",
    noun="section",
    columns=COLUMNS,
    model=Section,
    new_key=partial(new_key, "s"),
    read=read_section,
    written=section_json,
    value_of=section_value,
    fill=_fill,
    record=record_section,
)


@transaction.atomic
def add_section(question: Question, user: User, **fields: Json) -> Section:
    """A new section at the end: title, parent (a key), weight, cap. Raises InvalidEdit."""
    return SECTIONS.add(question, user, fields)


@transaction.atomic
def edit_section(section: Section, user: User, based_on: int | None, **changes: Json) -> Section:
    """Write these fields; those not named stay. Raises StaleWrite, InvalidEdit."""
    return SECTIONS.edit(section, user, based_on, changes)


@transaction.atomic
def merge_section(
    section: Section, user: User, based_on: int, over: int | None = None, **fields: Json
) -> Section:
    """Like edit_section, joining what others changed in other fields since `based_on`."""
    return SECTIONS.merge(section, user, based_on, over, fields)


@transaction.atomic
def move_section(
    section: Section, user: User, *, parent: Section | None, after: Section | None
) -> Section:
    """Put it inside `parent` (None: the top) behind `after` (None: first). Raises InvalidEdit
    when it would lie inside itself."""
    draft, row = SECTIONS.lock(section)
    parent_id = None if parent is None else parent.pk
    if parent_id is not None and parent_id not in draft.section_keys:
        raise InTrash("That section is in the trash. Choose another one.")
    others = [it for it in draft.sections if it.pk != row.pk]
    siblings = [it for it in others if it.parent_id == parent_id]
    behind = None if after is None else next((it for it in siblings if it.pk == after.pk), None)
    if after is not None and behind is None:
        raise InTrash("That place is gone: the section before it was moved or deleted.")
    value = section_value(row, draft.section_keys)
    SECTIONS.check(draft, row, replace(value, parent=draft.section_keys.get(parent_id)))
    row.position = position_after(others, siblings, behind)
    row.parent_id = parent_id
    return SECTIONS.save(draft, row, user, Action.MOVED, "position", "parent")


@transaction.atomic
def delete_section(section: Section, user: User, based_on: int | None = None) -> Section:
    """Into the trash. Its criteria and the sections inside it move to the section above it."""
    draft, row = SECTIONS.lock(section)
    refuse_stale(row, based_on)
    row.deleted_at = now()
    SECTIONS.save(draft, row, user, Action.DELETED, "deleted_at")
    for criterion in draft.criteria:
        if criterion.section_id == row.pk:
            criterion.section_id = row.parent_id
            stamp(criterion, user)
            criterion.save(update_fields=["section", *STAMP])
            record_criterion(draft.question, criterion, draft.section_keys, user, Action.MOVED)
    for inner in draft.sections:
        if inner.parent_id == row.pk:
            inner.parent_id = row.parent_id
            SECTIONS.save(draft, inner, user, Action.MOVED, "parent")
    after = load_draft(draft.question)
    check_part(draft.document, after.document)
    return row


@transaction.atomic
def restore_section(section: Section, user: User) -> Section:
    """Out of the trash, empty: what was in it stays where it is now. If the section around it is
    in the trash, it comes back at the top. Raises NotRestorable."""
    draft, row = SECTIONS.lock_trashed(section)
    if row.parent_id not in draft.section_keys:
        row.parent_id = None
    return SECTIONS.restore(draft, row, user, "parent")
