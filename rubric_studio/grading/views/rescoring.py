"""What the draft's points make of a run's verdicts."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from rubric_studio.grading.access import get_run
from rubric_studio.grading.labelling.blindness import still_to_label
from rubric_studio.grading.tryout.rescoring import rescored_by_draft
from rubric_studio.http import Request

SHOWN = 12


@login_required
@require_safe
def draft_scores(request: Request, pk: str) -> HttpResponse:
    """The run's scores under the draft, for the grading page; 204 where that tells nothing new, or
    where not every verdict counts any more."""
    run = get_run(request.user, pk)
    if not request.htmx:
        return redirect(run)
    scores = rescored_by_draft(run, still_to_label(run.question, request.user))
    if scores is None:
        return HttpResponse(status=204)
    lines, more = scores.lines[:SHOWN], max(0, len(scores.lines) - SHOWN)
    context = {"run": run, "question": run.question, "lines": lines, "more": more}
    return TemplateResponse(request, "grading/_draft_scores.html", context)
