"""{% load steering %}: the word on each question of a list, and what the report's page writes."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django import template

from rubric_studio.rubrics.drawing.bars import TIERS
from rubric_studio.rubrics.models import Question
from rubric_studio.rubrics.overview import Shelf
from rubric_studio.steering import sentences
from rubric_studio.steering.states import NOT_TESTED, State, states_of

register = template.Library()

register.filter("gap", sentences.gap_words)


@register.filter
def tier_name(tier: int) -> str:
    """Strong, or Tier 5 for one without a name."""
    return TIERS.get(tier, f"tier {tier}").capitalize()


@register.simple_tag
def steering_states(shelves: Shelf | Iterable[Shelf]) -> dict[UUID, State]:
    """{% steering_states shelves as states %}, once before the lists: four queries at most."""
    listed = [shelves] if isinstance(shelves, Shelf) else shelves
    return states_of(row.question for shelf in listed for row in shelf.questions)


@register.inclusion_tag("steering/_state.html")
def steering_state(question: Question, states: Mapping[UUID, State]) -> dict[str, object]:
    """{% steering_state question states %}: icon, words and the way to the report."""
    return {"question": question, "state": states.get(question.pk, NOT_TESTED)}
