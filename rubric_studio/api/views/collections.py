from typing import Any, ClassVar

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from rubric_studio.accounts.access import MAY_EDIT
from rubric_studio.accounts.models import Scope
from rubric_studio.api.errors import BadInput
from rubric_studio.api.parsers import RawBody
from rubric_studio.api.serializers.grading import ImportReportSerializer
from rubric_studio.api.serializers.rubrics import CollectionSerializer
from rubric_studio.api.views.base import Resource, bad_input
from rubric_studio.engine.document.problems import Problem
from rubric_studio.engine.formats import FORMATS, FormatError
from rubric_studio.grading.labelling.blindness import still_to_label_in
from rubric_studio.grading.transfer.exporting import export_collection, refuse_unwritable
from rubric_studio.grading.transfer.importing import import_file
from rubric_studio.rubrics.access import get_collection
from rubric_studio.rubrics.collecting import create_collection
from rubric_studio.rubrics.editing import InvalidEdit
from rubric_studio.rubrics.models import Collection

FORMAT = OpenApiParameter("format", str, enum=list(FORMATS), description="The interchange format.")


class Collections(Resource):
    scopes: ClassVar = {"GET": Scope.RUBRICS_READ, "POST": Scope.RUBRICS_WRITE}
    serializer_class = CollectionSerializer

    @extend_schema(responses=CollectionSerializer(many=True))
    def get(self, request: Request) -> Response:
        return self.page(Collection.objects.visible_to(self.member), CollectionSerializer)

    @extend_schema(responses={201: CollectionSerializer})
    def post(self, request: Request) -> Response:
        given = self.read(CollectionSerializer)
        team = self.team_named(given.pop("team_id", None))
        collection = create_collection(team, self.member, **given)
        return Response(CollectionSerializer(collection).data, status=201)


class CollectionDetail(Resource):
    scopes: ClassVar = {"GET": Scope.RUBRICS_READ}
    serializer_class = CollectionSerializer

    def get(self, request: Request, slug: str) -> Response:
        return Response(CollectionSerializer(get_collection(self.member, slug)).data)


class CollectionImport(Resource):
    """The body is the file. All of it goes in, or nothing."""

    scopes: ClassVar = {"POST": Scope.RUBRICS_WRITE}
    parser_classes = (RawBody,)
    serializer_class = ImportReportSerializer

    @extend_schema(
        parameters=[FORMAT],
        request={"*/*": OpenApiTypes.BINARY},
        responses={201: ImportReportSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        collection = get_collection(self.member, slug, MAY_EDIT)
        name = _format_named(request)
        data: Any = request.data or b""  # RawBody gives bytes; without a body DRF parses nothing
        try:
            report = import_file(collection, self.member, name, data)
        except (FormatError, InvalidEdit) as error:
            raise bad_input(error.problems) from None
        return Response(ImportReportSerializer(report).data, status=201)


class CollectionExport(Resource):
    """Streams the newest published version of each question, or the drafts."""

    scopes: ClassVar = {"GET": Scope.EXPORT_READ}

    @extend_schema(
        parameters=[
            FORMAT,
            OpenApiParameter("drafts", bool, description="Drafts in place of versions."),
            OpenApiParameter(
                "answers",
                bool,
                description="With sample answers and labels; true by default for healthbench.",
            ),
        ],
        responses={200: OpenApiTypes.BINARY},
    )
    def get(self, request: Request, slug: str) -> StreamingHttpResponse:
        collection = get_collection(self.member, slug)
        name = _format_named(request)
        drafts = _flag(request, "drafts", default=False)
        # A HealthBench row has a place of its own for the ideal answer.
        answers = _flag(request, "answers", default=name == "healthbench")
        try:
            refuse_unwritable(collection, name, drafts=drafts)
        except FormatError as error:
            raise bad_input(error.problems) from None
        hidden = still_to_label_in(collection, self.member) if answers else frozenset()
        lines = export_collection(collection, name, drafts=drafts, answers=answers, hidden=hidden)
        chosen = FORMATS[name]
        return StreamingHttpResponse(
            lines,
            content_type=chosen.media_type,
            headers={
                "Content-Disposition": (
                    f'attachment; filename="{collection.slug}.{name}{_dotted(chosen.extension)}"'
                )
            },
        )


def _dotted(extension: str) -> str:
    return extension if extension.startswith(".") else f".{extension}"


def _format_named(request: Request) -> str:
    name = request.query_params.get("format", "")
    if name not in FORMATS:
        message = f"Say which format: ?format= one of {', '.join(FORMATS)}."
        raise BadInput(message, (Problem("/format", message),))
    return name


def _flag(request: Request, name: str, *, default: bool) -> bool:
    value = request.query_params.get(name, str(default)).lower()
    if value not in ("true", "false", "1", "0"):
        message = f"{name} is true or false, not {value!r}."
        raise BadInput(message, (Problem(f"/{name}", message),))
    return value in ("true", "1")
