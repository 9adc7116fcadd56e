"""Starting, cancelling and resuming a run."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rubric_studio.accounts.access import MAY_EDIT
from rubric_studio.errors import DomainError
from rubric_studio.grading.access import get_run
from rubric_studio.grading.forms.run import BudgetForm, RunForm
from rubric_studio.grading.judges.editing import judges_for
from rubric_studio.grading.labelling.blindness import still_to_label
from rubric_studio.grading.page.sheet import sheet_of
from rubric_studio.grading.runs.call_sizes import Comparable
from rubric_studio.grading.runs.facts import Facts
from rubric_studio.grading.runs.starting import cancel_run, forecast, resume_run, start_run
from rubric_studio.http import Request, part_for_htmx
from rubric_studio.rubrics.access import get_question
from rubric_studio.rubrics.models import Question


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def run_start(request: Request, pk: str) -> HttpResponse:
    question = get_question(request.user, pk, MAY_EDIT)
    judges = judges_for(question.collection.team)
    wanted = {key: request.GET[key] for key in ("version", "judge") if key in request.GET}
    data = request.POST if request.method == "POST" else None
    form = RunForm(question, judges, data, initial=wanted)
    if form.is_valid():
        try:
            run = start_run(
                question, request.user, **form.options(), budget=form.cleaned_data["budget"]
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return _go(request, run.get_absolute_url())
    context = {"question": question, "tab": "grade", "form": form, "judges": judges}
    context["ahead"] = _ahead(question, form)
    template = part_for_htmx(request, "grading/run_start.html#form")
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, template, context, status=status)


@login_required
@require_safe
def run_forecast(request: Request, pk: str) -> HttpResponse:
    """What the form's run would be: its cells, its calls, and about what they will use."""
    question = get_question(request.user, pk, MAY_EDIT)
    form = RunForm(question, judges_for(question.collection.team), request.GET)
    context = {"ahead": _ahead(question, form), "question": question}
    return TemplateResponse(request, "grading/run_start.html#ahead", context)


@login_required
@require_safe
def run_facts(request: Request, pk: str) -> HttpResponse:
    """What the run used, beside what was expected; how steady its judge was."""
    run = get_run(request.user, pk)
    hidden = still_to_label(run.question, request.user)
    context = {
        "question": run.question,
        "tab": "grade",
        "run": run,
        "facts": Facts(sheet_of(run.question, run, hidden), run),
    }
    return TemplateResponse(request, "grading/run_facts.html", context)


@login_required
@require_POST
def run_cancel(request: Request, pk: str) -> HttpResponse:
    run = get_run(request.user, pk, MAY_EDIT)
    cancel_run(run, request.user)
    messages.success(request, "Cancelled. What was graded is kept.")
    return redirect(run)


@login_required
@require_POST
def run_resume(request: Request, pk: str) -> HttpResponse:
    run = get_run(request.user, pk, MAY_EDIT)
    form = BudgetForm(request.POST)
    if not form.is_valid():
        messages.error(request, "The budget must be an amount above 0.")
        return redirect(run)
    resume_run(run, request.user, budget=form.cleaned_data["budget"])
    return redirect(run)


def _ahead(question: Question, form: RunForm) -> dict[str, Any]:
    """The forecast of the form as it stands, or the sentence that refuses it."""
    options = form.options() if form.is_bound and form.is_valid() else None
    if options is None:
        if form.is_bound:
            return {"refusal": ""}
        options = form.chosen_at_first()
    judge = options["judge"]
    try:
        ahead = forecast(question, **options, with_estimate=True)
    except DomainError as refusal:
        return {"refusal": refusal.message}
    said: dict[str, Any] = {"forecast": ahead, "judge": judge}
    if judge is not None:
        runs = Comparable(question, judge)
        said["difference"] = runs.newest_difference()
        said["mixes_with"] = runs.newest_of_other_size(options.get("criteria_per_call", 1))
    return said


def _go(request: Request, address: str) -> HttpResponse:
    """To the new run's page, also from a dialog."""
    if not request.htmx:
        return redirect(address)
    return HttpResponse(status=204, headers={"HX-Redirect": address})
