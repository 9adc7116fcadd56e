"""'This answer is better than that one', chosen blind to scores."""

from collections.abc import Iterable
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
    """Those that nobody took back, in their order. A row that withdraws takes back all earlier
    choices of its pair by its author, and those later count again."""
    counting: dict[tuple[int, frozenset[UUID]], list[Comparison]] = {}
    for row in rows:
        of_pair = counting.setdefault((row.author_id, frozenset((row.better_id, row.worse_id))), [])
        if row.is_withdrawn:
            of_pair.clear()
        else:
            of_pair.append(row)
    kept = [row for of_pair in counting.values() for row in of_pair]
    return sorted(kept, key=lambda row: (row.created_at, row.pk))


@transaction.atomic
def take_over_tiers(question: Question, user: User, tiers: dict[UUID, int]) -> int:
    """Gives the answers these tiers, each as an edit in its history; how many changed."""
    changed = 0
    answers = SampleAnswer.objects.live().filter(question=question, pk__in=tiers)
    for answer in answers.order_by("ordinal"):
        if answer.tier != tiers[answer.pk]:
            edit_answer(answer, user, based_on=answer.revision, tier=tiers[answer.pk])
            changed += 1
    return changed
