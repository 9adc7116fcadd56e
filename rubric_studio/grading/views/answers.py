"""Sample answers: the list by tier, one answer, writing, uploading, the trash."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rubric_studio.accounts.access import MAY_EDIT, MAY_LABEL, has_role, require_role
from rubric_studio.grading.access import get_answer
from rubric_studio.grading.answers.anchoring import AnchorThere, NotByRule, make_anchor
from rubric_studio.grading.answers.clashes import clashes_of
from rubric_studio.grading.answers.editing import (
    add_answer,
    delete_answer,
    edit_answer,
    restore_answer,
)
from rubric_studio.grading.answers.gathered import gathered
from rubric_studio.grading.answers.listing import (
    answers_by_tier,
    in_groups,
    listed,
    with_beginnings,
)
from rubric_studio.grading.answers.uploading import upload_answers
from rubric_studio.grading.forms.answer import NAMES, AnswerForm
from rubric_studio.grading.forms.files import FileForm
from rubric_studio.grading.models import SampleAnswer
from rubric_studio.grading.transfer.pointing import PlacedProblem, in_lines
from rubric_studio.http import Request
from rubric_studio.rubrics.access import as_id, get_question
from rubric_studio.rubrics.editing import InvalidEdit, StaleWrite
from rubric_studio.rubrics.forms.numbers import whole_number
from rubric_studio.rubrics.forms.problems import add_problems
from rubric_studio.rubrics.models import Question

PAGE = 100


@login_required
@require_safe
def answers(request: Request, pk: str) -> HttpResponse:
    question = get_question(request.user, pk)
    counts = gathered(question)
    paginator = Paginator(answers_by_tier(question), PAGE)
    # The count is known already; the paginator would ask for it once more.
    paginator.count = counts.total
    page = paginator.get_page(request.GET.get("page"))
    role = question.collection.team.role_of(request.user)
    context = {
        "question": question,
        "tab": "answers",
        "gathered": counts,
        "groups": in_groups(page),
        "page": page,
        "may_edit": role in MAY_EDIT,
        "may_label": role in MAY_LABEL,
        "deleted": _deleted(request, question),
    }
    return TemplateResponse(request, "grading/answers.html", context)


def _deleted(request: Request, question: Question) -> SampleAnswer | None:
    """The answer that was deleted a moment ago, to offer it back."""
    if "deleted" not in request.GET:
        return None
    gone = SampleAnswer.objects.exclude(deleted_at=None).defer("text", "messages")
    return gone.filter(question=question, pk=as_id(request.GET["deleted"])).first()


@login_required
@require_safe
def answer(request: Request, pk: str) -> HttpResponse:
    """All of one answer, however long."""
    found = get_answer(request.user, pk)
    annotated = with_beginnings(SampleAnswer.objects.filter(pk=found.pk)).get()
    context = {
        "question": found.question,
        "tab": "answers",
        "answer": found,
        "row": listed(annotated),
        "may_edit": has_role(found.question.collection.team, request.user, MAY_EDIT),
    }
    return TemplateResponse(request, "grading/answer.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer_add(request: Request, pk: str) -> HttpResponse:
    question = get_question(request.user, pk, MAY_EDIT)
    form = AnswerForm(request.POST or None, initial=_asked_for(request))
    if form.is_valid():
        try:
            added = add_answer(question, request.user, **form.changes())
        except InvalidEdit as refusal:
            add_problems(form, refusal.problems, NAMES)
        else:
            messages.success(request, f"Answer {added.letter} is added{form.said_of_transcript}.")
            return redirect("answer-add" if "another" in request.POST else "answers", question.pk)
    return _form_page(request, question, form, 422 if form.is_bound else 200)


def _asked_for(request: Request) -> dict[str, str]:
    """`?anchor=` names the known end of the scale that is to be written."""
    anchor = request.GET.get("anchor", "")
    if anchor not in SampleAnswer.Anchor.values:
        return {}
    return {"anchor": anchor, "origin": SampleAnswer.Origin.EXPERT}


@login_required
@require_POST
def anchor_make(request: Request, pk: str) -> HttpResponse:
    """One of the known ends of the scale that a rule can make."""
    question = get_question(request.user, pk, MAY_EDIT)
    try:
        made = make_anchor(question, request.user, request.POST.get("anchor", ""))
    except (AnchorThere, NotByRule) as refusal:
        messages.error(request, refusal.message)
        return redirect("answers", question.pk)
    messages.success(
        request, f"Answer {made.letter} is made. Read it: it is graded with the others."
    )
    return redirect(f"{reverse('answers', args=[question.pk])}#answer-{made.letter}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer_edit(request: Request, pk: str) -> HttpResponse:
    found = get_answer(request.user, pk, MAY_EDIT)
    if request.method != "POST":
        return _form_page(request, found.question, AnswerForm.of(found), answer=found)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _form_page(request, found.question, form, 422, answer=found)
    based_on = whole_number(request.POST.get("revision")) or 0
    try:
        edit_answer(found, request.user, based_on=based_on, **form.changes())
    except InvalidEdit as refusal:
        add_problems(form, refusal.problems, NAMES)
        return _form_page(request, found.question, form, 422, answer=found)
    except StaleWrite as stale:
        conflict = clashes_of(form.changes(), stale.current)
        more = {"answer": found, "current": stale.current, "clashes": conflict}
        return _form_page(request, found.question, form, 409, **more)
    messages.success(request, f"Answer {found.letter} is saved{form.said_of_transcript}.")
    return redirect(f"{reverse('answers', args=[found.question_id])}#answer-{found.letter}")


def _form_page(
    request: Request, question: Question, form: AnswerForm, status: int = 200, **more: Any
) -> HttpResponse:
    """With an answer, `revision` is what the text in the form is based on."""
    context = {"question": question, "tab": "answers", "form": form, **more}
    if found := more.get("answer"):
        context["revision"] = request.POST.get("revision") or found.revision
    return TemplateResponse(request, "grading/answer_form.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answers_upload(request: Request, pk: str) -> HttpResponse:
    question = get_question(request.user, pk, MAY_EDIT)
    problems: tuple[PlacedProblem, ...] = ()
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_valid():
        try:
            added = upload_answers(question, request.user, form.cleaned_data["data"])
        except InvalidEdit as refusal:
            problems = in_lines(refusal.problems)
        else:
            count = "1 answer is" if len(added) == 1 else f"{len(added)} answers are"
            messages.success(request, f"{count} added.")
            return redirect("answers", question.pk)
    context = {"question": question, "tab": "answers", "form": form, "problems": problems}
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "grading/answers_upload.html", context, status=status)


@login_required
@require_POST
def answer_delete(request: Request, pk: str) -> HttpResponse:
    found = get_answer(request.user, pk, MAY_EDIT)
    delete_answer(found, request.user)
    return redirect(f"{reverse('answers', args=[found.question_id])}?deleted={found.pk}")


@login_required
@require_POST
def answer_restore(request: Request, pk: str) -> HttpResponse:
    """Its getter stands here: an answer in the trash is reached by nothing else."""
    rows = SampleAnswer.objects.visible_to(request.user).filter(question__deleted_at=None)
    found = get_object_or_404(rows.select_related("question__collection__team"), pk=as_id(pk))
    require_role(found.question.collection.team, request.user, MAY_EDIT)
    restore_answer(found, request.user)
    messages.success(request, f"Answer {found.letter} is back in its place.")
    return redirect("answers", found.question_id)


@login_required
@require_safe
def answers_trash(request: Request, pk: str) -> HttpResponse:
    question = get_question(request.user, pk)
    gone = SampleAnswer.objects.filter(question=question).exclude(deleted_at=None)
    rows = with_beginnings(gone).order_by("-deleted_at")
    context = {
        "question": question,
        "tab": "answers",
        "rows": [listed(it) for it in rows],
        "may_edit": has_role(question.collection.team, request.user, MAY_EDIT),
    }
    return TemplateResponse(request, "grading/answers_trash.html", context)
