"""Which answers stand beside the criteria where they are written, and which must not."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from rubric_studio.accounts.access import MAY_EDIT
from rubric_studio.grading.access import get_answer
from rubric_studio.grading.answers.editing import edit_answer
from rubric_studio.grading.answers.pins import pin_answer, unpin_answer
from rubric_studio.http import Request
from rubric_studio.rubrics.editing import InvalidEdit


@login_required
@require_POST
def answer_pin(request: Request, pk: str) -> HttpResponse:
    """Pin it, or with `pinned` empty unpin it."""
    answer = get_answer(request.user, pk, MAY_EDIT)
    answer.is_pinned = bool(request.POST.get("pinned"))
    if answer.is_pinned:
        pin_answer(answer)
    else:
        unpin_answer(answer)
    if request.htmx:
        return TemplateResponse(request, "grading/_pin.html", {"answer": answer})
    return redirect(f"{reverse('answers', args=[answer.question_id])}#answer-{answer.letter}")


@login_required
@require_POST
def answer_hold_out(request: Request, pk: str) -> HttpResponse:
    """Set it aside, or with `held_out` empty put it among the others again."""
    answer = get_answer(request.user, pk, MAY_EDIT)
    is_held_out = bool(request.POST.get("held_out"))
    try:
        edit_answer(answer, request.user, is_held_out=is_held_out)
    except InvalidEdit as refusal:
        messages.error(request, str(refusal))
    else:
        said = (
            "is held out: the writing page shows nothing of it"
            if is_held_out
            else "is not held out any more"
        )
        messages.success(request, f"Answer {answer.letter} {said}.")
    return redirect(f"{reverse('answers', args=[answer.question_id])}#answer-{answer.letter}")
