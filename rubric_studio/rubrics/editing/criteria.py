"""Adding, changing, moving, deleting and restoring criteria."""

from dataclasses import replace
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from rubric_studio.accounts.models import User
from rubric_studio.engine.document.reading import read_criterion
from rubric_studio.engine.document.types import Criterion as DocumentCriterion
from rubric_studio.engine.document.types import Json
from rubric_studio.engine.document.writing import criterion_json
from rubric_studio.rubrics.draft import Draft, criterion_value, new_key
from rubric_studio.rubrics.editing.merging import refuse_stale
from rubric_studio.rubrics.editing.order import position_after
from rubric_studio.rubrics.editing.parts import Parts
from rubric_studio.rubrics.editing.record import Action, check_columns, record_criterion
from rubric_studio.rubrics.editing.refusals import InTrash, StillRequired
from rubric_studio.rubrics.models import Criterion, Question, Section

NAMES = {"gate_cap": "gate", "check_spec": "check"}
COLUMNS = (
    *("section", "text", "guidance", "points", "levels", "may_not_apply", "gate_cap"),
    *("requires", "guard", "tags", "check_spec", "examples", "source"),
)


def fill_criterion(row: Criterion, value: DocumentCriterion, section_ids: dict[str, Any]) -> None:
    """Copy a document's criterion into a row's columns; `section_ids` maps keys to ids."""
    written = criterion_json(value)
    row.section_id = None if value.section is None else section_ids[value.section]
    row.gate_cap = None if value.gate is None else float(value.gate.cap)
    row.check_spec = written["check"]
    for name in ("text", "guidance", "points", "levels", "may_not_apply", "requires", "guard"):
        setattr(row, name, written[name])
    for name in ("tags", "examples", "source"):
        setattr(row, name, written[name])


def _fill(row: Criterion, value: DocumentCriterion, draft: Draft) -> None:
    fill_criterion(row, value, {key: pk for pk, key in draft.section_keys.items()})
    check_columns(row, NAMES, set(COLUMNS) - {"section", "levels", "examples", "check_spec"})


CRITERIA = Parts(
    name="criteria",
    noun="criterion",
    columns=COLUMNS,
    model=Criterion,
    new_key=partial(new_key, "c"),
    read=read_criterion,
    written=criterion_json,
    value_of=criterion_value,
    fill=_fill,
    record=record_criterion,
)


@transaction.atomic
def add_criterion(question: Question, user: User, **fields: Json) -> Criterion:
    """A new criterion at the end; without a key it gets one. Raises InvalidEdit."""
    return CRITERIA.add(question, user, fields)


@transaction.atomic
def edit_criterion(
    criterion: Criterion, user: User, based_on: int | None, **changes: Json
) -> Criterion:
    """Write these fields; those not named stay.

    Raises StaleWrite when `based_on` is not the current revision (None asks for no check),
    InvalidEdit when the result can't stand in the document. A write that changes nothing adds no
    revision.
    """
    return CRITERIA.edit(criterion, user, based_on, changes)


@transaction.atomic
def merge_criterion(
    criterion: Criterion, user: User, based_on: int, over: int | None = None, **fields: Json
) -> Criterion:
    """Like edit_criterion, but a write based on an older revision joins what others changed in
    other fields. Raises StaleWrite, naming the fields, where both changed the same one, unless
    `over` names the present revision: whoever has seen it may go over it."""
    return CRITERIA.merge(criterion, user, based_on, over, fields)


@transaction.atomic
def move_criterion(
    criterion: Criterion, user: User, *, section: Section | None, after: Criterion | None
) -> Criterion:
    """Put it into `section` (None: under no heading) behind `after` (None: first)."""
    draft, row = CRITERIA.lock(criterion)
    section_id = None if section is None else section.pk
    others = [it for it in draft.criteria if it.pk != row.pk]
    siblings = [it for it in others if it.section_id == section_id]
    if section_id is not None and section_id not in draft.section_keys:
        raise InTrash("That section is in the trash. Choose another one.")
    behind = None if after is None else next((it for it in siblings if it.pk == after.pk), None)
    if after is not None and behind is None:
        raise InTrash("That place is gone: the criterion before it was moved or deleted.")
    value = criterion_value(row, draft.section_keys)
    moved = replace(value, section=draft.section_keys.get(section_id))
    CRITERIA.check(draft, row, moved)
    row.position = position_after(others, siblings, behind)
    row.section_id = section_id
    return CRITERIA.save(draft, row, user, Action.MOVED, "position", "section")


@transaction.atomic
def delete_criterion(criterion: Criterion, user: User, based_on: int | None = None) -> Criterion:
    """Into the trash. Raises StillRequired, naming them, while others require it."""
    draft, row = CRITERIA.lock(criterion)
    refuse_stale(row, based_on)
    names = [
        f"{number} (“{it.text[:60]}”)"
        for number, it in enumerate(draft.criteria, start=1)
        if row.key in it.requires
    ]
    if names:
        raise StillRequired(
            f"Criterion {', '.join(names)} requires this one. Take it off there, then delete it."
        )
    row.deleted_at = now()
    return CRITERIA.save(draft, row, user, Action.DELETED, "deleted_at")


@transaction.atomic
def restore_criterion(criterion: Criterion, user: User) -> Criterion:
    """Out of the trash, to where it was; if its section is gone, to the nearest one above.

    Raises NotRestorable when it can't stand in the draft as it is now.
    """
    draft, row = CRITERIA.lock_trashed(criterion)
    row.section_id = _living_section(draft, row.section_id)
    return CRITERIA.restore(draft, row, user, "section")


def _living_section(draft: Draft, section_id: Any) -> Any:
    """This section, or the nearest one above it that is not in the trash."""
    while section_id is not None and section_id not in draft.section_keys:
        section_id = Section.objects.values_list("parent_id", flat=True).get(pk=section_id)
    return section_id
