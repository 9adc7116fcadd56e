"""Adding and editing criteria in place."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from rubric_studio.accounts.access import MAY_EDIT, has_role
from rubric_studio.engine.document.writing import criterion_json
from rubric_studio.http import Request
from rubric_studio.rubrics.access import get_criterion, get_question
from rubric_studio.rubrics.conflicts import conflict_of
from rubric_studio.rubrics.editing import (
    InvalidEdit,
    StaleWrite,
    add_criterion,
    merge_criterion,
)
from rubric_studio.rubrics.forms.criterion import CriterionForm, NewCriterionForm
from rubric_studio.rubrics.forms.numbers import whole_number
from rubric_studio.rubrics.forms.problems import add_problems
from rubric_studio.rubrics.models import Criterion
from rubric_studio.rubrics.views.editor import Editor, draft_outline, editor_of, write_page


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def criterion_add(request: Request, pk: str) -> HttpResponse:
    question = get_question(request.user, pk, MAY_EDIT)
    outline = draft_outline(question)
    if request.method != "POST":
        if not request.htmx:
            return redirect(reverse("write", args=[pk]) + "?new=#new")
        form = NewCriterionForm.empty(outline.document, request.GET.get("section"))
        context = {"question": question, "new_form": form}
        return TemplateResponse(request, "rubrics/_criterion_new.html", context)
    form = NewCriterionForm(request.POST, document=outline.document)
    row = None
    if form.is_valid():
        try:
            row = add_criterion(question, request.user, **form.changes())
        except InvalidEdit as refusal:
            add_problems(form, refusal.problems)
    if row is None:
        if not request.htmx:
            return write_page(request, question, outline, new_form=form, status=422)
        context = {"question": question, "new_form": form}
        return TemplateResponse(request, "rubrics/_criterion_new.html", context, status=422)
    if not request.htmx:
        return redirect(_open(row))
    return _added(request, row)


def _added(request: Request, row: Criterion) -> HttpResponse:
    """The new row for its list, and the same form again: criteria are often written in a row."""
    outline = draft_outline(row.question)
    section = row.section.key if row.section else ""
    form = NewCriterionForm(initial={"section": section}, document=outline.document)
    context = {
        "question": row.question,
        "outline": outline,
        "new_form": form,
        "entry": editor_of(outline, row.pk).entry,
        "may_edit": True,
    }
    return TemplateResponse(request, "rubrics/_criterion_added.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def criterion_edit(request: Request, pk: str) -> HttpResponse:
    """GET: the editor (`?closed=1`: the row) for htmx. POST: save; every field is posted along
    with the `revision` it was based on, `over` after a conflict was seen."""
    if request.method != "POST":
        return _show(request, get_criterion(request.user, pk))
    criterion = get_criterion(request.user, pk, MAY_EDIT)
    outline = draft_outline(criterion.question)
    form = CriterionForm(request.POST, document=outline.document, own_key=criterion.key)
    based_on = whole_number(request.POST.get("revision")) or criterion.revision
    if not form.is_valid():
        return _refused(request, editor_of(outline, pk, form, based_on=based_on), 422)
    over = whole_number(request.POST.get("over"))
    try:
        saved = merge_criterion(criterion, request.user, based_on, over, **form.changes())
    except InvalidEdit as refusal:
        form.refuse(refusal.problems)
        return _refused(request, editor_of(outline, pk, form, based_on=based_on), 422)
    except StaleWrite as stale:
        return _in_conflict(request, criterion, form, stale, based_on)
    if not request.htmx:
        messages.success(request, "Saved.")
        return redirect(_open(saved))
    return _saved(request, saved, form)


def _show(request: Request, criterion: Criterion) -> HttpResponse:
    if not request.htmx:
        return redirect(_open(criterion))
    outline = draft_outline(criterion.question)
    editor = editor_of(outline, criterion.pk)
    closed = "closed" in request.GET
    template = "rubrics/_criterion_row.html" if closed else "rubrics/_criterion_editor.html"
    return TemplateResponse(request, template, _context(request, editor))


def _saved(request: Request, saved: Criterion, form: CriterionForm) -> HttpResponse:
    """What the browser needs to believe it: the text as stored, its revision, the time; and the
    parts of the page that follow from it. Never the editor."""
    outline = draft_outline(saved.question)
    editor = editor_of(outline, saved.pk)
    stored = criterion_json(editor.entry.criterion)
    context = _context(request, editor)
    # Others wrote to other fields: the browser must show those before it posts the form again.
    joined = any(stored[name] != value for name, value in form.changes().items())
    return TemplateResponse(request, "rubrics/_criterion_saved.html", {**context, "joined": joined})


def _refused(request: Request, editor: Editor, status: int) -> HttpResponse:
    """Beside the editor for htmx; else the page once more, with what was typed."""
    if not request.htmx:
        question, outline = editor.row.question, editor.outline
        return write_page(request, question, outline, editor=editor, status=status)
    template = "rubrics/_criterion_refused.html"
    return TemplateResponse(request, template, _context(request, editor), status=status)


def _in_conflict(
    request: Request, criterion: Criterion, form: CriterionForm, stale: StaleWrite, based_on: int
) -> HttpResponse:
    outline = draft_outline(criterion.question)
    entry = editor_of(outline, criterion.pk).entry
    mine, theirs = form.changes(), criterion_json(entry.criterion)
    conflict = conflict_of(stale.current, stale.fields, based_on, mine, theirs)
    return _refused(request, editor_of(outline, criterion.pk, form, conflict, based_on), 409)


def _context(request: Request, editor: Editor) -> dict[str, Any]:
    question = editor.row.question
    return {
        "question": question,
        "editor": editor,
        "entry": editor.entry,
        "outline": editor.outline,
        "may_edit": has_role(question.collection.team, request.user, MAY_EDIT),
    }


def _open(criterion: Criterion) -> str:
    return f"{criterion.question.get_absolute_url()}?open={criterion.pk}#c-{criterion.pk}"
