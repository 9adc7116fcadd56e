"""Moving criteria, deleting and restoring them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from rubric_studio.accounts.access import MAY_EDIT
from rubric_studio.http import Request
from rubric_studio.rubrics.access import get_criterion, get_section
from rubric_studio.rubrics.editing import delete_criterion, move_criterion, restore_criterion
from rubric_studio.rubrics.forms.numbers import whole_number
from rubric_studio.rubrics.models import Criterion, Section
from rubric_studio.rubrics.outline import Outline
from rubric_studio.rubrics.views.editor import draft_outline, editor_of


@login_required
@require_POST
def criterion_move(request: Request, pk: str) -> HttpResponse:
    """`after` (a criterion's id, or empty: first) in `section` (an id, or empty: none); or `to`,
    the number it should have on the page; or `by`, -1 up or 1 down."""
    criterion = get_criterion(request.user, pk, MAY_EDIT)
    outline = draft_outline(criterion.question)
    section, after = _place(request, criterion, outline)
    moved = move_criterion(criterion, request.user, section=section, after=after)
    if request.htmx:
        context = {"question": moved.question, "outline": draft_outline(moved.question)}
        return TemplateResponse(request, "rubrics/_sums.html", context)
    return redirect(_at(moved))


def _place(
    request: Request, criterion: Criterion, outline: Outline
) -> tuple[Section | None, Criterion | None]:
    number, by = whole_number(request.POST.get("to")), request.POST.get("by")
    if number is None and by not in ("-1", "1"):
        section, after = request.POST.get("section"), request.POST.get("after")
        return (
            get_section(request.user, section, MAY_EDIT) if section else None,
            get_criterion(request.user, after, MAY_EDIT) if after else None,
        )
    rows = [it.row for it in outline.entries if it.row is not None]
    old = next(place for place, row in enumerate(rows) if row.pk == criterion.pk)
    wanted = old + int(by or 0) if number is None else number - 1
    new = min(max(wanted, 0), len(rows) - 1)
    others = [row for row in rows if row.pk != criterion.pk]
    if not others or new == old:
        siblings = [row for row in rows[:old] if row.section_id == criterion.section_id]
        return criterion.section, siblings[-1] if siblings else None
    # It joins the section of the criterion whose place it takes.
    section_row = next((it.row for it in outline.groups if it.key == _key(rows[new])), None)
    before = others[new - 1] if new else None
    fits = before is not None and before.section_id == rows[new].section_id
    return section_row, before if fits else None


def _key(row: Criterion) -> str:
    return row.section.key if row.section else ""


@login_required
@require_POST
def criterion_delete(request: Request, pk: str) -> HttpResponse:
    criterion = get_criterion(request.user, pk, MAY_EDIT)
    based_on = whole_number(request.POST.get("revision"))
    deleted = delete_criterion(criterion, request.user, based_on)
    if not request.htmx:
        messages.success(request, f"“{deleted.text[:80]}” is in the trash.")
        return redirect("trash", deleted.question_id)
    context = {
        "question": deleted.question,
        "criterion": deleted,
        "outline": draft_outline(deleted.question),
    }
    return TemplateResponse(request, "rubrics/_criterion_deleted.html", context)


@login_required
@require_POST
def criterion_restore(request: Request, pk: str) -> HttpResponse:
    criterion = get_criterion(request.user, pk, MAY_EDIT)
    restored = restore_criterion(criterion, request.user)
    if not request.htmx:
        return redirect(_at(restored))
    outline = draft_outline(restored.question)
    context = {
        "question": restored.question,
        "entry": editor_of(outline, restored.pk).entry,
        "outline": outline,
        "may_edit": True,
    }
    return TemplateResponse(request, "rubrics/_criterion_row.html", context)


def _at(criterion: Criterion) -> str:
    return f"{reverse('write', args=[criterion.question_id])}#c-{criterion.pk}"
