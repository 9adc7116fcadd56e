"""Writes that were based on an older revision: refused, or joined field by field."""

from collections.abc import Mapping

from rubric_studio.engine.document.types import Json
from rubric_studio.rubrics.editing.refusals import StaleWrite
from rubric_studio.rubrics.models import Criterion, Question, Revision, Section

Row = Question | Section | Criterion


def refuse_stale(row: Row, based_on: int | None) -> None:
    """Raise StaleWrite unless the write was based on the row's revision; None asks for no check."""
    if based_on is not None and row.revision != based_on:
        raise StaleWrite(row)


def joined(
    row: Row,
    based_on: int,
    current: Mapping[str, Json],
    wanted: Mapping[str, Json],
    over: int | None = None,
) -> dict[str, Json]:
    """What of `wanted` to write onto `current` when both grew out of revision `based_on`.

    Only fields that `wanted` changed since then are taken, so what others wrote elsewhere stays.
    Raises StaleWrite, naming the fields, where both sides changed the same one differently, unless
    `over` says that the author has seen the present revision and wants to go over it.
    """
    if row.revision == based_on:
        return dict(wanted)
    base = base_content(row, based_on)
    if base is None:
        raise StaleWrite(row, wanted)
    mine = {name: value for name, value in wanted.items() if value != base.get(name)}
    clashing = [
        name
        for name, value in mine.items()
        if current.get(name) != base.get(name) and current.get(name) != value
    ]
    if clashing and over != row.revision:
        raise StaleWrite(row, clashing)
    return mine


def base_content(row: Row, number: int) -> dict[str, Json] | None:
    """What the row held at that revision; None when it never had one."""
    revisions = Revision.objects.filter(subject=type(row)._meta.model_name, number=number)
    if isinstance(row, Question):
        # Not by its key: that one may change.
        revisions = revisions.filter(question=row)
    else:
        revisions = revisions.filter(question=row.question_id, subject_key=row.key)
    content: dict[str, Json] | None = revisions.values_list("content", flat=True).first()
    return content
