"""Trying a check where it is written."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST

from rubric_studio.accounts.access import MAY_EDIT
from rubric_studio.grading.tryout.check_preview import CheckPreview, preview_check
from rubric_studio.http import Request
from rubric_studio.rubrics.access import get_criterion
from rubric_studio.rubrics.checks import spec_problems
from rubric_studio.rubrics.forms.criterion import CriterionForm
from rubric_studio.rubrics.forms.numbers import whole_number
from rubric_studio.rubrics.models import Criterion
from rubric_studio.rubrics.views.editor import draft_outline, editor_of, write_page


@login_required
@require_POST
def check_preview(request: Request, pk: str) -> HttpResponse:
    """The check as it stands in the form, saved or not; nothing is written. Without htmx the page
    once more, with what was typed."""
    criterion = get_criterion(request.user, pk, MAY_EDIT)
    outline = draft_outline(criterion.question)
    form = CriterionForm(request.POST, document=outline.document, own_key=criterion.key)
    preview = _preview(criterion, form)
    context = {"preview": preview, "question": criterion.question, "row": criterion}
    if request.htmx:
        return TemplateResponse(request, "grading/_check_preview.html", context)
    based_on = whole_number(request.POST.get("revision"))
    editor = editor_of(outline, pk, form, based_on=based_on)
    response = write_page(request, criterion.question, outline, editor=editor)
    assert isinstance(response, TemplateResponse)
    response.context_data = {**(response.context_data or {}), **context}
    return response


def _preview(criterion: Criterion, form: CriterionForm) -> CheckPreview:
    problems = list(form.check.problems())
    spec = None if problems else form.check.spec()
    if spec is None:
        return CheckPreview(problems=problems or ["Choose “Program” to try a check."])
    found = spec_problems(spec)
    if found:
        for it in found:
            form.check.refuse(it)
        return CheckPreview(problems=[it.message for it in found])
    form.full_clean()
    points = form.cleaned_data.get("points") or criterion.points
    return preview_check(criterion.question, spec, points)
