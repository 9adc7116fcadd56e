"""Who labels what: the author chooses experts, answers and how many see each answer."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST

from rubric_studio.accounts.access import MAY_EDIT
from rubric_studio.grading.forms.assignment import AssignmentForm
from rubric_studio.grading.labelling.assigning import (
    assign,
    assignable,
    experts_of,
    progress_of,
    withdraw,
)
from rubric_studio.http import Request
from rubric_studio.rubrics.access import get_question


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assignments(request: Request, pk: UUID) -> HttpResponse:
    question = get_question(request.user, pk, MAY_EDIT)
    form = AssignmentForm(
        request.POST or None, experts=experts_of(question), answers=assignable(question)
    )
    if form.is_valid():
        added = assign(
            question,
            request.user,
            form.chosen_experts,
            form.chosen_answers,
            form.cleaned_data["each"],
        )
        messages.success(request, _said(added))
        return redirect("assignments", question.pk)
    context = {"question": question, "form": form, "progress": progress_of(question)}
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "grading/assignments.html", context, status=status)


@login_required
@require_POST
def assignment_withdraw(request: Request, pk: UUID) -> HttpResponse:
    question = get_question(request.user, pk, MAY_EDIT)
    chosen = request.POST.get("expert", "")
    asked = {str(it.expert.pk): it.expert for it in progress_of(question)}
    if chosen in asked:
        withdraw(question, asked[chosen])
        messages.success(request, f"{asked[chosen]} is asked no more. Their labels stay.")
    return redirect("assignments", question.pk)


def _said(added: int) -> str:
    if not added:
        return "Nothing to add: each of these answers has that many of these experts already."
    return f"{added} answer{'s' if added > 1 else ''} given out, counted once for each expert."
