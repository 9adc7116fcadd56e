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
from rubric_studio.engine.document.wording import Piece, word_diff
from rubric_studio.errors import DomainError
from rubric_studio.grading.access import get_answer
from rubric_studio.grading.forms.probe import EditForm
from rubric_studio.grading.labelling.blindness import require_labelled
from rubric_studio.grading.models import Judge, SampleAnswer
from rubric_studio.grading.probes.keeping import LONGEST_COMPARED
from rubric_studio.grading.probes.proposing import Proposal, expected_cost, generators, propose
from rubric_studio.grading.probes.stating import BY_HAND, state_edit
from rubric_studio.grading.probes.wizard import STEADY, Step, step_of
from rubric_studio.http import Request
from rubric_studio.rubrics.editing import InvalidEdit
from rubric_studio.rubrics.forms.problems import add_problems

NAMES = {"expected": ""}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def steer(request: Request, pk: str) -> HttpResponse:
    answer = get_answer(request.user, pk, MAY_EDIT)
    require_labelled(answer, request.user)
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
                **_made_by(request, step, form.cleaned_data["text"]),
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
    require_labelled(answer, request.user)
    step = step_of(answer, request.POST.get("criterion", ""), "")
    if not step.key or step.key == STEADY:
        return redirect("steer", answer.pk)
    proposal = None
    try:
        proposal = propose(
            answer,
            step.document,
            step.key,
            step.change,
            request.POST.get("judge"),
            request.user,
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
    text = answer.text if proposal is None else proposal.text
    form = EditForm(step.document, initial={"text": text})
    return _page(request, answer, step, form, proposal=proposal)


def _made_by(request: Request, step: Step, text: str) -> dict[str, str]:
    """By which rule, or by which model, the text came to be; by hand where it was changed since."""
    for offer in step.offers:
        if offer.made.text == text:
            return {"family": offer.made.family, "does": offer.made.does}
    named = request.POST.get("proposed_by", "")
    if named in {it.name for it in generators(step.answer.question.collection.team)}:
        return {"family": "proposed", "proposed_by": named}
    return {"family": BY_HAND}


def _generators(answer: SampleAnswer, step: Step) -> list[tuple[Judge, str]]:
    """Who can be asked, with about what it costs."""
    if step.criterion is None:
        return []
    ask = (answer, step.document, step.key, step.change)
    return [(it, expected_cost(it, *ask)) for it in generators(answer.question.collection.team)]


def _pieces(answer: SampleAnswer, form: EditForm) -> tuple[Piece, ...]:
    """The edit against the answer, where there is one and it is not too long to compare."""
    text, base = form["text"].value() or "", answer.text or ""
    if text == base or len(text) + len(base) > LONGEST_COMPARED:
        return ()
    return word_diff(base, text)


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
        "pieces": _pieces(answer, form),
        "rows": step.rows(form.expected if form.is_bound else step.preset),
        "form": form,
        "proposal": proposal,
        "generators": _generators(answer, step),
    }
    return TemplateResponse(request, "grading/steer.html", context, status=status)
