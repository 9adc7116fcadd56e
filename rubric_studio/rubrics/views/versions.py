"""Published versions: the list, one of them, its bytes, and what changed between two."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from rubric_studio.accounts.access import MAY_EDIT, has_role
from rubric_studio.engine.document.comparing import compare as compare_documents
from rubric_studio.engine.document.types import Document
from rubric_studio.http import Request
from rubric_studio.rubrics.access import as_id, get_question, get_version
from rubric_studio.rubrics.differences import grouped
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.models import Question, Version
from rubric_studio.rubrics.outline import outline_of
from rubric_studio.rubrics.publishing import newest_version, published_document, raised_number


@login_required
@require_safe
def versions(request: Request, pk: str) -> HttpResponse:
    question = get_question(request.user, pk)
    found = question.versions.defer("document").select_related("published_by")
    context = {
        "question": question,
        "tab": "versions",
        "versions": [*found],
        "may_edit": has_role(question.collection.team, request.user, MAY_EDIT),
    }
    return TemplateResponse(request, "rubrics/versions.html", context)


@login_required
@require_safe
def version(request: Request, pk: str) -> HttpResponse:
    found = get_version(request.user, pk)
    context = {
        "question": found.question,
        "tab": "versions",
        "version": found,
        "outline": outline_of(published_document(found)),
        "asked": published_document(found).question,
    }
    return TemplateResponse(request, "rubrics/version.html", context)


@login_required
@require_safe
def version_document(request: Request, pk: str) -> HttpResponse:
    """The canonical bytes, as the REST interface gives them."""
    found = get_version(request.user, pk)
    name = f"{found.question.key}-{found.number}.json"
    response = HttpResponse(bytes(found.document), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["ETag"] = f'"{found.content_hash}"'
    return response


@dataclass(frozen=True)
class Side:
    """One side of a comparison; `version` None is the draft."""

    version: Version | None
    document: Document

    @property
    def choice(self) -> str:
        return str(self.version.pk) if self.version else "draft"


@login_required
@require_safe
def compare(request: Request, pk: str) -> HttpResponse:
    """`from` and `to` are ids of versions of this question, or `draft`; by default the newest
    version and the draft."""
    question = get_question(request.user, pk)
    newest = newest_version(question)
    if newest is None:
        return TemplateResponse(
            request, "rubrics/compare_empty.html", {"question": question, "tab": "versions"}
        )
    old = _side(question, request.GET.get("from") or str(newest.pk))
    new = _side(question, request.GET.get("to") or "draft")
    comparison = compare_documents(old.document, new.document)
    bump = comparison.bump
    number = newest.number
    if new.version is None and old.version == newest and bump:
        number = raised_number(newest.number, bump)
    context = {
        "question": question,
        "tab": "versions",
        "versions": [*question.versions.defer("document")],
        "old": old,
        "new": new,
        "comparison": comparison,
        "groups": grouped(comparison, old.document, new.document),
        "largest_points": outline_of(new.document).largest_points,
        "bump": bump,
        "next_number": number if new.version is None and old.version == newest else "",
        "may_edit": has_role(question.collection.team, request.user, MAY_EDIT),
    }
    return TemplateResponse(request, "rubrics/compare.html", context)


def _side(question: Question, choice: str) -> Side:
    if choice == "draft":
        return Side(None, draft_document(question))
    found = Version.objects.filter(question=question, pk=as_id(choice)).first()
    if found is None:
        raise Http404("This question has no such version.")
    return Side(found, published_document(found))
