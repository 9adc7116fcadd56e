"""{% load tiers %}: the sample answers of each question of a list, by tier."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from rubric_studio.grading.answers.tier_counts import NONE, TierCounts, tier_counts
from rubric_studio.rubrics.drawing.bars import draw_counts
from rubric_studio.rubrics.models import Question
from rubric_studio.rubrics.overview import Shelf

register = template.Library()


@register.simple_tag
def answers_by_tier(shelves: Shelf | Iterable[Shelf]) -> dict[UUID, TierCounts]:
    """{% answers_by_tier shelves as tiers %}, once before the lists: one query."""
    listed = [shelves] if isinstance(shelves, Shelf) else shelves
    return tier_counts(row.question for shelf in listed for row in shelf.questions)


@register.simple_tag
def tier_bars(question: Question, tiers: Mapping[UUID, TierCounts]) -> SafeString:
    """{% tier_bars question tiers %}: the number of answers, and a little bar for each."""
    counts = tiers.get(question.pk, NONE)
    if not counts.total:
        return format_html('<span class="num">0</span><span class="third">{}</span>', "none yet")
    drawn = draw_counts(counts.tiers, counts.rest)
    return format_html('<span class="num">{}</span>{}', counts.total, drawn)
