from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from rubric_studio.accounts.access import MAY_EDIT
from rubric_studio.accounts.models import Scope
from rubric_studio.api.serializers.rubrics import (
    DocumentSerializer,
    QuestionSerializer,
    VersionSerializer,
)
from rubric_studio.api.views.base import Resource, etag_response, require_match
from rubric_studio.engine.document.canonical import content_hash
from rubric_studio.engine.document.writing import document_json
from rubric_studio.rubrics.access import get_collection, get_question, get_version
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.editing import (
    create_question,
    delete_question,
    edit_question,
)
from rubric_studio.rubrics.models import Question
from rubric_studio.rubrics.publishing import publish


def question_etag(question: Question) -> str:
    return f'"{question.revision}-{str(question.pk)[:8]}"'


class Questions(Resource):
    scopes: ClassVar = {"GET": Scope.RUBRICS_READ, "POST": Scope.RUBRICS_WRITE}
    serializer_class = QuestionSerializer

    @extend_schema(responses=QuestionSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        collection = get_collection(self.member, slug)
        rows = Question.objects.live().filter(collection=collection).select_related("collection")
        return self.page(rows, QuestionSerializer)

    @extend_schema(responses={201: QuestionSerializer})
    def post(self, request: Request, slug: str) -> Response:
        collection = get_collection(self.member, slug, MAY_EDIT)
        given = self.read(QuestionSerializer)
        question = create_question(collection, self.member, **given)
        return etag_response(
            request, QuestionSerializer(question).data, question_etag(question), 201
        )


class QuestionDetail(Resource):
    """If-Match is honoured where it is sent."""

    scopes: ClassVar = {
        "GET": Scope.RUBRICS_READ,
        "PATCH": Scope.RUBRICS_WRITE,
        "DELETE": Scope.RUBRICS_WRITE,
    }
    serializer_class = QuestionSerializer

    def get(self, request: Request, pk: str) -> Response:
        return self._shown(request, get_question(self.member, pk))

    def patch(self, request: Request, pk: str) -> Response:
        question = get_question(self.member, pk, MAY_EDIT)
        based_on = self._matched(request, question)
        changes: dict[str, Any] = self.read(QuestionSerializer, partial=True)
        question = edit_question(question, self.member, based_on, **changes)
        return self._shown(request, question)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: str) -> Response:
        question = get_question(self.member, pk, MAY_EDIT)
        self._matched(request, question)
        delete_question(question, self.member)
        return Response(status=204)

    def _matched(self, request: Request, question: Question) -> int | None:
        if "If-Match" not in request.headers:
            return None
        require_match(request, question_etag(question), QuestionSerializer(question).data)
        return question.revision

    def _shown(self, request: Request, question: Question) -> Response:
        return etag_response(request, QuestionSerializer(question).data, question_etag(question))


class QuestionDraft(Resource):
    scopes: ClassVar = {"GET": Scope.RUBRICS_READ}
    serializer_class = DocumentSerializer

    def get(self, request: Request, pk: str) -> Response:
        document = draft_document(get_question(self.member, pk))
        return etag_response(request, document_json(document), f'"{content_hash(document)}"')


class QuestionVersions(Resource):
    scopes: ClassVar = {"GET": Scope.RUBRICS_READ, "POST": Scope.RUBRICS_WRITE}
    serializer_class = VersionSerializer

    @extend_schema(responses=VersionSerializer(many=True))
    def get(self, request: Request, pk: str) -> Response:
        rows = get_question(self.member, pk).versions.select_related("published_by")
        return Response(
            {"next": None, "previous": None, "results": VersionSerializer(rows, many=True).data}
        )

    @extend_schema(responses={201: VersionSerializer})
    def post(self, request: Request, pk: str) -> Response:
        question = get_question(self.member, pk, MAY_EDIT)
        given = self.read(VersionSerializer)
        version = publish(
            question,
            self.member,
            note=given["note"],
            bump=given.get("bump"),
            override=given.get("override_reason", ""),
        )
        return Response(VersionSerializer(version).data, status=201)


class VersionDetail(Resource):
    scopes: ClassVar = {"GET": Scope.RUBRICS_READ}
    serializer_class = VersionSerializer

    def get(self, request: Request, pk: str) -> Response:
        version = get_version(self.member, pk)
        return etag_response(request, VersionSerializer(version).data, f'"{version.content_hash}"')


class VersionDocument(Resource):
    """The canonical bytes themselves, the same for ever; their SHA-256 is the ETag."""

    scopes: ClassVar = {"GET": Scope.RUBRICS_READ}
    serializer_class = DocumentSerializer

    @extend_schema(responses={(200, "application/json"): OpenApiTypes.OBJECT})
    def get(self, request: Request, pk: str) -> HttpResponse:
        version = get_version(self.member, pk)
        etag = f'"{version.content_hash}"'
        if etag in request.headers.get("If-None-Match", ""):
            return HttpResponse(status=304, headers={"ETag": etag})
        return HttpResponse(
            bytes(version.document),
            content_type="application/json",
            headers={"ETag": etag, "Cache-Control": "private, max-age=31536000, immutable"},
        )
