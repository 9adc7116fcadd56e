"""Repairing what a rule found in a criterion, and letting it stand."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST

from rubric_studio.accounts.access import MAY_EDIT
from rubric_studio.http import Request
from rubric_studio.rubrics.access import get_criterion, get_question
from rubric_studio.rubrics.forms.numbers import whole_number
from rubric_studio.rubrics.linting import bring_back, dismiss_finding, fix_finding
from rubric_studio.rubrics.models import Criterion, Question
from rubric_studio.rubrics.views.editor import draft_outline, editor_of


@login_required
@require_POST
def lint_fix(request: Request, pk: str) -> HttpResponse:
    """`finding` names it; `revision` is the one that its sentence was read in."""
    criterion = get_criterion(request.user, pk, MAY_EDIT)
    based_on = whole_number(request.POST.get("revision"))
    fixed = fix_finding(criterion, request.user, request.POST.get("finding", ""), based_on)
    if request.htmx:
        return _lint(request, fixed)
    messages.success(request, "Repaired.")
    return redirect(_open(fixed))


@login_required
@require_POST
def lint_dismiss(request: Request, pk: str) -> HttpResponse:
    """`finding` names it; the reason is in the field of that finding."""
    criterion = get_criterion(request.user, pk, MAY_EDIT)
    name, reason = _dismissed(request)
    dismiss_finding(criterion.question, request.user, name, reason, criterion.key)
    if request.htmx:
        return _lint(request, criterion)
    messages.success(request, "Dismissed until the sentence changes.")
    return redirect(_open(criterion))


@login_required
@require_POST
def lint_bring_back(request: Request, pk: str) -> HttpResponse:
    """What was let stand of a criterion speaks again."""
    criterion = get_criterion(request.user, pk, MAY_EDIT)
    name = request.POST.get("finding", "")
    bring_back(criterion.question, request.user, name, criterion.key)
    if request.htmx:
        return _lint(request, criterion)
    messages.success(request, "It is shown again.")
    return redirect(_open(criterion))


@login_required
@require_POST
def rubric_lint_dismiss(request: Request, pk: str) -> HttpResponse:
    """As `lint_dismiss`, of the rubric as a whole."""
    question = get_question(request.user, pk, MAY_EDIT)
    name, reason = _dismissed(request)
    dismiss_finding(question, request.user, name, reason)
    messages.success(request, "Dismissed, with your reason.")
    return redirect(_whole(question))


@login_required
@require_POST
def rubric_lint_bring_back(request: Request, pk: str) -> HttpResponse:
    question = get_question(request.user, pk, MAY_EDIT)
    bring_back(question, request.user, request.POST.get("finding", ""))
    messages.success(request, "It is shown again.")
    return redirect(_whole(question))


def _dismissed(request: Request) -> tuple[str, str]:
    """The finding and the reason. Enter in a field of several names none: the one with words."""
    given = {
        field.removeprefix("reason."): reason
        for field, reason in request.POST.items()
        if field.startswith("reason.") and isinstance(reason, str)
    }
    filled = next((name for name, reason in given.items() if reason.strip()), "")
    name = request.POST.get("finding", filled)
    return name, given.get(name, "")


def _whole(question: Question) -> str:
    return f"{question.get_absolute_url()}?lint=whole#lint-whole"


def _lint(request: Request, criterion: Criterion) -> HttpResponse:
    outline = draft_outline(criterion.question)
    editor = editor_of(outline, criterion.pk)
    context = {"question": criterion.question, "outline": outline, "editor": editor}
    return TemplateResponse(request, "rubrics/_lint.html", {**context, "may_edit": True})


def _open(criterion: Criterion) -> str:
    return f"{criterion.question.get_absolute_url()}?open={criterion.pk}#c-{criterion.pk}"
