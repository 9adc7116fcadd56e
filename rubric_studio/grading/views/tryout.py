"""Trying a criterion where it is written: verdicts as they come, one's own word on them, scores."""

from collections.abc import Iterator

import orjson
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST

from rubric_studio.accounts.access import MAY_EDIT, MAY_LABEL
from rubric_studio.engine.document.types import Document
from rubric_studio.errors import DomainError
from rubric_studio.grading.access import get_answer, get_run
from rubric_studio.grading.answers.pins import HeldOutAnswer
from rubric_studio.grading.labelling.blindness import still_to_label
from rubric_studio.grading.labels import clear_label, set_label
from rubric_studio.grading.models import Run
from rubric_studio.grading.runs.starting import document_of
from rubric_studio.grading.tryout.cards import Opinion
from rubric_studio.grading.tryout.rescoring import rescored
from rubric_studio.grading.tryout.trial import trial_of
from rubric_studio.grading.tryout.tried import Tried
from rubric_studio.grading.views.going_trial import GoingTrial
from rubric_studio.http import Request
from rubric_studio.rubrics.access import get_criterion
from rubric_studio.rubrics.draft import load_draft
from rubric_studio.rubrics.editing import InvalidEdit
from rubric_studio.rubrics.editing.typed import document_as_typed
from rubric_studio.rubrics.forms.criterion import CriterionForm
from rubric_studio.rubrics.models import Criterion
from rubric_studio.rubrics.views.editor import draft_outline, editor_of, write_page


class CannotTry(DomainError):
    code = "cannot_try"


@login_required
@require_POST
def try_out(request: Request, pk: str) -> HttpResponseBase:
    """The criterion as it is typed, on the pinned answers. To a script one JSON string of HTML a
    line, as verdicts come (an empty line: still going); else the writing page with all of them."""
    criterion = get_criterion(request.user, pk, MAY_EDIT)
    document, form = _typed(request, criterion)
    if document is None:
        if not request.htmx:
            return _page(request, criterion, form, None, 422)
        raise CannotTry(f"Put this right first: {_first_error(form)}")
    hidden = still_to_label(criterion.question, request.user)
    judge = request.POST.get("judge", "")
    trial = trial_of(criterion.question, document, criterion.key, judge, hidden)
    going = GoingTrial(request, criterion, trial)
    parts = going.parts(is_asked_anew=bool(request.POST.get("again")))
    first = next(parts)  # Refusals are raised here, before anything is sent.
    if not request.htmx:
        for _ in parts:
            pass
        return _page(request, criterion, form, going)
    response = StreamingHttpResponse(_lines(first, parts), content_type="application/x-ndjson")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"  # nginx would hold the lines back
    return response


@login_required
@require_POST
def try_label(request: Request, pk: str) -> HttpResponse:
    """One's own verdict on an answer, under the wording that was tried, or that the `run` judged;
    "" takes it back."""
    criterion = get_criterion(request.user, pk, MAY_LABEL)
    run = _run_meant(request, criterion)
    document = document_of(run) if run else _typed_or_refuse(request, criterion)
    answer = get_answer(request.user, request.POST.get("answer"))
    if answer.question_id != criterion.question_id:
        raise Http404("This answer belongs to another question.")
    if answer.is_held_out:
        raise CannotTry(HeldOutAnswer.message)
    if request.POST.get("answer_revision") != str(answer.revision):
        raise CannotTry("This answer has changed since it was tried. Try it again first.")
    label = None
    if verdict := request.POST.get("verdict", ""):
        try:
            label = set_label(
                answer, criterion.key, request.user, verdict=verdict, document=document
            )
        except InvalidEdit as refusal:
            raise CannotTry(str(refusal)) from refusal
    else:
        clear_label(answer, criterion.key, request.user)
    judged_word = request.POST.get("judged", "")
    opinion = Opinion(document.criterion(criterion.key), answer, judged_word, label)
    context = {"opinion": opinion, "row": criterion, "run": run}
    return TemplateResponse(request, "rubrics/_tried_opinion.html", context)


@login_required
@require_POST
def try_scores(request: Request, pk: str) -> HttpResponse:
    """The pinned answers' scores with what is typed, from verdicts that are there: no call."""
    criterion = get_criterion(request.user, pk, MAY_EDIT)
    document, _ = _typed(request, criterion)
    tried = Tried(criterion.question, load_draft(criterion.question).document, request.user)
    if document is None or tried.run is None:
        return HttpResponse(status=204)
    pinned = [it.run_answer for it in tried.pinned if not it.is_edited]
    rows = tried.run.run_answers.filter(pk__in=pinned).select_related("answer")
    by_pk = {it.pk: it for it in rows.defer("text", "messages", "answer__text", "answer__messages")}
    scores = rescored(tried.run, document, [by_pk[it] for it in pinned])
    context = {"scores": scores, "row": criterion}
    return TemplateResponse(request, "rubrics/_tried_scores.html", context)


def _typed(request: Request, criterion: Criterion) -> tuple[Document | None, CriterionForm]:
    """The draft with the criterion as typed; None where it can't stand, with why in the form."""
    draft = load_draft(criterion.question)
    form = CriterionForm(request.POST, document=draft.document, own_key=criterion.key)
    if not form.is_valid():
        return None, form
    try:
        return document_as_typed(draft, criterion.key, form.changes()), form
    except InvalidEdit as refusal:
        form.refuse(refusal.problems)
        return None, form


def _typed_or_refuse(request: Request, criterion: Criterion) -> Document:
    document, form = _typed(request, criterion)
    if document is None:
        raise CannotTry(f"Put this right first: {_first_error(form)}")
    return document


def _run_meant(request: Request, criterion: Criterion) -> Run | None:
    """The run whose verdict is agreed with or not; None for a try's."""
    if not (pk := request.POST.get("run")):
        return None
    run = get_run(request.user, pk)
    judged = {it.key for it in document_of(run).criteria}
    if run.question_id != criterion.question_id or criterion.key not in judged:
        raise Http404("This run did not judge this criterion.")
    return run


def _first_error(form: CriterionForm) -> str:
    return next(str(error) for errors in form.errors.values() for error in errors)


def _page(
    request: Request,
    criterion: Criterion,
    form: CriterionForm,
    going: GoingTrial | None,
    status: int = 200,
) -> TemplateResponse:
    """The writing page with what was typed, and what came of the try."""
    outline = draft_outline(criterion.question)
    editor = editor_of(outline, criterion.pk, form)
    response = write_page(request, criterion.question, outline, editor=editor, status=status)
    if going is not None and response.context_data is not None:
        response.context_data["trial_html"] = going.whole()
    return response


def _lines(first: str, parts: Iterator[str]) -> Iterator[bytes]:
    yield orjson.dumps(first) + b"\n"
    for part in parts:
        yield orjson.dumps(part) + b"\n" if part else b"\n"
