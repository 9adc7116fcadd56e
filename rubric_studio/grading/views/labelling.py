"""The page where an expert labels one answer by keys, blind, and each key's way to the server."""

import re
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from rubric_studio.accounts.access import MAY_EDIT, MAY_LABEL, has_role
from rubric_studio.errors import DomainError
from rubric_studio.grading.access import get_answer
from rubric_studio.grading.labelling.giving import Given, give_label
from rubric_studio.grading.labelling.page import chosen_verdict, page_of
from rubric_studio.grading.labelling.queue import Queue, queue_of
from rubric_studio.grading.labels import Wording
from rubric_studio.grading.models import SampleAnswer
from rubric_studio.grading.page.faces import sprite
from rubric_studio.http import Request
from rubric_studio.rubrics.access import as_id, get_question
from rubric_studio.rubrics.editing import InvalidEdit
from rubric_studio.rubrics.models import Question

MEANWHILE = {
    "reworded": "This criterion was reworded after you opened the page. What you said of the old "
    "wording is kept; read the new one.",
    "edited": "This answer was edited after you opened the page. What you said of the old text is "
    "kept; read the new one.",
    "deleted": "This criterion was deleted after you opened the page. What you said is kept, "
    "should it come back.",
}


class LabelNotKept(DomainError):
    code = "label_refused"


@login_required
@require_safe
def labelling(request: Request, pk: UUID) -> HttpResponse:
    """`?answer=` shows that one, by default the first with something left; `?only=stale` asks
    again only what was reworded or edited since it was labelled, `?only=` a criterion's key that
    one in every answer."""
    question = get_question(request.user, pk, MAY_LABEL)
    queue = queue_of(question, request.user, only=request.GET.get("only", ""))
    context = {"question": question, "queue": queue, "sprite": sprite()}
    answer = _chosen_answer(queue, request.GET.get("answer", ""))
    if answer is None:
        may_edit = has_role(question.collection.team, request.user, MAY_EDIT)
        return TemplateResponse(
            request, "grading/labelling_done.html", context | {"may_edit": may_edit}
        )
    context["page"] = page_of(queue, answer.pk, request.GET.get("criterion", ""))
    return TemplateResponse(request, "grading/labelling.html", context)


@login_required
@require_POST
def label_give(request: Request, pk: UUID) -> HttpResponse:
    """One key: `verdict` ("" takes it back) on `criterion`, of what was `read`."""
    answer = get_answer(request.user, pk, MAY_LABEL)
    given = _give(request, answer)
    if not request.htmx:
        return redirect(_back(request, answer.question, answer))
    return JsonResponse(
        {
            "answer": str(answer.pk),
            "criterion": request.POST.get("criterion", ""),
            "verdict": chosen_verdict(given.label),
            "note": given.label.note if given.label else "",
            "before": given.before,
            "at": given.label.created_at.isoformat() if given.label else None,
            "meanwhile": MEANWHILE.get(given.meanwhile, ""),
        }
    )


def _give(request: Request, answer: SampleAnswer) -> Given:
    fields = request.POST
    if "verdict" not in fields:
        raise LabelNotKept("Choose a verdict.")
    try:
        return give_label(
            answer,
            fields.get("criterion", ""),
            request.user,
            verdict=fields["verdict"],
            note=fields.get("note", "").replace("\x00", ""),
            read=_read(fields.get("wording", ""), fields.get("text", "")),
        )
    except InvalidEdit as refusal:
        raise LabelNotKept(str(refusal)) from refusal


def _read(wording: str, text: str) -> Wording | None:
    """The hashes that the page was made with; None where the request has none."""
    if not wording and not text:
        return None
    if not all(re.fullmatch("[0-9a-f]{64}", it) for it in (wording, text)):
        raise LabelNotKept("The page is too old. Reload it and give the verdict again.")
    return Wording(wording, text)


def _chosen_answer(queue: Queue, wanted: str) -> SampleAnswer | None:
    if not wanted:
        return queue.first_open()
    found = {it.pk: it for it in queue.answers}.get(as_id(wanted))
    if found is None and not queue.only_stale:
        raise Http404("This answer is not among those you label.")
    return found


def _back(request: Request, question: Question, answer: SampleAnswer) -> str:
    """Without a script: the same answer, at the next criterion that waits."""
    query: dict[str, Any] = {"answer": answer.pk}
    if only := request.POST.get("only", ""):
        query["only"] = only
    return reverse("labelling", args=[question.pk], query=query)
