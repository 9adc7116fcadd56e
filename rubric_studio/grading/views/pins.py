"""Which answers stand beside the criteria where they are written."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from rubric_studio.accounts.access import MAY_EDIT
from rubric_studio.grading.access import get_answer
from rubric_studio.grading.answers.pins import pin_answer, unpin_answer
from rubric_studio.http import Request


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
