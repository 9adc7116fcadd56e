"""Criteria and sections: the parts of a draft, each with an ETag that the next write must name."""

import hashlib
from collections.abc import Callable
from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from rubric_studio.accounts.access import MAY_EDIT
from rubric_studio.accounts.models import Scope
from rubric_studio.api.errors import PreconditionFailed
from rubric_studio.api.serializers.rubrics import CriterionSerializer, SectionSerializer
from rubric_studio.api.views.base import Resource, etag_response, require_match
from rubric_studio.engine.document.canonical import canonical_bytes
from rubric_studio.rubrics import editing
from rubric_studio.rubrics.access import get_criterion, get_question, get_section
from rubric_studio.rubrics.editing import StaleWrite
from rubric_studio.rubrics.models import Criterion, Question, Section

IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag last read. 428 without, 412 with the current state when stale.",
)
SCOPES = {
    "GET": Scope.RUBRICS_READ,
    "POST": Scope.RUBRICS_WRITE,
    "PATCH": Scope.RUBRICS_WRITE,
    "DELETE": Scope.RUBRICS_WRITE,
}


def part_etag(shown: Any) -> str:
    """`"<revision>-<first 8 of the SHA-256 of its JSON>"`, strong."""
    content = {name: value for name, value in shown.items() if name != "created_at"}
    return f'"{shown["revision"]}-{hashlib.sha256(canonical_bytes(content)).hexdigest()[:8]}"'


class PartList(Resource):
    """The parts of a question's draft that are not in the trash."""

    scopes: ClassVar = SCOPES
    serializer_class: type[Serializer]

    @staticmethod
    def parts(question: Question) -> Any:
        """The rows of a question."""
        raise NotImplementedError

    add: ClassVar[Callable[..., Any]]

    def get(self, request: Request, pk: str) -> Response:
        question = get_question(self.member, pk)
        return self.page(type(self).parts(question), self.serializer_class)

    def post(self, request: Request, pk: str) -> Response:
        question = get_question(self.member, pk, MAY_EDIT)
        given = self.read(self.serializer_class)
        part = type(self).add(question, self.member, **given)
        shown = self.serializer_class(part).data
        return etag_response(request, shown, part_etag(shown), 201)


class PartDetail(Resource):
    scopes: ClassVar = SCOPES
    fetch: ClassVar[Callable[..., Any]]
    edit: ClassVar[Callable[..., Any]]
    remove: ClassVar[Callable[..., Any]]
    serializer_class: type[Serializer]

    def get(self, request: Request, pk: str) -> Response:
        return self._shown(type(self).fetch(self.member, pk))

    @extend_schema(parameters=[IF_MATCH])
    def patch(self, request: Request, pk: str) -> Response:
        part = self._matched(pk)
        changes = self.read(self.serializer_class, partial=True)
        try:
            part = type(self).edit(part, self.member, part.revision, **changes)
        except StaleWrite as stale:
            raise self._stale(stale) from None
        return self._shown(part)

    @extend_schema(parameters=[IF_MATCH], responses={204: None})
    def delete(self, request: Request, pk: str) -> Response:
        part = self._matched(pk)
        try:
            type(self).remove(part, self.member, part.revision)
        except StaleWrite as stale:
            raise self._stale(stale) from None
        return Response(status=204)

    def _matched(self, pk: str) -> Any:
        part = type(self).fetch(self.member, pk, MAY_EDIT)
        shown = self.serializer_class(part).data
        require_match(self.request, part_etag(shown), shown)
        return part

    def _stale(self, stale: StaleWrite) -> PreconditionFailed:
        shown = self.serializer_class(stale.current).data
        return PreconditionFailed(shown, part_etag(shown))

    def _shown(self, part: Any) -> Response:
        shown = self.serializer_class(part).data
        return etag_response(self.request, shown, part_etag(shown))


@extend_schema(methods=["GET"], responses=CriterionSerializer(many=True))
@extend_schema(methods=["POST"], responses={201: CriterionSerializer})
class Criteria(PartList):
    serializer_class = CriterionSerializer
    add = staticmethod(editing.add_criterion)

    @staticmethod
    def parts(question: Question) -> Any:
        return Criterion.objects.live().filter(question=question).select_related("section")


class CriterionDetail(PartDetail):
    serializer_class = CriterionSerializer
    fetch = staticmethod(get_criterion)
    edit = staticmethod(editing.edit_criterion)
    remove = staticmethod(editing.delete_criterion)


@extend_schema(methods=["GET"], responses=SectionSerializer(many=True))
@extend_schema(methods=["POST"], responses={201: SectionSerializer})
class Sections(PartList):
    serializer_class = SectionSerializer
    add = staticmethod(editing.add_section)

    @staticmethod
    def parts(question: Question) -> Any:
        return Section.objects.live().filter(question=question).select_related("parent")


class SectionDetail(PartDetail):
    serializer_class = SectionSerializer
    fetch = staticmethod(get_section)
    edit = staticmethod(editing.edit_section)
    remove = staticmethod(editing.delete_section)
