"""'This answer is better than that one', chosen blind to scores."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from rubric_studio.accounts.models import User
from rubric_studio.errors import DomainError
from rubric_studio.grading.answers.editing import edit_answer
from rubric_studio.grading.models import Comparison, SampleAnswer
from rubric_studio.rubrics.models import Question


class ComparisonRefused(DomainError):
    code = "comparison_refused"
    message = "Compare two different answers of the same question."


class NothingToWithdraw(DomainError):
    code = "nothing_to_withdraw"
    message = "You have not chosen between two answers yet."


class NotSortedYet(DomainError):
    code = "not_sorted_yet"
    message = "Choose between the remaining pairs first; then there is an order to take over."


def compare_answers(
    better: SampleAnswer, worse: SampleAnswer, user: User, *, is_tie: bool = False
) -> Comparison:
    """Keeps the choice. A later choice of the same pair is another row: nothing is overwritten."""
    if better.pk == worse.pk or better.question_id != worse.question_id:
        raise ComparisonRefused
    return Comparison.objects.create(
        question_id=better.question_id, better=better, worse=worse, is_tie=is_tie, author=user
    )


def withdraw_last(question: Question, user: User) -> Comparison:
    """Takes this person's last choice back, by a row that says so. Raises NothingToWithdraw."""
    rows = Comparison.objects.filter(question=question, author=user)
    counting = in_force(rows)
    if not counting:
        raise NothingToWithdraw
    last = counting[-1]
    return Comparison.objects.create(
        question=question,
        better_id=last.better_id,
        worse_id=last.worse_id,
        is_tie=last.is_tie,
        author=user,
        is_withdrawn=True,
    )


def in_force(rows: Iterable[Comparison]) -> list[Comparison]:
    """Those that nobody took back, in their order. A row that withdraws takes back the last choice
    of its pair by its author that counts."""
    counting: dict[tuple[int, frozenset[UUID]], list[Comparison]] = {}
    for row in rows:
        of_pair = counting.setdefault((row.author_id, frozenset((row.better_id, row.worse_id))), [])
        if not row.is_withdrawn:
            of_pair.append(row)
        elif of_pair:
            of_pair.pop()
    kept = [row for of_pair in counting.values() for row in of_pair]
    return sorted(kept, key=lambda row: (row.created_at, row.pk))


@dataclass(frozen=True, slots=True)
class StatedOrder:
    """The tiers that one person's choices come to, and when the last of these was made."""

    expert: User
    tiers: Mapping[UUID, int]
    stated_at: datetime


@transaction.atomic
def take_over_tiers(question: Question, user: User, order: StatedOrder) -> int:
    """Gives the answers these tiers, each as an edit in its history; how many changed.

    They count as stated by the one who compared, when that was done: whoever takes them over later
    may know the scores by then. A band or an anchor that stands beside a tier keeps its own time
    where that is later.
    """
    changed = 0
    answers = SampleAnswer.objects.live().filter(question=question, pk__in=order.tiers)
    for answer in answers.order_by("ordinal"):
        if answer.tier == order.tiers[answer.pk]:
            continue
        at, by = answer.expected_at, answer.expected_by_id
        edited = edit_answer(answer, user, based_on=answer.revision, tier=order.tiers[answer.pk])
        stands = answer.band is not None or answer.anchor
        if not stands or at is None or at < order.stated_at:
            at, by = order.stated_at, order.expert.pk
        SampleAnswer.objects.filter(pk=edited.pk).update(expected_at=at, expected_by=by)
        changed += 1
    return changed
