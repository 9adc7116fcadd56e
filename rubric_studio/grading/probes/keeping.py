"""Probes as rows: keeping, editing, and what was put into their texts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import transaction
from django.utils.timezone import now

from rubric_studio.accounts.models import User
from rubric_studio.engine.document.canonical import content_hash
from rubric_studio.engine.document.problems import Problem, pointer
from rubric_studio.engine.document.types import Document
from rubric_studio.engine.document.wording import word_diff
from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.engine.probing.made import Span
from rubric_studio.grading.answers.editing import add_answers, answer_hash, edit_answer
from rubric_studio.grading.models import Probe, RunAnswer, SampleAnswer
from rubric_studio.rubrics.editing.refusals import InvalidEdit
from rubric_studio.rubrics.models import Question

UP: Final = "up"
DOWN: Final = "down"
DIRECTIONS = {UP: 1, DOWN: -1}
LONGEST_NAME = 120
LONGEST_COMPARED = 40_000  # characters of both texts, compared word by word


@dataclass(frozen=True)
class NewProbe:
    """What a probe is made of; fields as those of the model."""

    kind: str
    family: str
    title: str
    text: str
    base: SampleAnswer | None = None
    criterion_key: str = ""
    does: str = ""
    could_fool: Sequence[str] = ()
    inserted: Sequence[Span] = ()
    expected: Mapping[str, str] = field(default_factory=dict)
    proposed_by: str = ""

    @property
    def name(self) -> str:
        of = f" of {self.base.letter}" if self.base else ""
        return self.title[: LONGEST_NAME - len(of)] + of

    @property
    def text_hash(self) -> str:
        return answer_hash(AnswerContent(text=self.text))


@transaction.atomic
def keep_probes(
    question: Question, user: User | None, document: Document, new: Sequence[NewProbe]
) -> list[Probe]:
    """All of them as answers of origin probe, in their order. Raises InvalidEdit."""
    origin = SampleAnswer.Origin.PROBE
    rows = [{"name": it.name, "text": it.text, "origin": origin} for it in new]
    answers = add_answers(question, user, rows) if rows else []
    made_from, at = content_hash(document), now()
    return Probe.objects.bulk_create(
        Probe(
            answer=answer,
            kind=it.kind,
            family=it.family,
            base=it.base,
            criterion_key=it.criterion_key,
            does=it.does,
            could_fool=list(it.could_fool),
            inserted=[list(span) for span in it.inserted],
            text_hash=it.text_hash,
            made_from=made_from,
            expected=dict(it.expected),
            stated_at=None if it.kind == Probe.Kind.EXPLOIT else at,
            accepted_by=user,
            proposed_by=it.proposed_by,
        )
        for answer, it in zip(answers, new, strict=True)
    )


@transaction.atomic
def edit_probe(probe: Probe, user: User, *, text: str, based_on: int | None = None) -> Probe:
    """The probe with another text; its family, its base and what was stated of it stay.

    Raises InvalidEdit, and StaleWrite when `based_on` is not its answer's revision any more.
    """
    edit_answer(probe.answer, user, based_on=based_on, text=text)
    probe.inserted = [list(it) for it in put_in(text_of(probe.base), text)]
    probe.text_hash = answer_hash(AnswerContent(text=text))
    probe.accepted_by = user
    probe.save(update_fields=["inserted", "text_hash", "accepted_by"])
    return probe


def read_expected(expected: Mapping[str, Any], keys: Collection[str]) -> dict[str, str]:
    """What should change, by criterion: "up" or "down". Raises InvalidEdit."""
    problems = [
        Problem(f"/expected{pointer(key)}", "There is no such criterion in this rubric any more.")
        for key in expected
        if key not in keys
    ]
    problems += [
        Problem(f"/expected{pointer(key)}", "Choose one: it becomes true, or is no longer true.")
        for key, direction in expected.items()
        if direction not in DIRECTIONS
    ]
    if problems:
        raise InvalidEdit(problems)
    return dict(expected)


def inserted_in(probe: Probe, pinned: SampleAnswer | RunAnswer) -> tuple[Span, ...]:
    """Where the words stand in this text that its base does not have; of a text that was edited
    elsewhere they are found anew."""
    text = pinned.text or ""
    if answer_hash(AnswerContent(text=text)) == probe.text_hash:
        return tuple((start, end) for start, end in probe.inserted)
    return put_in(text_of(probe.base), text)


def text_of(answer: SampleAnswer | None) -> str | None:
    """None for no answer, and for a transcript."""
    return None if answer is None else answer.text


def put_in(base: str | None, text: str) -> tuple[Span, ...]:
    """Where the words stand in `text` that `base` does not have: all of them without a base."""
    if base is None:
        return ((0, len(text)),) if text else ()
    if len(base) + len(text) > LONGEST_COMPARED:
        return ()
    spans: list[Span] = []
    at = 0
    for piece in word_diff(base, text):
        if piece.op == "added":
            spans.append((at, at + len(piece.text)))
        if piece.op != "removed":
            at += len(piece.text)
    return tuple(spans)
