"""The page of a question's probes: making them, reading them, dropping and editing some."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rubric_studio.accounts.access import MAY_EDIT, has_role
from rubric_studio.engine.document.canonical import content_hash
from rubric_studio.grading.access import get_probe
from rubric_studio.grading.answers.editing import delete_answer
from rubric_studio.grading.forms.probe import MakeForm, ProbeTextForm
from rubric_studio.grading.models import SampleAnswer
from rubric_studio.grading.probes.keeping import edit_probe
from rubric_studio.grading.probes.listing import live_probes, shelves
from rubric_studio.grading.probes.making import Making, make_probes, missing_of, proposed_bases
from rubric_studio.http import Request
from rubric_studio.rubrics.access import get_question
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.editing import InvalidEdit, StaleWrite
from rubric_studio.rubrics.forms.numbers import whole_number
from rubric_studio.rubrics.forms.problems import add_problems
from rubric_studio.rubrics.models import Question


@login_required
@require_safe
def probes(request: Request, pk: str) -> HttpResponse:
    """`?open=` names the probe that can be read at once."""
    return _page(request, get_question(request.user, pk))


@login_required
@require_POST
def probes_make(request: Request, pk: str) -> HttpResponse:
    question = get_question(request.user, pk, MAY_EDIT)
    answers = _answers(question)
    form = MakeForm(answers, (), request.POST)
    if not form.is_valid():
        return _page(request, question, form, status=422)
    bases = list(form.cleaned_data["bases"])
    making = make_probes(question, request.user, bases, form.cleaned_data["families"])
    messages.success(request, _said(making))
    return redirect("probes", question.pk)


@login_required
@require_POST
def probes_drop(request: Request, pk: str) -> HttpResponse:
    """The ticked ones go to the trash of answers; their grades stay."""
    question = get_question(request.user, pk, MAY_EDIT)
    ticked = set(request.POST.getlist("probe"))
    dropped = [it.answer for it in live_probes(question) if str(it.answer_id) in ticked]
    for answer in dropped:
        delete_answer(answer, request.user)
    if dropped:
        count = "1 probe is" if len(dropped) == 1 else f"{len(dropped)} probes are"
        messages.success(request, f"{count} in the trash of answers.")
    else:
        messages.error(request, "Tick the probes that you want to drop.")
    return redirect("probes", question.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def probe_edit(request: Request, pk: str) -> HttpResponse:
    probe = get_probe(request.user, pk, MAY_EDIT)
    revision = probe.answer.revision
    form = ProbeTextForm(request.POST or None, initial={"text": probe.answer.text})
    if form.is_valid():
        based_on = whole_number(request.POST.get("revision")) or 0
        try:
            edit_probe(probe, request.user, text=form.cleaned_data["text"], based_on=based_on)
        except InvalidEdit as refusal:
            add_problems(form, refusal.problems)
        except StaleWrite as stale:
            revision = stale.current.revision
            form.add_error(
                None, "Somebody changed it meanwhile. Save again to put your text in its place."
            )
        else:
            messages.success(request, f"{probe.answer.name} is saved.")
            return redirect("probes", probe.answer.question_id)
    context = {
        "question": probe.answer.question,
        "tab": "answers",
        "probe": probe,
        "form": form,
        "revision": revision,
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "grading/probe_edit.html", context, status=status)


def _page(
    request: Request, question: Question, form: MakeForm | None = None, status: int = 200
) -> HttpResponse:
    document = draft_document(question)
    answers = _answers(question)
    proposed = proposed_bases(answers)
    found = list(live_probes(question))
    context = {
        "question": question,
        "tab": "answers",
        "probes": found,
        "cells": len(found) * len(document.criteria),
        "shelves": shelves(found, document, content_hash(document)),
        "form": form or MakeForm(answers, proposed),
        "missing": missing_of(document, proposed),
        "opened": request.GET.get("open", ""),
        "criteria": len(document.criteria),
        "may_edit": has_role(question.collection.team, request.user, MAY_EDIT),
    }
    return TemplateResponse(request, "grading/probes.html", context, status=status)


def _answers(question: Question) -> list[SampleAnswer]:
    """Those that probes can be made of."""
    live = SampleAnswer.objects.live().filter(question=question, text__isnull=False)
    return list(live.filter(is_held_out=False).exclude(origin=SampleAnswer.Origin.PROBE))


def _said(making: Making) -> str:
    made = "1 probe is made" if len(making.kept) == 1 else f"{len(making.kept)} probes are made"
    if not making.known:
        return f"{made}. Read them, then grade them with the answers."
    were = "1 was" if making.known == 1 else f"{making.known} were"
    return f"{made}; {were} there already or had been dropped."
