"""How many sample answers there are, and what their order still needs before it can be tested."""

from dataclasses import dataclass

from django.db.models import Count, Min, Q

from rubric_studio.engine.measuring.order import MIN_ANSWERS
from rubric_studio.grading.answers.anchoring import Anchor, Offer
from rubric_studio.grading.models import SampleAnswer
from rubric_studio.rubrics.models import Question

TIERS_THAT_TELL = 3


@dataclass(frozen=True)
class Gathered:
    """Probes are in `total` alone. `lowest_band` is at most 0; `anchors` are those that lack."""

    total: int
    tiered: int
    untiered: int
    tiers: int
    trashed: int
    lowest_band: float
    anchors: tuple[Offer, ...] = ()

    @property
    def needed(self) -> int:
        """How many answers with a tier the order needs yet."""
        return max(MIN_ANSWERS - self.tiered, 0)

    @property
    def is_testable(self) -> bool:
        return self.needed == 0 and self.tiers > 1

    @property
    def missing(self) -> str:
        """What to add, in a sentence; "" when nothing is."""
        if self.needed:
            more = "1 more answer" if self.needed == 1 else f"{self.needed} more answers"
            has = "1 has none yet" if self.untiered == 1 else f"{self.untiered} have none yet"
            rest = f"; {has}." if self.untiered else "."
            return f"{more} with a tier, and the order can be tested{rest}"
        if self.tiers == 1:
            return (
                "All answers are of one tier. Add weaker or stronger ones: two tiers are an order."
            )
        if self.tiers < TIERS_THAT_TELL:
            return "A third tier would tell more than another answer of these two."
        return ""


def gathered(question: Question) -> Gathered:
    """One query."""
    live = Q(deleted_at=None)
    ranked = live & ~Q(origin=SampleAnswer.Origin.PROBE)
    tiered = ranked & Q(tier__isnull=False)
    counts = SampleAnswer.objects.filter(question=question).aggregate(
        total=Count("pk", filter=live),
        tiered=Count("pk", filter=tiered),
        untiered=Count("pk", filter=ranked & Q(tier=None)),
        tiers=Count("tier", filter=tiered, distinct=True),
        trashed=Count("pk", filter=~live),
        lowest=Min("band_low", filter=live),
        **{it.name: Count("pk", filter=live & Q(anchor=it)) for it in Anchor},
    )
    lowest = counts.pop("lowest")
    lacking = [it for it in Anchor if not counts.pop(it.name)]
    offers = tuple(Offer(it.value) for it in lacking)
    return Gathered(**counts, lowest_band=min(lowest or 0.0, 0.0), anchors=offers)
