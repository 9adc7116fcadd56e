"""Where experts disagree, for those who have finished their own labels and for authors."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from rubric_studio.accounts.access import MAY_EDIT, MAY_LABEL, has_role
from rubric_studio.grading.access import get_answer
from rubric_studio.grading.labelling.adjudicating import settle, unsettle
from rubric_studio.grading.labelling.disagreements import Case, cases_of
from rubric_studio.grading.labelling.queue import queue_of
from rubric_studio.grading.labels import Wording
from rubric_studio.grading.page.faces import sprite
from rubric_studio.http import Request
from rubric_studio.rubrics.access import get_question
from rubric_studio.rubrics.editing import InvalidEdit
from rubric_studio.rubrics.models import Question

PAGE = 50


@login_required
@require_safe
def disagreements(request: Request, pk: UUID) -> HttpResponse:
    question = get_question(request.user, pk, MAY_LABEL)
    return _page(request, question)


@login_required
@require_POST
def adjudicate(request: Request, pk: UUID) -> HttpResponse:
    """`verdict` and `note` settle `criterion` of the answer; verdict "" opens it again."""
    answer = get_answer(request.user, pk, MAY_EDIT)
    fields = request.POST
    key = fields.get("criterion", "")
    try:
        if fields.get("verdict"):
            read = Wording(fields.get("wording", ""), fields.get("text", ""))
            settle(
                answer,
                key,
                request.user,
                verdict=fields["verdict"],
                note=fields.get("note", ""),
                read=read,
            )
        elif "verdict" in fields:
            unsettle(answer, key)
        else:
            raise Http404("Choose a verdict.")
    except InvalidEdit as refusal:
        code = f"{answer.letter}.{key}"
        return _page(request, answer.question, refused=(code, str(refusal), fields.get("note", "")))
    page = fields.get("page", "")
    query = {"page": page} if page.isdecimal() else None
    address = reverse("disagreements", args=[answer.question_id], query=query)
    return redirect(f"{address}#case-{answer.letter}-{key}")


def _page(
    request: Request, question: Question, refused: tuple[str, str, str] | None = None
) -> HttpResponse:
    """`refused`: the case's code, what was wrong, and the note that was written."""
    may_edit = has_role(question.collection.team, request.user, MAY_EDIT)
    queue = queue_of(question, request.user)
    context = {
        "question": question,
        "queue": queue,
        "may_edit": may_edit,
        "sprite": sprite(),
        "refused": refused,
    }
    # Who was asked finishes first, whatever their role; an author who was not is never kept out.
    waits = queue.is_assigned and queue.cells_left > 0
    context["may_see"] = queue.is_finished or (may_edit and not waits)
    if context["may_see"]:
        cases = cases_of(question, request.user)
        number = request.POST.get("page") or request.GET.get("page")
        context |= {
            "cases": cases,
            "page": Paginator(cases, PAGE).get_page(_page_of(cases, refused) or number),
            "open": sum(not it.is_settled for it in cases),
        }
    status = 422 if refused else 200
    return TemplateResponse(request, "grading/disagreements.html", context, status=status)


def _page_of(cases: tuple[Case, ...], refused: tuple[str, str, str] | None) -> int | None:
    """The page that shows the case that was refused."""
    if refused is None:
        return None
    found = (place for place, it in enumerate(cases) if it.code == refused[0])
    place = next(found, None)
    return None if place is None else place // PAGE + 1
