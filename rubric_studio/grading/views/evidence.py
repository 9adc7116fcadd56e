"""What was asked of the judge for one cell, and what it answered."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from rubric_studio.grading.access import get_run
from rubric_studio.grading.answers.knowing import note_seen
from rubric_studio.grading.labelling.blindness import require_labelled
from rubric_studio.grading.page.evidence import evidence_of
from rubric_studio.grading.page.faces import sprite
from rubric_studio.http import Request
from rubric_studio.rubrics.forms.numbers import whole_number


@login_required
@require_safe
def evidence(request: Request, pk: str) -> HttpResponse:
    run = get_run(request.user, pk)
    found = evidence_of(
        run, request.GET.get("cell", ""), whole_number(request.GET.get("repeat")) or 0
    )
    require_labelled(found.run_answer.answer, request.user)
    note_seen(run, request.user)
    context = {
        "question": run.question,
        "tab": "grade",
        "run": run,
        "evidence": found,
        "sprite": sprite(),
    }
    return TemplateResponse(request, "grading/evidence.html", context)
