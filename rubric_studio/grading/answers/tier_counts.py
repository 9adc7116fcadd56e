"""How many sample answers of which tier questions have, for lists of questions."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from rubric_studio.engine.measuring.order import MIN_ANSWERS
from rubric_studio.grading.models import SampleAnswer
from rubric_studio.rubrics.models import Question


@dataclass(frozen=True)
class TierCounts:
    """`tiers` are (tier, number of answers), the highest first; `rest` are answers without a tier.
    Probes are not counted."""

    tiers: tuple[tuple[int, int], ...] = ()
    rest: int = 0

    @property
    def tiered(self) -> int:
        return sum(count for _, count in self.tiers)

    @property
    def total(self) -> int:
        return self.tiered + self.rest

    @property
    def needed(self) -> int:
        """How many answers with a tier the order needs yet."""
        return max(MIN_ANSWERS - self.tiered, 0)


NONE = TierCounts()


def tier_counts(questions: Iterable[Question]) -> dict[UUID, TierCounts]:
    """By the question's id; those without answers are left out. One query."""
    rows = (
        SampleAnswer.objects.live()
        .exclude(origin=SampleAnswer.Origin.PROBE)
        .filter(question__in=[question.pk for question in questions])
        .order_by()
        .values_list("question_id", "tier")
        .annotate(number=Count("pk"))
    )
    tiers: defaultdict[UUID, defaultdict[int, int]] = defaultdict(lambda: defaultdict(int))
    for question_id, tier, number in rows:
        tiers[question_id][tier or 0] += number
    return {pk: _counted(found) for pk, found in tiers.items()}


def _counted(found: dict[int, int]) -> TierCounts:
    ranked = sorted(((tier, number) for tier, number in found.items() if tier), reverse=True)
    return TierCounts(tuple(ranked), found.get(0, 0))
