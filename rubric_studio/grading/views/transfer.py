"""Files of questions: in and out, whole collections at a time."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from rubric_studio.accounts.access import MAY_EDIT
from rubric_studio.engine.formats import FORMATS, FormatError
from rubric_studio.errors import DomainError
from rubric_studio.grading.forms.transfer import (
    ABOUT,
    ANSWERS_LOST,
    DownloadForm,
    ExportForm,
    ImportForm,
)
from rubric_studio.grading.labelling.blindness import still_to_label_in
from rubric_studio.grading.transfer.exporting import export_collection
from rubric_studio.grading.transfer.importing import ImportReport, import_file
from rubric_studio.grading.transfer.losing import (
    MOST_QUESTIONS,
    exported_documents,
    prospect,
    prospects,
)
from rubric_studio.grading.transfer.pointing import PlacedProblem, in_rows
from rubric_studio.http import Request
from rubric_studio.rubrics.access import get_collection
from rubric_studio.rubrics.editing import InvalidEdit
from rubric_studio.rubrics.importing import KeysTaken
from rubric_studio.rubrics.models import Collection


class CannotCarry(DomainError):
    code = "cannot_carry"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def collection_import(request: Request, slug: str) -> HttpResponse:
    collection = get_collection(request.user, slug, MAY_EDIT)
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    problems: tuple[PlacedProblem, ...] = ()
    status = 422 if form.is_bound else 200
    if form.is_valid():
        name, data = form.cleaned_data["format"], form.cleaned_data["data"]
        try:
            return _imported(request, collection, import_file(collection, request.user, name, data))
        except (FormatError, InvalidEdit) as refusal:
            problems = in_rows(refusal.problems)
        except KeysTaken as refusal:
            problems, status = (PlacedProblem("", refusal.message),), 409
    context = {"collection": collection, "form": form, "problems": problems}
    return TemplateResponse(request, "grading/import.html", context, status=status)


def _imported(request: Request, collection: Collection, report: ImportReport) -> HttpResponse:
    context = {"collection": collection, "report": report}
    return TemplateResponse(request, "grading/imported.html", context)


@login_required
@require_safe
def collection_export(request: Request, slug: str) -> HttpResponse:
    collection = get_collection(request.user, slug)
    form = ExportForm(request.GET)
    form.full_clean()
    documents = exported_documents(collection, drafts=form.cleaned_data["drafts"])
    with_answers = form.cleaned_data["answers"]
    total = collection.questions.filter(deleted_at=None).count()
    context = {
        "collection": collection,
        "chosen": form.cleaned_data,
        "documents": documents,
        "total": total,
        "most": MOST_QUESTIONS,
        "prospects": [
            (it, ABOUT[it.format.name], ANSWERS_LOST.get(it.format.name) if with_answers else None)
            for it in prospects(documents)
        ],
        "chosen_address": form.address_with(),
        "versions_address": form.address_with(drafts=False),
        "drafts_address": form.address_with(drafts=True),
        "with_address": form.address_with(answers=True),
        "without_address": form.address_with(answers=False),
    }
    return TemplateResponse(request, "grading/export.html", context)


@login_required
@require_safe
def collection_download(request: Request, slug: str) -> HttpResponseBase:
    """The file, in pieces. What the format can't carry is refused before the first one."""
    collection = get_collection(request.user, slug)
    form = DownloadForm(request.GET)
    if not form.is_valid():
        raise Http404("There is no such format.")
    drafts, chosen = form.cleaned_data["drafts"], FORMATS[form.cleaned_data["format"]]
    found = prospect(chosen, exported_documents(collection, drafts=drafts))
    if found.refused:
        raise CannotCarry(f"{chosen.title} can't carry this collection. {found.reason}")
    answers = form.cleaned_data["answers"]
    return StreamingHttpResponse(
        export_collection(
            collection,
            chosen.name,
            drafts=drafts,
            answers=answers,
            hidden=still_to_label_in(collection, request.user) if answers else frozenset(),
        ),
        content_type=chosen.media_type,
        headers={
            "Content-Disposition": (
                f'attachment; filename="{collection.slug}.{chosen.name}.{chosen.extension}"'
            )
        },
    )
