"""{% load labelling %}: what waits for an expert to label."""

from django import template

from rubric_studio.accounts.models import User
from rubric_studio.grading.labelling.asked import asked_of

register = template.Library()

SHOWN = 5


@register.inclusion_tag("grading/_to_label.html")
def to_label(user: User) -> dict[str, object]:
    """{% to_label user %}: a list of questions, nothing where none waits. Five queries."""
    asked = asked_of(user)
    return {"asked": asked[:SHOWN], "more": max(0, len(asked) - SHOWN)}
