"""{% load lint %}: what the rules say, beside criteria."""

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from rubric_studio.engine.document.types import Criterion
from rubric_studio.rubrics.linting import LintedDraft, Noted, linted
from rubric_studio.rubrics.templatetags.studio import icon

register = template.Library()


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
def lint_on(context: Context, criterion: Criterion) -> tuple[Noted, ...]:
    """{% lint_on it as found %}: the findings of one criterion, the gravest first."""
    return lint_draft(context).of(criterion.key)


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
