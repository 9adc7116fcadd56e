"""What criteria and sections share: each is a row of the draft and a part of its document."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from django.utils.timezone import now

from rubric_studio.accounts.models import User
from rubric_studio.engine.document.problems import Problem
from rubric_studio.engine.document.types import Criterion as DocumentCriterion
from rubric_studio.engine.document.types import Document, Json
from rubric_studio.engine.document.types import Section as DocumentSection
from rubric_studio.rubrics.draft import Draft
from rubric_studio.rubrics.editing.merging import joined, refuse_stale
from rubric_studio.rubrics.editing.order import last_position
from rubric_studio.rubrics.editing.record import Action, check_part, lock_draft, read_part, stamp
from rubric_studio.rubrics.editing.refusals import AlreadyLive, InTrash, InvalidEdit, NotRestorable
from rubric_studio.rubrics.models import Criterion, Question, Section

STAMP = ("revision", "changed_at", "changed_by")

type Keys = dict[Any, str]  # of the live sections, by their ids


@dataclass(frozen=True)
class Parts[Row: (Criterion, Section), Value: DocumentCriterion | DocumentSection]:
    """One kind of part: how its rows and its values in the document become each other.

    `name` is its list in draft and document alike, `noun` what a person calls one of them. Every
    method writes inside the caller's transaction.
    """

    name: Literal["criteria", "sections"]
    noun: str
    columns: tuple[str, ...]
    model: type[Row]
    new_key: Callable[[set[str]], str]
    read: Callable[[Json], Value]
    written: Callable[[Value], dict[str, Json]]
    value_of: Callable[[Row, Keys], Value]
    fill: Callable[[Row, Value, Draft], None]
    record: Callable[[Question, Row, Keys, User, Action], None]

    def rows(self, draft: Draft) -> list[Row]:
        return cast("list[Row]", getattr(draft, self.name))

    def add(self, question: Question, user: User, fields: Mapping[str, Json]) -> Row:
        """A new one at the end; without a key it gets one. Raises InvalidEdit."""
        draft = lock_draft(question)
        taken = set(self.model.objects.filter(question=question).values_list("key", flat=True))
        value = read_part(self.read, {"key": self.new_key(taken), **fields})
        if value.key in taken:
            message = f"The key {value.key!r} is taken, perhaps by a {self.noun} in the trash."
            raise InvalidEdit([Problem("/key", message)])
        self._check_added(draft, value)
        row = self.model(
            question=draft.question,
            key=value.key,
            position=last_position(self.rows(draft)),
            created_by=user,
            changed_by=user,
            changed_at=now(),
        )
        self.fill(row, value, draft)
        row.save(force_insert=True)
        self.record(draft.question, row, draft.section_keys, user, Action.CREATED)
        return row

    def lock(self, part: Row) -> tuple[Draft, Row]:
        """The draft as it is now, and the part in it. Raises InTrash."""
        draft = lock_draft(part.question)
        for row in self.rows(draft):
            if row.pk == part.pk:
                row.question = draft.question
                return draft, row
        raise InTrash

    def edit(self, part: Row, user: User, based_on: int | None, changes: Mapping[str, Json]) -> Row:
        """Write these fields; those not named stay. Raises StaleWrite, InvalidEdit."""
        draft, row = self.lock(part)
        refuse_stale(row, based_on)
        return self._write(draft, row, user, changes)

    def merge(
        self, part: Row, user: User, based_on: int, over: int | None, fields: Mapping[str, Json]
    ) -> Row:
        """As `edit`, joining what others changed in other fields since `based_on`."""
        draft, row = self.lock(part)
        current = self.written(self.value_of(row, draft.section_keys))
        wanted = self.written(read_part(self.read, {**current, **fields}))
        mine = joined(row, based_on, current, {name: wanted[name] for name in fields}, over)
        return self._write(draft, row, user, mine)

    def lock_trashed(self, part: Row) -> tuple[Draft, Row]:
        """The draft, and the part outside it. Raises AlreadyLive."""
        draft = lock_draft(part.question)
        row = self.model.objects.select_for_update().get(pk=part.pk)
        if row.deleted_at is None:
            raise AlreadyLive
        row.question = draft.question
        return draft, row

    def restore(self, draft: Draft, row: Row, user: User, *columns: str) -> Row:
        """Put the part back; the caller has set `columns` anew. Raises NotRestorable."""
        row.deleted_at = None
        try:
            self._check_added(draft, self.value_of(row, draft.section_keys))
        except InvalidEdit as error:
            raise NotRestorable(f"It can't come back as it was: {error}") from error
        return self.save(draft, row, user, Action.RESTORED, "deleted_at", *columns)

    def check(self, draft: Draft, row: Row, value: Value) -> None:
        """Raise InvalidEdit when the value can't stand in the row's place."""
        place = next(i for i, it in enumerate(self.rows(draft)) if it.pk == row.pk)
        check_part(draft.document, self._with(draft.document, place, value), self.name, place)

    def save(self, draft: Draft, row: Row, user: User, action: Action, *columns: str) -> Row:
        """Write these columns as the row's next revision."""
        stamp(row, user)
        row.save(update_fields=[*columns, *STAMP])
        self.record(draft.question, row, draft.section_keys, user, action)
        return row

    def _write(self, draft: Draft, row: Row, user: User, changes: Mapping[str, Json]) -> Row:
        current = self.written(self.value_of(row, draft.section_keys))
        value = read_part(self.read, {**current, **changes})
        if value.key != row.key:
            message = f"A {self.noun}'s key is permanent; it can't change."
            raise InvalidEdit([Problem("/key", message)])
        if self.written(value) == current:
            return row
        self.check(draft, row, value)
        self.fill(row, value, draft)
        return self.save(draft, row, user, Action.EDITED, *self.columns)

    def _check_added(self, draft: Draft, value: Value) -> None:
        place = len(self.rows(draft))
        check_part(draft.document, self._with(draft.document, place, value), self.name, place)

    def _with(self, document: Document, place: int, value: Value) -> Document:
        """The document with this value in that place, the next free one included."""
        values: list[Any] = [*getattr(document, self.name)]
        values[place : place + 1] = [value]
        changed: dict[str, Any] = {self.name: tuple(values)}
        return replace(document, **changed)
