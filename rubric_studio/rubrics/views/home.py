"""The start page, collections and their trash."""

from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from rubric_studio.accounts.access import MAY_EDIT, has_role, writable_teams
from rubric_studio.http import Request
from rubric_studio.rubrics.access import get_collection
from rubric_studio.rubrics.collecting import create_collection
from rubric_studio.rubrics.forms.collection import CollectionForm
from rubric_studio.rubrics.models import Collection
from rubric_studio.rubrics.overview import listed_questions, shelves

# Questions on one page of a collection.
PAGE = 100


@login_required
@require_safe
def home(request: Request) -> HttpResponse:
    collections = Collection.objects.visible_to(request.user).select_related("team")
    shelved = shelves([*collections])
    writable = {team.pk for team in writable_teams(request.user)}
    context = {
        "shelves": shelved,
        "teams": [*request.user.teams.all()],
        "writable": writable,
        "importable": [it.collection for it in shelved if it.collection.team_id in writable],
        "question_count": sum(it.total for it in shelved),
        "criterion_count": sum(it.criteria for it in shelved),
    }
    return TemplateResponse(request, "rubrics/home.html", context)


@login_required
@require_safe
def collection(request: Request, slug: str) -> HttpResponse:
    """`?q=` finds questions by title, key or tag; `?page=` turns the pages."""
    found = get_collection(request.user, slug)
    words = request.GET.get("q", "").replace("\x00", "").strip()
    questions = found.questions.filter(deleted_at=None).order_by("-changed_at", "pk")
    if words:
        in_title = Q(title__icontains=words) | Q(key__icontains=words)
        questions = questions.filter(in_title | Q(tags__contains=[words.removeprefix("#")]))
    page = Paginator(questions.values_list("pk", flat=True), PAGE).get_page(request.GET.get("page"))
    context = {
        "collection": found,
        "words": words,
        "page": page,
        "shelf": replace(shelves([found])[0], questions=listed_questions([*page])),
        "may_edit": has_role(found.team, request.user, MAY_EDIT),
        "trashed": found.questions.exclude(deleted_at=None).count(),
    }
    return TemplateResponse(request, "rubrics/collection.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def collection_new(request: Request) -> HttpResponse:
    """With `?then=import` the next page is the import into it."""
    form = CollectionForm(request.POST or None, teams=writable_teams(request.user))
    to_import = request.GET.get("then") == "import"
    if form.is_valid():
        made = create_collection(user=request.user, **form.cleaned_data)
        return redirect("collection-import", made.slug) if to_import else redirect(made)
    status = 422 if form.is_bound else 200
    context = {"form": form, "to_import": to_import}
    return TemplateResponse(request, "rubrics/collection_new.html", context, status=status)


@login_required
@require_safe
def collection_trash(request: Request, slug: str) -> HttpResponse:
    found = get_collection(request.user, slug, MAY_EDIT)
    gone = found.questions.exclude(deleted_at=None).order_by("-deleted_at")
    context = {"collection": found, "questions": gone.select_related("changed_by")}
    return TemplateResponse(request, "rubrics/collection_trash.html", context)
