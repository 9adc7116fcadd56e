"""The page that turns a draft into a version."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from rubric_studio.accounts.access import MAY_EDIT
from rubric_studio.http import Request
from rubric_studio.rubrics.access import get_question
from rubric_studio.rubrics.differences import Group, grouped
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.editing import InvalidEdit
from rubric_studio.rubrics.forms.problems import add_problems
from rubric_studio.rubrics.forms.publish import PublishForm
from rubric_studio.rubrics.models import Question
from rubric_studio.rubrics.outline import outline_of
from rubric_studio.rubrics.publishing import (
    NotSignedOff,
    PublishRefused,
    newest_version,
    next_version,
    problems_in_words,
    published_document,
)
from rubric_studio.rubrics.publishing import publish as publish_draft


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: Request, pk: str) -> HttpResponse:
    question = get_question(request.user, pk, MAY_EDIT)
    if request.method != "POST":
        return _page(request, question, None)
    form = PublishForm(request.POST)
    if form.is_valid():
        note, bump = form.cleaned_data["note"], form.cleaned_data["bump"] or None
        override = form.cleaned_data["override"]
        try:
            version = publish_draft(question, request.user, note=note, bump=bump, override=override)
        except InvalidEdit as refusal:
            add_problems(form, refusal.problems)
        except NotSignedOff as refusal:
            form.add_error("override", refusal.message)
        except PublishRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"Published as {version.number}.")
            return redirect(version)
    return _page(request, question, form, 422)


def _page(
    request: Request, question: Question, form: forms.Form | None, status: int = 200
) -> HttpResponse:
    document = draft_document(question)
    comparison, bump, number = next_version(question, document)
    newest = newest_version(question)
    groups: tuple[Group, ...] = ()
    old_document = None
    if comparison is not None and newest is not None:
        old_document = published_document(newest)
        groups = grouped(comparison, old_document, document)
    context = {
        "question": question,
        "tab": "versions",
        "form": form or PublishForm(),
        "problems": problems_in_words(document),
        "newest": newest,
        "old_document": old_document,
        "bump": bump,
        "number": number,
        "choices": PublishForm.choices_for(newest, bump),
        "groups": groups,
        "outline": outline_of(document),
        "sign_off_required": question.collection.team.requires_sign_off,
    }
    return TemplateResponse(request, "rubrics/publish.html", context, status=status)
