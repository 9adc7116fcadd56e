"""The grading page, one cell of it, and how it stays true while a run goes on."""

from dataclasses import dataclass
from typing import Any, cast, get_args

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from rubric_studio.accounts.access import MAY_EDIT, MAY_LABEL
from rubric_studio.errors import DomainError
from rubric_studio.grading.answers.editing import content_of
from rubric_studio.grading.labelling.blindness import open_run
from rubric_studio.grading.labels import clear_label, set_label
from rubric_studio.grading.models import Run
from rubric_studio.grading.page.details import Detail, detail_of
from rubric_studio.grading.page.faces import sprite
from rubric_studio.grading.page.matrix import By, Matrix, Only, Show
from rubric_studio.grading.page.one_answer import one_answer
from rubric_studio.grading.page.pulse import changed_cells, pulse_of
from rubric_studio.grading.page.runbar import runbar_of
from rubric_studio.grading.page.sheet import own_labels, sheet_of
from rubric_studio.http import Request
from rubric_studio.rubrics.access import as_id, get_question
from rubric_studio.rubrics.editing import InvalidEdit
from rubric_studio.rubrics.models import Question

DRAFT = "draft"
SHOWN_RUNS = 30
STOP_POLLING = 286


class LabelRefused(DomainError):
    code = "label_refused"


@dataclass(frozen=True)
class Asked:
    """What of the grading page an address asks for."""

    run: str
    cell: str
    show: Show
    only: Only
    by: By

    @classmethod
    def of(cls, request: Request) -> "Asked":
        given = request.POST if request.method == "POST" else request.GET
        show, only = given.get("show", ""), given.get("only", "")
        return cls(
            given.get("run", ""),
            given.get("cell", ""),
            cast(Show, show) if show in get_args(Show) else "judge",
            cast(Only, only) if only in get_args(Only) else "",
            "aspect" if given.get("by") == "aspect" else "section",
        )


@login_required
@require_safe
def grade(request: Request, pk: str) -> HttpResponse:
    question = get_question(request.user, pk)
    context = page_context(request, question, Asked.of(request))
    return TemplateResponse(request, "grading/grade.html", context)


@login_required
@require_safe
def cell(request: Request, pk: str) -> HttpResponse:
    """One cell's panel for htmx; a browser without it gets the page with the cell open."""
    question = get_question(request.user, pk)
    asked = Asked.of(request)
    if not request.htmx:
        return redirect(f"{reverse('grade', args=[pk])}?{request.GET.urlencode()}#cell")
    matrix = _matrix(request, question, _run(question, asked.run), asked)
    context = {**_rights(request, question), "detail": detail_of(matrix, asked.cell)}
    return TemplateResponse(request, "grading/_cell.html", {**context, "question": question})


@login_required
@require_POST
def label(request: Request, pk: str) -> HttpResponse:
    """One's own verdict on a cell, kept apart from the judge's; verdict "" takes it back."""
    question = get_question(request.user, pk, MAY_LABEL)
    asked = Asked.of(request)
    run = _run(question, asked.run)
    detail = detail_of(_matrix(request, question, run, asked), asked.cell)
    _keep_label(request, detail)
    if not request.htmx:
        query = f"{detail.matrix.address}&cell={asked.cell}"
        return redirect(f"{reverse('grade', args=[pk])}?{query}#cell")
    matrix = _matrix(request, question, run, asked)
    detail = detail_of(matrix, asked.cell)
    context = {
        **_rights(request, question),
        "question": question,
        "matrix": matrix,
        "detail": detail,
        "changed": matrix.cell(detail.answer, detail.criterion, is_update=True),
    }
    return TemplateResponse(request, "grading/_labelled.html", context)


@login_required
@require_safe
def live(request: Request, pk: str) -> HttpResponse:
    """What changed since `seen`, for the page of a run that goes on: 204 when nothing did, and
    286, which ends the asking, once it is over."""
    question = get_question(request.user, pk)
    asked = Asked.of(request)
    run = _run(question, asked.run)
    if run is None:
        raise Http404("There is no such run.")
    matrix = _matrix(request, question, run, asked)
    if run.is_live and request.GET.get("seen") == pulse_of(matrix.sheet).seen:
        return HttpResponse(status=204)
    context = {
        **_rights(request, question),
        "question": question,
        "run": run,
        "matrix": matrix,
        "bar": runbar_of(matrix.sheet),
        "pulse": pulse_of(matrix.sheet),
        "changed": changed_cells(matrix, request.GET.get("at", ""), request.GET.get("held", "")),
    }
    status = 200 if run.is_live else STOP_POLLING
    return TemplateResponse(request, "grading/_live.html", context, status=status)


def page_context(
    request: Request, question: Question, asked: Asked, run: Run | None = None
) -> dict[str, Any]:
    runs = list(
        Run.objects.whole()
        .filter(question=question)
        .select_related("judge", "version")
        .defer("document", "version__document")[:SHOWN_RUNS]
    )
    wanted = asked.run or (str(runs[0].pk) if runs else DRAFT)
    run = run or _run(question, wanted)
    matrix = _matrix(request, question, run, asked)
    letter = asked.cell.partition(".")[0] or request.GET.get("answer", "")
    rights = _rights(request, question)
    return {
        **rights,
        "question": question,
        "tab": "grade",
        "runs": runs,
        "run": run,
        "matrix": matrix,
        "bar": runbar_of(matrix.sheet),
        "pulse": pulse_of(matrix.sheet),
        "detail": detail_of(matrix, asked.cell) if asked.cell else None,
        "sprite": sprite(),
        "one": one_answer(matrix.columns, letter),
    }


def _rights(request: Request, question: Question) -> dict[str, bool]:
    role = question.collection.team.role_of(request.user)
    return {"may_edit": role in MAY_EDIT, "may_label": role in MAY_LABEL}


def _run(question: Question, wanted: str) -> Run | None:
    """The run of that id; None for the draft."""
    if wanted in ("", DRAFT):
        return None
    runs = Run.objects.filter(question=question).select_related("judge", "version")
    run = runs.defer("version__document").filter(pk=as_id(wanted)).first()
    if run is None:
        raise Http404("There is no such run.")
    run.question = question
    return run


def _matrix(request: Request, question: Question, run: Run | None, asked: Asked) -> Matrix:
    hidden = open_run(run, request.user) if run else frozenset()
    sheet = sheet_of(question, run, hidden)
    labels = own_labels(sheet, request.user)
    show: Show = asked.show if run else "labels"
    return Matrix(sheet, labels, show, asked.only, asked.cell, asked.by)


def _keep_label(request: Request, detail: Detail) -> None:
    if "verdict" not in request.POST:
        raise LabelRefused("Choose a verdict.")
    verdict = request.POST["verdict"]
    key = detail.criterion.key
    if not verdict:
        clear_label(detail.answer, key, request.user)
        return
    try:
        set_label(
            detail.answer,
            key,
            request.user,
            verdict=verdict,
            note=request.POST.get("note", detail.label.note if detail.label else ""),
            document=detail.matrix.sheet.document,
            content=content_of(detail.pinned),
        )
    except InvalidEdit as refusal:
        raise LabelRefused(str(refusal)) from refusal
