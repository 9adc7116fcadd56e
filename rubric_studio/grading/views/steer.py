"""The wizard of steer tests: an answer, the criterion to edit for, the edit, what should change."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from rubric_studio.accounts.access import MAY_EDIT
from rubric_studio.errors import DomainError
from rubric_studio.grading.access import get_answer
from rubric_studio.grading.forms.probe import EditForm
from rubric_studio.grading.models import SampleAnswer
from rubric_studio.grading.probes.proposing import Proposal, generators, propose
from rubric_studio.grading.probes.stating import state_edit
from rubric_studio.grading.probes.wizard import STEADY, Step, step_of
from rubric_studio.http import Request
from rubric_studio.rubrics.editing import InvalidEdit
from rubric_studio.rubrics.forms.problems import add_problems

NAMES = {"expected": ""}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def steer(request: Request, pk: str) -> HttpResponse:
    answer = get_answer(request.user, pk, MAY_EDIT)
    step = step_of(answer, request.GET.get("criterion", ""), request.GET.get("edit", ""))
    if request.method != "POST":
        return _page(request, answer, step, EditForm(step.document, initial={"text": step.text}))
    form = EditForm(step.document, request.POST)
    if form.is_valid():
        try:
            probe = state_edit(
                answer,
                request.user,
                text=form.cleaned_data["text"],
                expected=form.expected,
                criterion_key=step.key,
                family=request.POST.get("family", "")[:40] or "by_hand",
                does=request.POST.get("does", ""),
                proposed_by=request.POST.get("proposed_by", "")[:200],
            )
        except InvalidEdit as refusal:
            add_problems(form, refusal.problems, NAMES)
        else:
            messages.success(request, f"{probe.answer} is kept. Grade it with the answers.")
            return redirect(f"{reverse('steer', args=[answer.pk])}#criteria")
    return _page(request, answer, step, form, status=422)


@login_required
@require_POST
def steer_propose(request: Request, pk: str) -> HttpResponse:
    """A minimal edit proposed by a model, in the editor: nothing is kept before it is accepted."""
    answer = get_answer(request.user, pk, MAY_EDIT)
    step = step_of(answer, request.POST.get("criterion", ""), "")
    if not step.key or step.key == STEADY:
        return redirect("steer", answer.pk)
    proposal = None
    try:
        proposal = propose(answer, step.document, step.key, step.change, request.POST.get("judge"))
    except DomainError as refusal:
        messages.error(request, refusal.message)
    text = answer.text if proposal is None else proposal.text
    form = EditForm(step.document, initial={"text": text})
    return _page(request, answer, step, form, proposal=proposal)


def _page(
    request: Request,
    answer: SampleAnswer,
    step: Step,
    form: EditForm,
    *,
    proposal: Proposal | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "question": answer.question,
        "tab": "answers",
        "answer": answer,
        "step": step,
        "rows": step.rows(form.expected if form.is_bound else step.preset),
        "form": form,
        "proposal": proposal,
        "generators": generators(answer.question.collection.team),
    }
    return TemplateResponse(request, "grading/steer.html", context, status=status)
