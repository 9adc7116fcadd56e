"""Experts' own verdicts: giving them, and what they say together."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from rubric_studio.accounts.models import User
from rubric_studio.engine.document.canonical import grading_hash
from rubric_studio.engine.document.problems import Problem
from rubric_studio.engine.document.scoring import exact
from rubric_studio.engine.document.types import Criterion, Document
from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.grading.answers.editing import answer_hash, content_of
from rubric_studio.grading.models import Label, SampleAnswer
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.editing.refusals import InvalidEdit
from rubric_studio.rubrics.models import Question

MET, UNMET = "met", "unmet"
Status = Label.Status
Cell = tuple[Any, str]  # answer's id, criterion's key


@dataclass(frozen=True, slots=True)
class Consensus:
    """What the current labels of one cell say together. `value` is None unless graded."""

    status: str
    value: float | None
    level: str
    labels: int


@dataclass(frozen=True, slots=True)
class Rater:
    """Whose labels: a member's own, or those of a name that a member brought in from a file."""

    author_id: int
    imported_from: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """What somebody had before them when they gave a verdict, by hash."""

    grading_hash: str
    answer_hash: str


@transaction.atomic
def set_label(
    answer: SampleAnswer,
    criterion_key: str,
    user: User,
    *,
    verdict: str,
    note: str = "",
    document: Document | None = None,
    content: AnswerContent | None = None,
    read: Wording | None = None,
) -> Label:
    """The user's verdict on a cell, in place of an earlier one, which stays in the history.

    `verdict` is "met", "unmet", a level's label, "not_applicable" or "cannot_assess". The label is
    bound to what was `read`: by default the wording of `document` and the text of `content`, and
    those are the draft and the answer as they are now. Saying the same of the same once more adds
    nothing. Raises InvalidEdit.
    """
    document = document or draft_document(answer.question)
    criterion = criterion_of(document, criterion_key)
    status, value, level = read_verdict(criterion, verdict)
    read = read or wording_of(document, criterion_key, content or content_of(answer))
    said = {
        "status": status,
        "value": value,
        "level": level,
        "note": note,
        "grading_hash": read.grading_hash,
        "answer_hash": read.answer_hash,
    }
    # Two keys pressed at once: the second one waits here, and stands.
    SampleAnswer.objects.select_for_update(no_key=True).get(pk=answer.pk)
    former = _former(answer, criterion_key, user)
    same = former.filter(**said).first()
    if same is not None:
        return same
    former.update(is_current=False)
    return Label.objects.create(answer=answer, criterion_key=criterion_key, author=user, **said)


def wording_of(document: Document, criterion_key: str, content: AnswerContent) -> Wording:
    return Wording(grading_hash(document, criterion_key), answer_hash(content))


@transaction.atomic
def clear_label(answer: SampleAnswer, criterion_key: str, user: User) -> None:
    """Take the user's own verdict back. The row stays, no longer current."""
    _former(answer, criterion_key, user).update(is_current=False)


def labels_of(question: Question) -> QuerySet[Label]:
    """The current labels on the question's answers, stale ones among them, oldest first."""
    return (
        Label.objects.current()
        .filter(answer__question=question, answer__deleted_at=None)
        .select_related("author")
    )


def consensus(
    document: Document, labels: Iterable[Label], answer_hashes: Mapping[Any, str]
) -> dict[Cell, Consensus]:
    """What the labels say about each cell of this document; stale ones are left out.

    `answer_hashes` are those of the answers by id. A value is the mean of the labels' values,
    not applicable needs more votes than all values together, and a cell whose every label is
    "cannot tell" is just that.
    """
    hashes = grading_hashes(document)
    values = level_values(document)
    cells: dict[Cell, list[Label]] = {}
    for label in labels:
        now_hash, now_text = hashes.get(label.criterion_key), answer_hashes.get(label.answer_id)
        if now_hash is None or now_text is None or label.is_stale(now_hash, now_text):
            continue
        # The level was chosen, not its value: that may have changed since.
        label.value = values.get((label.criterion_key, label.level), label.value)
        cells.setdefault((label.answer_id, label.criterion_key), []).append(label)
    return {cell: _together(given) for cell, given in cells.items()}


def level_values(document: Document) -> dict[tuple[str, str], float]:
    """The value of each level, by criterion's key and level's label."""
    return {
        (criterion.key, level.label): float(level.value)
        for criterion in document.criteria
        for level in criterion.levels or ()
    }


def grading_hashes(document: Document) -> dict[str, str]:
    """Every criterion's grading hash, by key."""
    return {it.key: grading_hash(document, it.key) for it in document.criteria}


def _together(labels: list[Label]) -> Consensus:
    votes = Counter(label.status for label in labels)
    graded = [label for label in labels if label.status == Status.GRADED]
    if votes[Status.NOT_APPLICABLE] > len(graded):
        return Consensus(Status.NOT_APPLICABLE, None, "", len(labels))
    if not graded:
        return Consensus(Status.CANNOT_ASSESS, None, "", len(labels))
    values = [exact(label.value) for label in graded if label.value is not None]
    mean = sum(values, Fraction(0)) / len(values)
    levels = {label.level for label in graded}
    level = levels.pop() if len(levels) == 1 else ""
    return Consensus(Status.GRADED, float(mean), level, len(labels))


def criterion_of(document: Document, key: str) -> Criterion:
    """Raises InvalidEdit where the document has none of that key."""
    try:
        return document.criterion(key)
    except KeyError:
        message = f"There is no criterion {key!r} in this rubric any more."
        raise InvalidEdit([Problem("/criterion", message)]) from None


def read_verdict(criterion: Criterion, verdict: str) -> tuple[str, float | None, str]:
    """The verdict as status, value and level. Raises InvalidEdit."""
    if verdict in (Status.NOT_APPLICABLE, Status.CANNOT_ASSESS):
        return verdict, None, ""
    if criterion.levels is None and verdict in (MET, UNMET):
        return Status.GRADED, float(verdict == MET), ""
    for level in criterion.levels or ():
        if level.label == verdict:
            return Status.GRADED, float(level.value), level.label
    words = [MET, UNMET] if criterion.levels is None else [it.label for it in criterion.levels]
    allowed = ", ".join([*words, Status.NOT_APPLICABLE, Status.CANNOT_ASSESS])
    raise InvalidEdit([Problem("/verdict", f"Choose one of: {allowed}.")])


def _former(answer: SampleAnswer, criterion_key: str, user: User) -> QuerySet[Label]:
    return Label.objects.current().filter(
        answer=answer, criterion_key=criterion_key, author=user, imported_from=""
    )
