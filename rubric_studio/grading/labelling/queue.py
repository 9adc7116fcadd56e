"""What an expert is asked to label: which answers, in an order of their own, and what is left."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal
from uuid import UUID

from rubric_studio.accounts.models import User
from rubric_studio.engine.document.types import Document
from rubric_studio.grading.answers.editing import answer_hash, content_of
from rubric_studio.grading.labels import grading_hashes
from rubric_studio.grading.models import Assignment, Label, SampleAnswer
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.models import Question
from rubric_studio.rubrics.outline import Entry, outline_of

CellState = Literal["open", "stale", "done"]
STALE = "stale"


@dataclass(frozen=True)
class Queue:
    """`answers` in the expert's own order, without their texts; `entries` are the criteria that
    people decide. `labels` are the expert's current ones by cell, stale ones among them.

    `only` narrows it: STALE to answers and cells whose label no longer fits, a criterion's key to
    that one.
    """

    question: Question
    user: User
    document: Document
    answers: tuple[SampleAnswer, ...]
    entries: tuple[Entry, ...]
    labels: Mapping[tuple[UUID, str], Label]
    hashes: Mapping[str, str]
    texts: Mapping[UUID, str]
    is_assigned: bool
    only: str = ""

    @property
    def only_stale(self) -> bool:
        return self.only == STALE

    def state(self, answer_id: UUID, key: str) -> CellState:
        label = self.labels.get((answer_id, key))
        if label is None:
            return "open"
        is_stale = label.is_stale(self.hashes[key], self.texts.get(answer_id, ""))
        return "stale" if is_stale else "done"

    @cached_property
    def left(self) -> dict[UUID, int]:
        """How many cells of each answer wait for a key."""
        waiting = ("stale",) if self.only_stale else ("open", "stale")
        return {
            answer.pk: sum(
                self.state(answer.pk, it.criterion.key) in waiting for it in self.entries
            )
            for answer in self.answers
        }

    @cached_property
    def keys(self) -> frozenset[str]:
        """Of the criteria that are asked."""
        return frozenset(it.criterion.key for it in self.entries)

    @property
    def cells_left(self) -> int:
        return sum(self.left.values())

    @cached_property
    def stale(self) -> int:
        return sum(
            self.state(answer.pk, it.criterion.key) == "stale"
            for answer in self.answers
            for it in self.entries
        )

    @property
    def is_finished(self) -> bool:
        """Whether there was something to label and all of it is."""
        return bool(self.answers and self.entries) and not self.cells_left

    def first_open(self, after: UUID | None = None) -> SampleAnswer | None:
        """The next answer with something left, going round from the one after `after`."""
        ids = [it.pk for it in self.answers]
        start = ids.index(after) + 1 if after in ids else 0
        round_trip = [*self.answers[start:], *self.answers[:start]]
        return next((it for it in round_trip if self.left[it.pk] and it.pk != after), None)


def queue_of(question: Question, user: User, *, only: str = "") -> Queue:
    """The answers assigned to the expert; where none are, all that are not probes. Six queries.

    With `only` STALE, whatever the expert labelled and has to read again, assigned or not; with a
    criterion's key, that one in all of them. A key that there is not (any more) narrows nothing.
    """
    document = draft_document(question)
    entries = tuple(it for it in outline_of(document).entries if it.criterion.check is None)
    asked = list(
        SampleAnswer.objects.live()
        .filter(question=question)
        .select_related("probe")
        .defer("text", "messages")
    )
    assigned = _assigned(question, user)
    known = {it.criterion.key for it in entries}
    rows = Label.objects.current().filter(
        answer__question=question, answer__deleted_at=None, author=user, imported_from=""
    )
    labels = {(it.answer_id, it.criterion_key): it for it in rows if it.criterion_key in known}
    if only == STALE:
        labelled = {answer_id for answer_id, _ in labels}
        answers = [it for it in asked if it.pk in labelled]
    elif assigned:
        answers = [it for it in asked if it.pk in assigned]
    else:
        answers = [it for it in asked if it.origin != SampleAnswer.Origin.PROBE]
    queue = Queue(
        question,
        user,
        document,
        _shuffled(answers, user),
        entries,
        labels,
        grading_hashes(document),
        _texts({answer_id for answer_id, _ in labels}),
        bool(assigned),
    )
    if only == STALE:
        return _narrowed(queue)
    if only in known:
        return replace(
            queue, entries=tuple(it for it in entries if it.criterion.key == only), only=only
        )
    return queue


def _assigned(question: Question, user: User) -> set[UUID]:
    standing = Assignment.objects.standing().filter(answer__question=question, expert=user)
    return set(standing.values_list("answer_id", flat=True))


def _narrowed(queue: Queue) -> Queue:
    """Only the answers and the criteria that have a stale label."""
    stale = [
        (answer_id, key)
        for answer_id, key in queue.labels
        if queue.state(answer_id, key) == "stale"
    ]
    answers, keys = {it[0] for it in stale}, {it[1] for it in stale}
    return Queue(
        queue.question,
        queue.user,
        queue.document,
        tuple(it for it in queue.answers if it.pk in answers),
        tuple(it for it in queue.entries if it.criterion.key in keys),
        queue.labels,
        queue.hashes,
        queue.texts,
        queue.is_assigned,
        only=STALE,
    )


def _shuffled(answers: Iterable[SampleAnswer], user: User) -> tuple[SampleAnswer, ...]:
    """An order that tells nothing of tiers, another one for each expert, always the same one."""

    def lot(answer: SampleAnswer) -> bytes:
        return hashlib.sha256(f"{user.pk} {answer.pk}".encode()).digest()

    return tuple(sorted(answers, key=lot))


def _texts(answer_ids: Iterable[UUID]) -> dict[UUID, str]:
    rows = SampleAnswer.objects.filter(pk__in=list(answer_ids)).only("pk", "text", "messages")
    return {it.pk: answer_hash(content_of(it)) for it in rows}
