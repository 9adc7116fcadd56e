"""The page on which a rubric is written."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from rubric_studio.accounts.access import MAY_EDIT, has_role
from rubric_studio.http import Request
from rubric_studio.rubrics.access import as_id, get_question
from rubric_studio.rubrics.forms.criterion import NewCriterionForm
from rubric_studio.rubrics.models import Question
from rubric_studio.rubrics.views.editor import draft_outline, editor_of, write_page


@login_required
@require_safe
def write(request: Request, pk: str) -> HttpResponse:
    """`?open=` (or `?criterion=`, its key) names the criterion whose editor is open, `?new=` (a
    section's key) asks for one more, with `?points=`: for browsers without JavaScript, and for
    links from elsewhere."""
    question = get_question(request.user, pk)
    outline = draft_outline(question)
    opened = request.GET.get("open") or _named(question, request.GET.get("criterion"))
    if opened and question.criteria.filter(pk=as_id(opened), deleted_at__isnull=False).exists():
        # Whoever was writing in it when it was deleted comes back here; what they wrote and
        # could not save is kept in their browser until the criterion is open again.
        messages.info(request, "That criterion was put in the trash. Restore it to go on with it.")
        return redirect("trash", question.pk)
    editor = editor_of(outline, opened) if opened else None
    new_form = None
    if "new" in request.GET and has_role(question.collection.team, request.user, MAY_EDIT):
        points = request.GET.get("points")
        new_form = NewCriterionForm.empty(outline.document, request.GET["new"], points)
    return write_page(request, question, outline, editor=editor, new_form=new_form)


def _named(question: Question, key: str | None) -> str | None:
    """The id of the criterion with this key: pages of runs know no ids."""
    if not key:
        return None
    found = question.criteria.filter(key=key).values_list("pk", flat=True).first()
    return None if found is None else str(found)
