"""Who knew the scores of an answer, and since when: what is stated later is not stated blind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, Min, OuterRef, Q

from rubric_studio.accounts.models import User
from rubric_studio.grading.models import Comparison, Grade, Run, RunSeen, SampleAnswer, Status
from rubric_studio.rubrics.models import Question

VERDICTS = (Status.GRADED, Status.NOT_APPLICABLE)


def note_seen(run: Run, user: User) -> None:
    """Remember that this person opened what the run says; nothing while it says nothing yet.

    One query for whoever has seen it before.
    """
    if Run.objects.filter(is_news_to(user), pk=run.pk).exists():
        keep_seen(run, user)


def is_news_to(user: User) -> Q:
    """Of a run: that it says something, and this person has not opened it yet."""
    seen = RunSeen.objects.filter(run=OuterRef("pk"), user=user)
    says = Grade.objects.filter(run=OuterRef("pk"), status__in=VERDICTS)
    return Q(~Exists(seen), Exists(says))


def keep_seen(run: Run, user: User) -> None:
    RunSeen.objects.bulk_create([RunSeen(run=run, user=user)], ignore_conflicts=True)


@dataclass(frozen=True)
class Known:
    """Since when each person knew of each answer what a run says, by (user, answer)."""

    since: Mapping[tuple[int, UUID], datetime]
    since_any: Mapping[UUID, datetime]  # the first of all, by answer

    def is_late(self, answer: SampleAnswer) -> bool:
        """Whether what is expected of it was stated by somebody who knew its verdicts; where nobody
        knows who stated it, by anybody."""
        if answer.expected_at is None:
            return False
        if answer.expected_by_id is None:
            seen = self.since_any.get(answer.pk)
        else:
            seen = self.since.get((answer.expected_by_id, answer.pk))
        return seen is not None and answer.expected_at > seen

    def is_late_choice(self, choice: Comparison) -> bool:
        """Whether it was made by somebody who knew what a run says of one of the two answers."""
        pair = (choice.better_id, choice.worse_id)
        seen = [self.since.get((choice.author_id, it)) for it in pair]
        return any(it is not None and choice.created_at > it for it in seen)


def known_to(question: Question) -> Known:
    """One query, whatever the number of runs and answers."""
    rows = (
        RunSeen.objects.filter(run__question=question, run__run_answers__isnull=False)
        .values_list("user_id", "run__run_answers__answer_id")
        .annotate(first=Min("seen_at"))
    )
    since: dict[tuple[int, UUID], datetime] = {}
    since_any: dict[UUID, datetime] = {}
    for user, answer, first in rows:
        since[user, answer] = first
        since_any[answer] = min(first, since_any.get(answer, first))
    return Known(since, since_any)


def seen_by(question: Question, user: User) -> Run | None:
    """The newest run of the question that this person has opened."""
    seen = Run.objects.whole().filter(question=question, seen_by__user=user)
    return seen.defer("document").order_by("-created_at").first()
