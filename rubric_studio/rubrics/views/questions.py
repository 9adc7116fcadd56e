"""Questions: new ones, their own fields, the trash."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST

from rubric_studio.accounts.access import MAY_EDIT, require_role
from rubric_studio.http import Request
from rubric_studio.rubrics.access import as_id, get_collection, get_question
from rubric_studio.rubrics.conflicts import conflict_of
from rubric_studio.rubrics.draft import written_question
from rubric_studio.rubrics.editing import (
    InvalidEdit,
    StaleWrite,
    create_question,
    delete_question,
    merge_question,
    restore_question,
)
from rubric_studio.rubrics.forms.numbers import whole_number
from rubric_studio.rubrics.forms.problems import add_problems
from rubric_studio.rubrics.forms.question import QuestionForm, ScoringForm
from rubric_studio.rubrics.models import Question


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question_new(request: Request, slug: str) -> HttpResponse:
    collection = get_collection(request.user, slug, MAY_EDIT)
    form = QuestionForm(request.POST or None)
    if form.is_valid():
        try:
            return redirect(create_question(collection, request.user, **form.changes()))
        except InvalidEdit as refusal:
            add_problems(form, refusal.problems)
    context = {"collection": collection, "form": form}
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "rubrics/question_new.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question_edit(request: Request, pk: str) -> HttpResponse:
    """The question's own fields; with `part=scoring` how it is scored."""
    question = get_question(request.user, pk, MAY_EDIT)
    scored = request.POST.get("part") == "scoring"
    form, scoring = QuestionForm.of(question), ScoringForm(initial=_scoring(question))
    if request.method != "POST":
        return _edit_page(request, question, form, scoring)
    posted: QuestionForm | ScoringForm
    if scored:
        posted = scoring = ScoringForm(request.POST)
    else:
        posted = form = QuestionForm(request.POST, kept=question.messages)
    conflict = None
    if posted.is_valid():
        based_on = whole_number(request.POST.get("revision")) or question.revision
        over = whole_number(request.POST.get("over"))
        try:
            saved = merge_question(question, request.user, based_on, over, **posted.changes())
            messages.success(request, "Saved.")
            return redirect(saved)
        except InvalidEdit as refusal:
            add_problems(posted, refusal.problems)
        except StaleWrite as stale:
            theirs = written_question(stale.current)
            mine = posted.changes()
            conflict = conflict_of(stale.current, stale.fields, based_on, mine, theirs)
    context = {
        "conflict": conflict,
        "conflict_form": "scoring-form" if scored else "question-form",
        "revision": request.POST.get("revision"),
    }
    return _edit_page(request, question, form, scoring, 409 if conflict else 422, **context)


def _scoring(question: Question) -> dict[str, object]:
    scoring: dict[str, object] = written_question(question)["scoring"]
    return scoring


def _edit_page(
    request: Request,
    question: Question,
    form: QuestionForm,
    scoring: ScoringForm,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    context = {"question": question, "tab": "write", "form": form, "scoring": scoring, **more}
    context.setdefault("revision", question.revision)
    return TemplateResponse(request, "rubrics/question_edit.html", context, status=status)


@login_required
@require_POST
def question_delete(request: Request, pk: str) -> HttpResponse:
    question = get_question(request.user, pk, MAY_EDIT)
    delete_question(question, request.user, whole_number(request.POST.get("revision")))
    messages.success(request, f"“{question.heading}” is in the trash of this collection.")
    return redirect("collection", question.collection.slug)


@login_required
@require_POST
def question_restore(request: Request, pk: str) -> HttpResponse:
    """Its getter stands here: a question in the trash is reached by nothing else."""
    questions = Question.objects.visible_to(request.user).select_related("collection__team")
    question = get_object_or_404(questions, pk=as_id(pk))
    require_role(question.collection.team, request.user, MAY_EDIT)
    return redirect(restore_question(question, request.user))
