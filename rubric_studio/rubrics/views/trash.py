from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from rubric_studio.accounts.access import MAY_EDIT, has_role
from rubric_studio.http import Request
from rubric_studio.rubrics.access import get_question


@login_required
@require_safe
def trash(request: Request, pk: str) -> HttpResponse:
    """Criteria and sections that were deleted; nothing leaves it by itself."""
    question = get_question(request.user, pk)
    criteria = question.criteria.exclude(deleted_at=None).order_by("-deleted_at")
    sections = question.sections.exclude(deleted_at=None).order_by("-deleted_at")
    context = {
        "question": question,
        "tab": "write",
        "criteria": criteria.select_related("changed_by"),
        "sections": sections.select_related("changed_by"),
        "may_edit": has_role(question.collection.team, request.user, MAY_EDIT),
    }
    return TemplateResponse(request, "rubrics/trash.html", context)
