"""{% load panels %}: what each judge of a panel said."""

from django import template

from rubric_studio.grading.judges.panels import CastVote, votes_on
from rubric_studio.grading.page.details import Detail
from rubric_studio.rubrics.drawing.marks import Mark, mark_of

register = template.Library()


@register.simple_tag
def votes(detail: Detail) -> list[tuple[CastVote, Mark]]:
    """{% votes detail as cast %}: each judge's grade of the open cell, with its mark. One query."""
    run = detail.matrix.sheet.run
    if run is None:
        return []
    points = detail.criterion.points
    return [
        (it, mark_of(it.grade.status, it.grade.value, points))
        for it in votes_on(run, detail.answer.pk, detail.criterion.key)
    ]
