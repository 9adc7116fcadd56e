"""What one person's choices between answers come to: the next pair, or the order they give."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from rubric_studio.accounts.models import User
from rubric_studio.engine.measuring.comparisons import (
    Choice,
    Concordance,
    Consistency,
    Sorted,
    concordance,
    consistency,
    pair_to_repeat,
    repeats_left,
    sort_by_choices,
    tiers_of_groups,
)
from rubric_studio.grading.answers.comparisons import StatedOrder, in_force
from rubric_studio.grading.answers.knowing import seen_by
from rubric_studio.grading.models import Comparison, Run, SampleAnswer
from rubric_studio.rubrics.models import Question

Pair = frozenset[UUID]
# What is known to be worth nothing costs nobody a choice.
NOT_COMPARED = (SampleAnswer.Anchor.EMPTY, SampleAnswer.Anchor.OFF_TOPIC)


@dataclass(frozen=True, slots=True)
class PlacedGroup:
    tier: int
    answers: tuple[SampleAnswer, ...]


@dataclass(frozen=True, slots=True)
class ExpertOrder:
    """`groups` are the best first. `again` is a pair to ask about once more, once all are placed.
    `with_mine` is the concordance with the one who looks."""

    expert: User
    done: Sorted[UUID]
    choices: tuple[Comparison, ...]
    groups: tuple[PlacedGroup, ...]
    consistency: Consistency
    again: tuple[UUID, UUID] | None = None
    about_left: int = 0
    with_mine: Concordance | None = None

    @property
    def chosen(self) -> int:
        return len(self.choices)

    @property
    def stated(self) -> StatedOrder:
        """Only of a whole order of two answers or more."""
        last = max(it.created_at for it in self.choices)
        return StatedOrder(self.expert, tiers_of_groups(self.done.groups), last)


@dataclass(frozen=True, slots=True)
class Comparing:
    """The page of one person. `others` are whole orders of colleagues, told only once one's own
    is whole. `seen_run` is the newest run whose scores this person has opened."""

    answers: tuple[SampleAnswer, ...]
    mine: ExpertOrder
    others: tuple[ExpertOrder, ...]
    seen_run: Run | None

    @property
    def pair(self) -> tuple[UUID, UUID] | None:
        """Left and right, in an order that the answers' ids give and nothing else; the other way
        round when the pair is asked about once more."""
        asked = self.mine.done.ask or self.mine.again
        if asked is None:
            return None
        first, second = sorted(asked)
        is_turned = (first.int ^ second.int).bit_count() % 2 == 1
        is_turned ^= self.mine.done.ask is None
        return (second, first) if is_turned else (first, second)


def comparing(question: Question, user: User, skipped: Collection[Pair] = ()) -> Comparing:
    """In three queries, whatever the number of answers and choices; no answer's text is read."""
    answers = tuple(
        SampleAnswer.objects.live()
        .filter(question=question)
        .exclude(origin=SampleAnswer.Origin.PROBE)
        .exclude(anchor__in=NOT_COMPARED)
        .only("ordinal", "name", "tier", "question")
    )
    rows = in_force(Comparison.objects.filter(question=question).select_related("author"))
    mine = _order(user, answers, [it for it in rows if it.author_id == user.pk], skipped)
    others: list[ExpertOrder] = []
    if mine.done.is_whole and mine.again is None:
        colleagues = {it.author_id: it.author for it in rows if it.author_id != user.pk}
        for pk, expert in colleagues.items():
            theirs = [it for it in rows if it.author_id == pk]
            order = _order(expert, answers, theirs, (), mine)
            if order.done.is_whole:
                others.append(order)
    return Comparing(answers, mine, tuple(others), seen_by(question, user))


def _order(
    expert: User,
    answers: Sequence[SampleAnswer],
    rows: Sequence[Comparison],
    skipped: Collection[Pair],
    beside: ExpertOrder | None = None,
) -> ExpertOrder:
    by_id = {it.pk: it for it in answers}
    live = [it for it in rows if it.better_id in by_id and it.worse_id in by_id]
    choices = [Choice(it.better_id, it.worse_id, it.is_tie) for it in live]
    done = sort_by_choices(list(by_id), choices, skipped)
    tiers = tiers_of_groups(done.groups)
    groups = tuple(
        PlacedGroup(tiers[group[0]], tuple(by_id[it] for it in group))
        for group in reversed(done.groups)
    )
    agreed = None
    if beside is not None:
        agreed = concordance(_ranks(done), _ranks(beside.done))
    again = pair_to_repeat(by_id, choices, skipped) if done.ask is None else None
    return ExpertOrder(
        expert,
        done,
        tuple(live),
        groups,
        consistency(choices),
        again,
        done.about_left + repeats_left(by_id, choices, done.about_left),
        agreed,
    )


def _ranks(done: Sorted[UUID]) -> dict[UUID, int]:
    return {answer: rank for rank, group in enumerate(done.groups) for answer in group}
