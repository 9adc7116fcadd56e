"""{% load spending %}: money, tokens and time, in words."""

from datetime import timedelta

from django import template

from rubric_studio.grading.runs import spending

register = template.Library()

register.filter("about", spending.about)
register.filter("grouped", spending.grouped)
register.filter("money", spending.money)
register.filter("share", spending.share_words)


@register.filter
def seconds(number: float) -> str:
    """{{ estimate.seconds|seconds }}: 2 min 5 s; what takes no second at all takes one."""
    return spending.in_words(timedelta(seconds=max(1.0, number)))
