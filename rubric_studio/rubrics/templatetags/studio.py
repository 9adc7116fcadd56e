"""{% load studio %}: marks, bars, numbers and times for every page."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.db.models import Func, IntegerField, OuterRef, QuerySet, Subquery
from django.forms import BoundField
from django.template.defaultfilters import stringfilter
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from lucide.templatetags.lucide import lucide

from rubric_studio.rubrics.drawing import bars, numbers
from rubric_studio.rubrics.drawing.marks import blind_mark_of, draw_mark, mark_of
from rubric_studio.rubrics.models import Question

register = template.Library()

register.filter("signed", numbers.signed)
register.filter("plain", numbers.plain)
register.filter("score", numbers.score)


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, size: int = 16, css: str = "") -> SafeString:
    """{% icon "lock" %}: a Lucide icon that stands beside a word, so it is silent."""
    return mark_safe(
        lucide(
            name,
            size=size,
            stroke_width=1.75,
            aria_hidden="true",
            **{"class": f"icon {css}".strip()},
        )
    )


@register.simple_tag
def mark(
    status: str,
    value: float | None = None,
    points: float = 1,
    size: int = 16,
    plain: bool = False,
) -> SafeString:
    """{% mark grade.status grade.value criterion.points %}, for labelling with plain=True."""
    if plain:
        return draw_mark(blind_mark_of(status, value), size, colour=False)
    return draw_mark(mark_of(status, value, points), size)


@register.simple_tag
@lru_cache(maxsize=1024)
def points_bar(points: float, max_abs: float) -> SafeString:
    return bars.draw_points(points, max_abs)


@register.simple_tag
def weight_bar(earn: float, lose: float, largest: float) -> SafeString:
    return bars.draw_weight(earn, lose, largest)


@register.simple_tag
@lru_cache
def tier(number: int | None) -> SafeString:
    return bars.draw_tier(number)


@register.simple_tag
def score_bar(
    low: float,
    high: float,
    value: float | None,
    band_low: float | None = None,
    band_high: float | None = None,
    worst: float = -1.0,
) -> SafeString:
    band = (band_low, band_high) if band_low is not None and band_high is not None else None
    return bars.draw_score(low, high, value, band, worst=worst)


@register.filter
@stringfilter
def letter(name: str) -> SafeString:
    """An answer's letter in its box."""
    return format_html('<span class="letter">{}</span>', name)


@register.filter
def ago(moment: datetime | None) -> SafeString | str:
    if moment is None:
        return ""
    return _time(moment, numbers.ago(moment))


@register.filter
def day(moment: datetime | None) -> SafeString | str:
    return "" if moment is None else _time(moment, numbers.day(moment))


@register.filter
def clock(moment: datetime | None) -> SafeString | str:
    """14:32:08, for when something was saved."""
    return "" if moment is None else _time(moment, f"{localtime(moment):%H:%M:%S}")


def _time(moment: datetime, words: str) -> SafeString:
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(timespec="seconds"),
        numbers.full_time(moment),
        words,
    )


@register.inclusion_tag("_field.html")
def field(bound: BoundField, optional: bool | None = None) -> dict[str, Any]:
    """{% field form.email %}: label, control, help and problems of a form's field.

    optional=False keeps the word "optional" away where an empty choice means something.
    """
    said = not bound.field.required if optional is None else optional
    return {"field": bound, "optional": said}


@register.inclusion_tag("_draft_pill.html")
def draft_pill(question: Question) -> dict[str, Any]:
    """How far the draft is from what was published last."""
    since = question.revisions.of_rubric().filter(created_at__gt=OuterRef("published_at"))
    changes = _number_of(since, "subject", "subject_key")
    newest = question.versions.annotate(changes=changes).only("ordinal", "published_at").first()
    return {"newest": newest, "changes": newest.changes if newest else 0}


@register.simple_tag
def question_counts(question: Question) -> dict[str, int]:
    """How many criteria, answers (probes are none) and versions stand on the question's tabs."""
    counted = {
        "criteria": question.criteria.filter(deleted_at=None),
        "answers": question.answers.filter(deleted_at=None).exclude(origin="probe"),
        "versions": question.versions.all(),
    }
    # One query for all of them: this is on every page of a question.
    numbers = Question.objects.filter(pk=question.pk).values_list(
        *map(_number_of, counted.values())
    )
    return dict(zip(counted, numbers.get(), strict=True))


def _number_of(rows: QuerySet[Any], *distinct: str) -> Subquery:
    """How many rows (or different values of these fields) there are, asked inside another query."""
    total = Func(
        *(distinct or ("pk",)),
        function="COUNT",
        template="%(function)s(DISTINCT (%(expressions)s))",
        output_field=IntegerField(),
    )
    return Subquery(rows.order_by().annotate(total=total).values("total"))
