"""Settling a cell that experts saw differently. Their labels stay as they are."""

from django.db import transaction
from django.db.models import QuerySet

from rubric_studio.accounts.models import User
from rubric_studio.engine.document.problems import Problem
from rubric_studio.engine.document.types import Document
from rubric_studio.grading.answers.editing import content_of
from rubric_studio.grading.labels import Wording, criterion_of, read_verdict, wording_of
from rubric_studio.grading.models import Adjudication, SampleAnswer
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.editing.refusals import InvalidEdit

LONGEST_NOTE = 5000


@transaction.atomic
def settle(
    answer: SampleAnswer,
    criterion_key: str,
    user: User,
    *,
    verdict: str,
    note: str,
    document: Document | None = None,
    read: Wording | None = None,
) -> Adjudication:
    """The verdict that holds of a cell, and why, in place of an earlier one, which stays in the
    history. Verdicts are those of set_label. Raises InvalidEdit, also without a note, and where
    criterion or answer changed after it was `read`."""
    document = document or draft_document(answer.question)
    criterion = criterion_of(document, criterion_key)
    if criterion.check is not None:
        raise InvalidEdit([Problem("/criterion", "A program decides this criterion.")])
    status, value, level = read_verdict(criterion, verdict)
    note = note.strip()
    if not note:
        raise InvalidEdit([Problem("/note", "Say in a sentence why this verdict holds.")])
    if len(note) > LONGEST_NOTE or "\0" in note:
        raise InvalidEdit([Problem("/note", f"Write at most {LONGEST_NOTE} letters.")])
    SampleAnswer.objects.select_for_update(no_key=True).get(pk=answer.pk)
    now = wording_of(document, criterion_key, content_of(answer))
    if read is not None and read != now:
        message = "The criterion or the answer changed while you read. Read it again, then settle."
        raise InvalidEdit([Problem("/criterion", message)])
    _current(answer, criterion_key).update(is_current=False)
    return Adjudication.objects.create(
        answer=answer,
        criterion_key=criterion_key,
        author=user,
        status=status,
        value=value,
        level=level,
        note=note,
        grading_hash=now.grading_hash,
        answer_hash=now.answer_hash,
    )


@transaction.atomic
def unsettle(answer: SampleAnswer, criterion_key: str) -> None:
    """Leave the cell open again. The row stays, no longer current."""
    _current(answer, criterion_key).update(is_current=False)


def _current(answer: SampleAnswer, criterion_key: str) -> QuerySet[Adjudication]:
    return Adjudication.objects.current().filter(answer=answer, criterion_key=criterion_key)
