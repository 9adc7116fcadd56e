"""What an expert who is asked to label must not read yet: anybody's verdicts on those answers.

One rule for every page, reply and file: an answer that somebody was asked to label, and has not
finished, shows them no verdict but their own. Whoever was asked nothing sees everything, so an
author is never locked out of what they write, and may take a request of their own back.
"""

from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, Q

from rubric_studio.accounts.models import User
from rubric_studio.errors import DomainError
from rubric_studio.grading.answers.knowing import is_news_to, keep_seen
from rubric_studio.grading.labelling.asked import asked_of
from rubric_studio.grading.labelling.queue import queue_of
from rubric_studio.grading.models import Assignment, Run, SampleAnswer
from rubric_studio.rubrics.models import Collection, Question

Answers = frozenset[UUID]


class StillToLabel(DomainError):
    """409. Its message names the question's page of labels."""

    code = "still_to_label"

    def __init__(self, answers: int) -> None:
        which = "an answer" if answers == 1 else f"{answers} answers"
        super().__init__(
            f"You were asked to label {which} of this question first. What the judge and colleagues"
            " say of it opens when you have, so that your verdicts are your own."
        )


def still_to_label(question: Question, user: User) -> Answers:
    """The answers whose verdicts are hidden from this person. One query for whoever was asked for
    nothing, eight for others."""
    asked = Assignment.objects.standing().filter(answer__question=question, expert=user)
    if not asked.exists():
        return frozenset()
    queue = queue_of(question, user)
    return frozenset(it.pk for it in queue.answers if queue.left[it.pk])


def still_to_label_in(collection: Collection, user: User) -> Answers:
    """Those of all its questions. One query for whoever was asked for nothing there; for others
    they grow with the questions that wait for them."""
    asked = Assignment.objects.standing().filter(answer__question__collection=collection)
    if not asked.filter(expert=user).exists():
        return frozenset()
    found: set[UUID] = set()
    for waiting in asked_of(user):
        if waiting.answers and waiting.question.collection_id == collection.pk:
            found |= still_to_label(waiting.question, user)
    return frozenset(found)


def open_run(run: Run, user: User) -> Answers:
    """Note that this person opens what the run says, and tell which of its answers stay hidden. One
    query for whoever has opened it before and was asked for nothing."""
    asked = Assignment.objects.standing().filter(answer__question=run.question_id, expert=user)
    is_news, is_asked = (
        Run.objects.filter(pk=run.pk)
        .annotate(is_news=_as_field(is_news_to(user)), is_asked=Exists(asked))
        .values_list("is_news", "is_asked")
        .get()
    )
    if is_news:
        keep_seen(run, user)
    return still_to_label(run.question, user) if is_asked else frozenset()


def _as_field(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, BooleanField())


def require_finished(question: Question, user: User) -> None:
    """For what tells of all answers together. Raises StillToLabel."""
    if hidden := still_to_label(question, user):
        raise StillToLabel(len(hidden))


def require_labelled(answer: SampleAnswer, user: User) -> None:
    """For what tells of this answer. Raises StillToLabel."""
    if answer.pk in still_to_label(answer.question, user):
        raise StillToLabel(1)
