"""The answers beside the rubric, marked for the criterion that was just opened."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from rubric_studio.accounts.access import MAY_EDIT, has_role
from rubric_studio.http import Request
from rubric_studio.rubrics.access import as_id, get_question
from rubric_studio.rubrics.views.editor import draft_outline


@login_required
@require_safe
def marked(request: Request, pk: str) -> HttpResponse:
    question = get_question(request.user, pk)
    outline = draft_outline(question)
    wanted = as_id(request.GET.get("criterion", ""))
    entry = next((it for it in outline.entries if it.row and it.row.pk == wanted), None)
    if entry is None:
        raise Http404("There is no such criterion.")
    context = {
        "question": question,
        "outline": outline,
        "in_hand": entry,
        "may_edit": has_role(question.collection.team, request.user, MAY_EDIT),
    }
    return TemplateResponse(request, "rubrics/_answers_pane.html", context)
