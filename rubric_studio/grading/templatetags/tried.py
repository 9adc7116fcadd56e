"""{% load tried %}: the newest finished run's verdicts where criteria are written."""

from functools import lru_cache
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from rubric_studio.engine.document.types import Criterion
from rubric_studio.grading.answers.marked import Marked, marked_answers
from rubric_studio.grading.page.faces import sprite
from rubric_studio.grading.tryout.tried import CriterionTried, Tried
from rubric_studio.rubrics.drawing.marks import Mark, draw_reference
from rubric_studio.rubrics.outline import Entry

register = template.Library()

NOT_TRIED = mark_safe('<span class="crit-verdicts crit-untried">not tried</span>')


@register.simple_tag(takes_context=True)
def tried(context: Context) -> Tried:
    """{% tried as tried %}, once before the rows: they all share it. Whoever reads the page knows
    from then on what the run says."""
    found = _tried(context)
    _ = found.hidden
    return found


@register.simple_tag(takes_context=True)
def tried_marks(context: Context, criterion: Criterion) -> SafeString | str:
    """{% tried_marks it %}: one mark for each pinned answer; "" where there is no run."""
    found = _tried(context)
    if found.run is None or not found.pinned:
        return ""
    marks = found.marks(criterion)
    return _drawn(found.run.ordinal, marks) if marks else NOT_TRIED


@register.simple_tag(takes_context=True)
def tried_on(context: Context, criterion: Criterion) -> CriterionTried | None:
    """{% tried_on it as found %}: one criterion in all answers of the run."""
    return _tried(context).on(criterion)


@register.simple_tag(takes_context=True)
def marked(context: Context, entry: Entry | None) -> list[Marked]:
    """{% marked editor.entry as rows %}: the sample answers, marked for that criterion."""
    criterion = entry.criterion if entry else None
    return marked_answers(context["question"], criterion, _tried(context))


@register.simple_tag
def mark_sprite() -> SafeString:
    """{% mark_sprite %}, once on a page with marks of this library."""
    return sprite()


@register.filter
def drawn(mark: Mark) -> SafeString:
    return draw_reference(mark)


def _tried(context: Context) -> Tried:
    """That of the page; for a part that is sent by itself, its own."""
    found: Any = context.get("tried")
    if isinstance(found, Tried):
        return found
    document = context["outline"].document
    made = Tried(context["question"], document, context["request"].user)
    context["tried"] = made
    return made


@lru_cache(maxsize=4096)
def _drawn(ordinal: int, marks: tuple[tuple[str, Mark], ...]) -> SafeString:
    words = "; ".join(f"{letter} {mark.words}" for letter, mark in marks)
    return format_html(
        '<span class="crit-verdicts" role="img" aria-label="Run {}: {}">{}</span>',
        ordinal,
        words,
        format_html_join("", "{}", ((draw_reference(mark),) for _, mark in marks)),
    )
