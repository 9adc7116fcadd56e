"""{% load answers %}: what pages show of a sample answer besides its text."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from rubric_studio.engine.document.reading import read_message
from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.grading.answers.anchoring import EXPECTED
from rubric_studio.grading.answers.listing import tier_title
from rubric_studio.grading.answers.passages import draw_pieces
from rubric_studio.grading.answers.readable import Readable
from rubric_studio.grading.models import SampleAnswer
from rubric_studio.rubrics.drawing.bars import Scale
from rubric_studio.rubrics.drawing.numbers import score

register = template.Library()
register.filter("tier_title", tier_title)
register.filter("marked", draw_pieces)


@register.simple_tag
def band(answer: SampleAnswer, lowest: float = 0.0) -> SafeString | str:
    """{% band answer lowest %}: the expected score on a scale from `lowest` (at most 0) to 1.

    With the same `lowest` all bands of a list stand on one axis.
    """
    if answer.band is None:
        return ""
    low, high = answer.band
    scale = Scale(min(lowest, -0.05) if lowest < 0 else 0.0)
    span = scale.span(low, high)
    return format_html(
        '<svg class="band-bar" width="100%" height="8" aria-hidden="true">'
        '<rect y="2" width="100%" height="4" rx="1" class="track"/>'
        '<line x1="{0}%" x2="{0}%" y1="0" y2="8" class="zero"/>'
        '<rect x="{1}%" y="2" width="{2}%" height="4" rx="1" class="band"/></svg>'
        '<span class="band-ends">{3} to {4}</span>',
        scale.at(0),
        span.start,
        max(span.width, 1.5),
        score(low),
        score(high),
    )


@register.filter
def anchor_expected(answer: SampleAnswer) -> str:
    """{{ answer|anchor_expected }}: where a known end of the scale should fall; "" for others."""
    return EXPECTED[SampleAnswer.Anchor(answer.anchor)] if answer.anchor else ""


@register.filter
def readable(written: Any) -> Readable | None:
    """What carries a text or messages, as it is read; None where it carries neither."""
    if written.text is not None:
        return Readable(AnswerContent(text=written.text))
    if written.messages is None:
        return None
    return Readable(AnswerContent(messages=tuple(read_message(it) for it in written.messages)))
