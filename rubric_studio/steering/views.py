from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from rubric_studio.accounts.access import MAY_EDIT
from rubric_studio.grading.answers.knowing import note_seen
from rubric_studio.grading.labelling.blindness import require_finished, still_to_label
from rubric_studio.grading.models import Run, SampleAnswer
from rubric_studio.http import Request
from rubric_studio.rubrics.access import as_id, get_question
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.models import Question, Version
from rubric_studio.steering.beside import beside_context, in_time, standing_beside
from rubric_studio.steering.drafts import newest_finished_run
from rubric_studio.steering.drafts import tested_draft as said_of_draft
from rubric_studio.steering.first_step import Waiting, first_step
from rubric_studio.steering.moves import compared, standing_of_move
from rubric_studio.steering.page import page_context
from rubric_studio.steering.reading import read_report, standing_of
from rubric_studio.steering.regression import regression_sentence
from rubric_studio.steering.rerunning import run_again as repeat_run
from rubric_studio.steering.verdict_sources import VerdictSources, verdict_sources

MOST_RUNS = 50


@login_required
@require_safe
def steering(request: Request, pk: UUID) -> HttpResponse:
    """`?run=` is the run, by default the newest finished one; `?with=` sets another one beside
    it; `?verdicts=` says whose verdicts are measured."""
    question = get_question(request.user, pk)
    run = _chosen_run(question, request.GET.get("run", ""))
    hidden = still_to_label(question, request.user) if run is not None else frozenset()
    if hidden:
        context = {"question": question, "tab": "steering", "run": run, "hidden": len(hidden)}
        return TemplateResponse(request, "steering/steering.html", context)
    if run is not None and request.GET.get("with"):
        return _beside(request, question, run)
    context = {
        "question": question,
        "tab": "steering",
        "run": run,
        "runs": _runs(question)[:MOST_RUNS],
    }
    if run is not None:
        context |= _report(
            run,
            request.GET.get("verdicts", ""),
            question.collection.team.role_of(request.user),
        )
        if "report" in context:  # who waits for the first one has seen no score yet
            note_seen(run, request.user)
    else:
        context["has_answers"] = SampleAnswer.objects.live().filter(question=question).exists()
    return TemplateResponse(request, "steering/steering.html", context)


@login_required
@require_safe
def freshness(request: Request, pk: UUID) -> HttpResponse:
    """Whether the report is there that a page waits for; `?shown=` when it shows an older one."""
    question = get_question(request.user, pk)
    run = _chosen_run(question, request.GET.get("run", ""))
    if run is None:
        raise Http404
    require_finished(question, request.user)
    if request.GET.get("with"):
        return _beside_freshness(request, question, run)
    sources = verdict_sources(run)
    source = _source(sources, request.GET.get("verdicts", ""))
    standing = standing_of(*sources.pick(source))
    shown = bool(request.GET.get("shown"))
    context = {
        "question": question,
        "chosen": run,
        "source": source,
        "shown": shown,
        "is_current": standing.is_current,
        "is_asked": standing.is_asked,
    }
    response = TemplateResponse(request, "steering/_freshness.html", context)
    if standing.is_current and not shown:
        response["HX-Refresh"] = "true"
    return response


def _report(chosen: Run, asked: str, role: str | None) -> dict[str, object]:
    """The report by the source that was asked for, the run's own where there is no such source."""
    sources = verdict_sources(chosen)
    source = _source(sources, asked)
    run, verdicts_from = sources.pick(source)
    reading = read_report(run, verdicts_from)
    context: dict[str, object] = {
        "chosen": chosen,
        "run": run,
        "is_current": reading.is_current,
        "is_asked": reading.is_asked,
        "measured_at": reading.measured_at,
        "sources": sources.experts,
        "panel_judges": sources.judges,
        "source": source,
        "verdicts_from": verdicts_from,
    }
    report = reading.report
    if report is None:
        return context
    context |= page_context(report, chosen.question, run, verdicts_from, role)
    elsewhere = _ranked_outside(chosen) if report.order.measured.needs else 0
    waiting = Waiting(report, chosen.question, run, verdicts_from, elsewhere, role)
    context["step"] = first_step(waiting)
    return context


