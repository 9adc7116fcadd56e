"""The headings of a rubric."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from rubric_studio.accounts.access import MAY_EDIT
from rubric_studio.http import Request
from rubric_studio.rubrics.access import get_question, get_section
from rubric_studio.rubrics.conflicts import Conflict, conflict_of
from rubric_studio.rubrics.draft import draft_document, load_draft
from rubric_studio.rubrics.editing import (
    InvalidEdit,
    StaleWrite,
    add_section,
    delete_section,
    merge_section,
    move_section,
    restore_section,
)
from rubric_studio.rubrics.forms.numbers import whole_number
from rubric_studio.rubrics.forms.problems import add_problems
from rubric_studio.rubrics.forms.section import SectionForm, written_section
from rubric_studio.rubrics.models import Question, Section


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def section_add(request: Request, pk: str) -> HttpResponse:
    question = get_question(request.user, pk, MAY_EDIT)
    document = draft_document(question)
    form = SectionForm(request.POST or None, document=document)
    if form.is_valid():
        try:
            section = add_section(question, request.user, **form.changes())
            return redirect(_at(section))
        except InvalidEdit as refusal:
            add_problems(form, refusal.problems)
    return _page(request, question, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def section_edit(request: Request, pk: str) -> HttpResponse:
    section = get_section(request.user, pk, MAY_EDIT)
    document = draft_document(section.question)
    if request.method != "POST":
        form = SectionForm.of(section, document)
        return _page(request, section.question, form, section)
    form = SectionForm(request.POST, document=document, own=section.key)
    conflict = None
    if form.is_valid():
        based_on = whole_number(request.POST.get("revision")) or section.revision
        over = whole_number(request.POST.get("over"))
        try:
            merge_section(section, request.user, based_on, over, **form.changes())
            return redirect(_at(section))
        except InvalidEdit as refusal:
            add_problems(form, refusal.problems)
        except StaleWrite as stale:
            theirs = written_section(section, document)
            conflict = conflict_of(stale.current, stale.fields, based_on, form.changes(), theirs)
    return _page(request, section.question, form, section, conflict)


@login_required
@require_POST
def section_move(request: Request, pk: str) -> HttpResponse:
    """One place up (`by` -1) or down (1) among the sections beside it."""
    section = get_section(request.user, pk, MAY_EDIT)
    draft = load_draft(section.question)
    beside = [it for it in draft.sections if it.parent_id == section.parent_id]
    old = next((place for place, it in enumerate(beside) if it.pk == section.pk), 0)
    new = max(0, old + (-1 if request.POST.get("by") == "-1" else 1))
    others = [it for it in beside if it.pk != section.pk]
    after = others[min(new, len(others)) - 1] if new and others else None
    move_section(section, request.user, parent=section.parent, after=after)
    return redirect(_at(section))


@login_required
@require_POST
def section_delete(request: Request, pk: str) -> HttpResponse:
    section = get_section(request.user, pk, MAY_EDIT)
    deleted = delete_section(section, request.user, whole_number(request.POST.get("revision")))
    above = f"“{deleted.parent.title}”" if deleted.parent else "no section"
    messages.success(request, f"“{deleted.title}” is in the trash. What it held is now in {above}.")
    return redirect("write", deleted.question_id)


@login_required
@require_POST
def section_restore(request: Request, pk: str) -> HttpResponse:
    section = get_section(request.user, pk, MAY_EDIT)
    return redirect(_at(restore_section(section, request.user)))


def _page(
    request: Request,
    question: Question,
    form: SectionForm,
    section: Section | None = None,
    conflict: Conflict | None = None,
) -> HttpResponse:
    context = {"question": question, "tab": "write", "form": form, "section": section}
    context["conflict"] = conflict
    # After a conflict the form still stands on the revision that it was filled in from.
    context["revision"] = request.POST.get("revision") or (section.revision if section else "")
    status = 409 if conflict else 422 if form.is_bound else 200
    return TemplateResponse(request, "rubrics/section.html", context, status=status)


def _at(section: Section) -> str:
    return f"{reverse('write', args=[section.question_id])}#s-{section.pk}"
