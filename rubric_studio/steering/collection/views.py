"""A collection's page of judges against experts."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from rubric_studio.grading.labelling.blindness import still_to_label_in
from rubric_studio.http import Request
from rubric_studio.rubrics.access import get_collection
from rubric_studio.steering.collection.agreement import criterion_errors, measure_collection
from rubric_studio.steering.collection.cells import collection_cells
from rubric_studio.steering.collection.words import bias_sentence, sentence
from rubric_studio.steering.drawing.collection_figures import draw_kappas, draw_lean

# Criteria on one page.
PAGE = 50


@login_required
@require_safe
def collection_agreement(request: Request, slug: str) -> HttpResponse:
    """`?judge=` chooses whose errors are listed, `?page=` turns the pages of criteria."""
    collection = get_collection(request.user, slug)
    cells = collection_cells(collection, still_to_label_in(collection, request.user))
    found = measure_collection(cells)
    judge = found.judge(request.GET.get("judge", ""))
    context = {
        "collection": collection,
        "found": found,
        "judge": judge,
        "sentence": sentence(found, judge),
        "kappas": draw_kappas(found),
    }
    if judge is not None and judge.pooled.counts.n:
        errors = criterion_errors(cells, judge.cells)
        context |= {
            "lean": bias_sentence(judge),
            "by_source": draw_lean(judge.sources),
            "by_sign": draw_lean(judge.signs),
            "wrong": sum(bool(it.wrong) for it in errors),
            "page": Paginator(errors, PAGE).get_page(request.GET.get("page")),
        }
    return TemplateResponse(request, "steering/collection_agreement.html", context)
