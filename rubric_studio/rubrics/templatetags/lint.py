"""{% load lint %}: what the rules say, beside criteria."""

from dataclasses import dataclass

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from rubric_studio.engine.document.types import Criterion
from rubric_studio.rubrics.linting import LintedDraft, Noted, linted
from rubric_studio.rubrics.templatetags.studio import icon

register = template.Library()
SHOWN = 3  # of the findings beside one sentence; more are a wall


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside one sentence: the gravest findings, the others, the hints, and what
    somebody let stand with the reason."""

    first: tuple[Noted, ...]
    more: tuple[Noted, ...]
    hints: tuple[Noted, ...]
    let_stand: tuple[tuple[Noted, str], ...]


@register.simple_tag(takes_context=True)
def lint_draft(context: Context) -> LintedDraft:
    """{% lint_draft as lint %}, once before the rows: they all share it."""
    found = context.get("linted_draft")
    if isinstance(found, LintedDraft):
        return found
    made = linted(context["question"], context["outline"].document)
    context.dicts[0]["linted_draft"] = made
    return made


@register.simple_tag(takes_context=True)
def lint_on(context: Context, criterion: Criterion) -> Beside:
    """{% lint_on it as found %}: the findings of one criterion, the gravest first."""
    draft = lint_draft(context)
    found = draft.of(criterion.key)
    serious = tuple(it for it in found if it.is_serious)
    hints = tuple(it for it in found if not it.is_serious)
    return Beside(serious[:SHOWN], serious[SHOWN:], hints, draft.let_stand_of(criterion.key))


@register.simple_tag(takes_context=True)
def lint_mark(context: Context, criterion: Criterion) -> SafeString | str:
    """{% lint_mark it %}: the gravest finding as a mark; "" where there is none."""
    found = [it for it in lint_draft(context).of(criterion.key) if it.is_serious]
    if not found:
        return ""
    words = "; ".join(it.finding.rule.title for it in found)
    is_error = found[0].finding.rule.severity == "error"
    return format_html(
        '<span class="lint-mark{}" role="img" aria-label="Lint: {}" title="{}">{}</span>',
        " lint-error" if is_error else "",
        words,
        words,
        icon("octagon-alert" if is_error else "triangle-alert", 14),
    )
