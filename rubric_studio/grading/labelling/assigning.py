"""Who labels which answers, and how far each of them has come."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.timezone import now

from rubric_studio.accounts.access import MAY_LABEL
from rubric_studio.accounts.models import User
from rubric_studio.errors import DomainError
from rubric_studio.grading.labelling.queue import queue_of
from rubric_studio.grading.models import Assignment, SampleAnswer
from rubric_studio.rubrics.models import Question


class NotAssignable(DomainError):
    code = "not_assignable"


@dataclass(frozen=True, slots=True)
class Progress:
    """An expert's answers of a question and the cells that wait in them."""

    expert: User
    answers: int
    cells: int
    left: int


def experts_of(question: Question) -> list[User]:
    """The members of the team who may label."""
    members = question.collection.team.memberships.filter(role__in=[*MAY_LABEL])
    rows = members.select_related("user").order_by("user__name", "user__email")
    return [it.user for it in rows]


@transaction.atomic
def assign(
    question: Question,
    by: User,
    experts: Sequence[User],
    answers: Sequence[SampleAnswer],
    each: int,
) -> int:
    """See that each answer is labelled by `each` of these experts, work shared evenly; what is
    assigned already stays. Returns how many assignments were added. Raises NotAssignable."""
    if not experts or not answers:
        raise NotAssignable("Choose at least one expert and one answer.")
    if not 1 <= each <= len(experts):
        raise NotAssignable(f"Each answer can be labelled by 1 to {len(experts)} of those experts.")
    known = {it.pk for it in experts_of(question)}
    if any(it.pk not in known for it in experts):
        raise NotAssignable("Only owners, authors and reviewers of the team can label.")
    Question.objects.select_for_update(no_key=True).get(pk=question.pk)
    rows = Assignment.objects.standing().filter(answer__question=question, expert__in=experts)
    standing = set(rows.values_list("answer_id", "expert_id"))
    wanted = shared([it.pk for it in answers], [it.pk for it in experts], each, standing)
    for answer_id, expert_id in wanted:
        Assignment.objects.update_or_create(
            answer_id=answer_id,
            expert_id=expert_id,
            defaults={"withdrawn_at": None},
            create_defaults={"assigned_by": by},
        )
    return len(wanted)


def shared(
    answers: Sequence[UUID],
    experts: Sequence[int],
    each: int,
    standing: Collection[tuple[UUID, int]] = (),
) -> list[tuple[UUID, int]]:
    """What to add so that each answer has `each` experts, always of those with the least to do;
    among equals the turn goes round, so that every two of them share answers."""
    load = Counter(dict.fromkeys(experts, 0))
    load.update(expert for answer, expert in standing if expert in load)
    added = []
    for turn, answer in enumerate(answers):
        has = {expert for it, expert in standing if it == answer and expert in load}
        start = turn % len(experts)
        free = [it for it in (*experts[start:], *experts[:start]) if it not in has]
        for expert in sorted(free, key=load.__getitem__)[: max(0, each - len(has))]:
            load[expert] += 1
            added.append((answer, expert))
    return added


@transaction.atomic
def withdraw(question: Question, expert: User) -> int:
    """Ask the expert no more. Labels that were given stay. Returns how many answers that were."""
    rows = Assignment.objects.standing().filter(answer__question=question, expert=expert)
    return Assignment.objects.filter(pk__in=[*rows.values_list("pk", flat=True)]).update(
        withdrawn_at=now()
    )


def progress_of(question: Question) -> list[Progress]:
    """Everybody who is asked, and how far they have come."""
    experts = User.objects.filter(
        pk__in=Assignment.objects.standing().filter(answer__question=question).values("expert")
    ).order_by("name", "email")
    return [_progress(question, expert) for expert in experts]


def _progress(question: Question, expert: User) -> Progress:
    queue = queue_of(question, expert)
    return Progress(
        expert, len(queue.answers), len(queue.answers) * len(queue.entries), queue.cells_left
    )


def assignable(question: Question) -> Iterable[SampleAnswer]:
    """The answers that can be given out, without their texts."""
    return SampleAnswer.objects.live().filter(question=question).defer("text", "messages")
