"""One key pressed on the labelling page: kept, whatever happened to the wording meanwhile."""

from dataclasses import dataclass
from typing import Literal

from rubric_studio.accounts.models import User
from rubric_studio.engine.document.problems import Problem
from rubric_studio.engine.document.types import Document
from rubric_studio.grading.answers.editing import content_of
from rubric_studio.grading.labelling.page import choices_of
from rubric_studio.grading.labels import Wording, clear_label, set_label, wording_of
from rubric_studio.grading.models import Label, SampleAnswer
from rubric_studio.rubrics.draft import criterion_value, question_value
from rubric_studio.rubrics.editing.refusals import InvalidEdit
from rubric_studio.rubrics.models import Criterion

Meanwhile = Literal["", "reworded", "edited", "deleted"]


@dataclass(frozen=True, slots=True)
class Given:
    """A label that is kept (None: taken back). `meanwhile` says what happened since it was read:
    the label is then bound to what was read, and is stale. `before` is, in words, what the expert
    said of an older wording or text, told only now; "" where that was not so."""

    label: Label | None
    meanwhile: Meanwhile = ""
    before: str = ""


def give_label(
    answer: SampleAnswer,
    criterion_key: str,
    user: User,
    *,
    verdict: str,
    note: str = "",
    read: Wording | None = None,
) -> Given:
    """The user's verdict on what they `read`; "" takes an earlier one back.

    One on a criterion that was deleted meanwhile is kept, should that be restored. Raises
    InvalidEdit for a verdict that the criterion does not have.
    """
    row = Criterion.objects.filter(question=answer.question, key=criterion_key).first()
    if row is None:
        raise InvalidEdit([Problem("/criterion", "This rubric has no such criterion.")])
    if row.check_spec is not None:
        raise InvalidEdit([Problem("/criterion", "A program decides this criterion.")])
    if not verdict:
        clear_label(answer, criterion_key, user)
        return Given(None)
    # A grading hash depends on the question and its criterion alone.
    document = Document(question_value(answer.question), criteria=(criterion_value(row, {}),))
    now = wording_of(document, criterion_key, content_of(answer))
    before = _said_of_older(answer, criterion_key, user, read or now, document)
    label = set_label(
        answer, criterion_key, user, verdict=verdict, note=note, document=document, read=read or now
    )
    if row.deleted_at is not None:
        return Given(label, "deleted", before)
    if read is not None and read.answer_hash != now.answer_hash:
        return Given(label, "edited", before)
    if read is not None and read.grading_hash != now.grading_hash:
        return Given(label, "reworded", before)
    return Given(label, before=before)


def _said_of_older(
    answer: SampleAnswer, key: str, user: User, read: Wording, document: Document
) -> str:
    former = Label.objects.current().filter(
        answer=answer, criterion_key=key, author=user, imported_from=""
    )
    label = former.first()
    if label is None or not label.is_stale(read.grading_hash, read.answer_hash):
        return ""
    said = (it.words for it in choices_of(document.criterion(key), label) if it.is_chosen)
    return next(said, label.level)