def _source(sources: VerdictSources, asked: str) -> str:
    return asked if asked in sources.keys else "run"


def _beside(request: Request, question: Question, run: Run) -> HttpResponse:
    other = _chosen_run(question, request.GET["with"])
    if other is None or other == run:
        return redirect(f"{reverse('steering', args=[question.pk])}?run={run.pk}")
    context = {"question": question, "tab": "steering", **beside_context(*in_time(run, other))}
    if "sides" in context:  # who waits for them has seen no score yet
        for it in (run, other):
            note_seen(it, request.user)
    return TemplateResponse(request, "steering/beside.html", context)


def _beside_freshness(request: Request, question: Question, run: Run) -> HttpResponse:
    other = _chosen_run(question, request.GET["with"])
    if other is None:
        raise Http404
    before, after = in_time(run, other)
    standing = standing_beside(before, after)
    shown = bool(request.GET.get("shown"))
    context = {
        "question": question,
        "before": before,
        "after": after,
        "shown": shown,
        "is_current": standing.is_current,
        "is_asked": standing.is_asked,
    }
    response = TemplateResponse(request, "steering/_beside_freshness.html", context)
    if standing.is_current and not shown:
        response["HX-Refresh"] = "true"
    return response


@login_required
@require_safe
def moved(request: Request, pk: UUID) -> HttpResponse:
    """What moved from `?with=` to `?run=`, for a page that waits for it; 204 while that is so."""
    question = get_question(request.user, pk)
    run, other = (_chosen_run(question, request.GET.get(it, "")) for it in ("run", "with"))
    if run is None or other is None:
        raise Http404
    before, after = in_time(other, run)
    if not standing_of_move(before, after).is_current:
        return HttpResponse(status=204)
    found = compared(before, after)
    context = {
        "question": question,
        "compared": found,
        "regression": found.regression,
        "sentence": regression_sentence(found.regression) if found.regression else "",
    }
    return TemplateResponse(request, "steering/_regression.html", context)


@login_required
@require_safe
def tested_draft(request: Request, pk: UUID) -> HttpResponse:
    """What the newest finished run says of the draft, for a page of publishing that waits for it;
    204 while that is still so."""
    question = get_question(request.user, pk, MAY_EDIT)
    run = newest_finished_run(question)
    if run is not None and not standing_of(run).is_current:
        return HttpResponse(status=204)
    context = {
        "question": question,
        "tested": said_of_draft(question, draft_document(question)),
        "sign_off_required": question.collection.team.requires_sign_off,
    }
    return TemplateResponse(request, "rubrics/_tested_draft.html", context)


@login_required
@require_POST
def run_again(request: Request, pk: UUID) -> HttpResponse:
    """The newest run once more on every answer, for a version or the draft."""
    question = get_question(request.user, pk, MAY_EDIT)
    version = None
    if chosen := request.POST.get("version"):
        version = get_object_or_404(Version, question=question, pk=as_id(chosen))
    return redirect(repeat_run(question, request.user, version))


def _chosen_run(question: Question, chosen: str) -> Run | None:
    """The run that was asked for, or the newest finished one, or the newest of all."""
    runs = _runs(question)
    if chosen:
        run: Run | None = get_object_or_404(runs, pk=as_id(chosen))
    else:
        run = runs.filter(status__in=Run.FINISHED).first() or runs.first()
    if run is not None:
        run.question = question
    return run


def _runs(question: Question) -> QuerySet[Run]:
    """The newest first, with what a list says of them; documents are read when needed."""
    return (
        Run.objects.whole()
        .filter(question=question)
        .select_related("judge", "version")
        .defer("document", "version__document")
    )


def _ranked_outside(run: Run) -> int:
    """Answers with a tier that the run did not take: they may be all that is missing."""
    ranked = SampleAnswer.objects.live().filter(question=run.question_id, tier__isnull=False)
    return ranked.exclude(run_answers__run=run).count()
