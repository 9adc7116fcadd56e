from functools import partial
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from rubric_studio.accounts.access import MAY_EDIT, MAY_LABEL
from rubric_studio.accounts.models import Scope
from rubric_studio.api.pagination import CreatedCursor
from rubric_studio.api.serializers.grading import (
    AdjudicationSerializer,
    AnswerSerializer,
    ComparisonSerializer,
    LabelSerializer,
)
from rubric_studio.api.views.base import Resource, pick_by_id
from rubric_studio.grading.access import get_answer
from rubric_studio.grading.answers.comparisons import compare_answers
from rubric_studio.grading.answers.editing import add_answer, delete_answer, edit_answer
from rubric_studio.grading.answers.knowing import known_to
from rubric_studio.grading.labelling.adjudicating import settle
from rubric_studio.grading.labelling.blindness import require_labelled, still_to_label
from rubric_studio.grading.labels import set_label
from rubric_studio.grading.models import Adjudication, Label
from rubric_studio.rubrics.access import get_question


class AnswerCursor(CreatedCursor):
    ordering = ("ordinal", "pk")


class Answers(Resource):
    scopes: ClassVar = {"GET": Scope.RUBRICS_READ, "POST": Scope.RUBRICS_WRITE}
    serializer_class = AnswerSerializer
    pagination_class = AnswerCursor

    @extend_schema(responses=AnswerSerializer(many=True))
    def get(self, request: Request, pk: str) -> Response:
        return self.page(
            get_question(self.member, pk).answers.live().select_related("probe"), AnswerSerializer
        )

    @extend_schema(responses={201: AnswerSerializer})
    def post(self, request: Request, pk: str) -> Response:
        question = get_question(self.member, pk, MAY_EDIT)
        given: dict[str, Any] = self.read(AnswerSerializer)
        answer = add_answer(question, self.member, **given)
        return Response(AnswerSerializer(answer).data, status=201)


class AnswerDetail(Resource):
    scopes: ClassVar = {
        "GET": Scope.RUBRICS_READ,
        "PATCH": Scope.RUBRICS_WRITE,
        "DELETE": Scope.RUBRICS_WRITE,
    }
    serializer_class = AnswerSerializer

    def get(self, request: Request, pk: str) -> Response:
        return Response(AnswerSerializer(get_answer(self.member, pk)).data)

    def patch(self, request: Request, pk: str) -> Response:
        answer = get_answer(self.member, pk, MAY_EDIT)
        changes: dict[str, Any] = self.read(AnswerSerializer, partial=True)
        answer = edit_answer(answer, self.member, **changes)
        return Response(AnswerSerializer(answer).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: str) -> Response:
        delete_answer(get_answer(self.member, pk, MAY_EDIT), self.member)
        return Response(status=204)


class Labels(Resource):
    """The current labels of an answer; yours replace your own, the older ones are kept. Whoever was
    asked to label it sees only their own until they have finished."""

    scopes: ClassVar = {"GET": Scope.RUBRICS_READ, "POST": Scope.RUBRICS_WRITE}
    serializer_class = LabelSerializer

    @extend_schema(responses=LabelSerializer(many=True))
    def get(self, request: Request, pk: str) -> Response:
        answer = get_answer(self.member, pk)
        rows = Label.objects.filter(answer=answer).current().select_related("author")
        if answer.pk in still_to_label(answer.question, self.member):
            rows = rows.filter(author=self.member, imported_from="")
        return self.page(rows, LabelSerializer)

    @extend_schema(responses={201: LabelSerializer})
    def post(self, request: Request, pk: str) -> Response:
        answer = get_answer(self.member, pk, MAY_LABEL)
        given = self.read(LabelSerializer)
        label = set_label(
            answer,
            given["criterion_key"],
            self.member,
            verdict=given["verdict"],
            note=given.get("note", ""),
        )
        return Response(LabelSerializer(label).data, status=201)


class Adjudications(Resource):
    """What was settled where experts disagree. Labels stay beside it, and so do older rows."""

    scopes: ClassVar = {"GET": Scope.RUBRICS_READ, "POST": Scope.RUBRICS_WRITE}
    serializer_class = AdjudicationSerializer

    @extend_schema(responses=AdjudicationSerializer(many=True))
    def get(self, request: Request, pk: str) -> Response:
        answer = get_answer(self.member, pk)
        require_labelled(answer, self.member)
        rows = Adjudication.objects.filter(answer=answer).current().select_related("author")
        return self.page(rows, AdjudicationSerializer)

    @extend_schema(responses={201: AdjudicationSerializer})
    def post(self, request: Request, pk: str) -> Response:
        answer = get_answer(self.member, pk, MAY_EDIT)
        given = self.read(AdjudicationSerializer)
        settled = settle(
            answer,
            given["criterion_key"],
            self.member,
            verdict=given["verdict"],
            note=given["note"],
        )
        return Response(AdjudicationSerializer(settled).data, status=201)


class Comparisons(Resource):
    scopes: ClassVar = {"GET": Scope.RUBRICS_READ, "POST": Scope.RUBRICS_WRITE}
    serializer_class = ComparisonSerializer

    @extend_schema(responses=ComparisonSerializer(many=True))
    def get(self, request: Request, pk: str) -> Response:
        question = get_question(self.member, pk)
        shown = partial(ComparisonSerializer, context={"known": known_to(question)})
        return self.page(question.comparisons.select_related("author"), shown)

    @extend_schema(responses={201: ComparisonSerializer})
    def post(self, request: Request, pk: str) -> Response:
        question = get_question(self.member, pk, MAY_LABEL)
        given = self.read(ComparisonSerializer)
        answers = question.answers.live()
        (better,) = pick_by_id(answers, [given["better_id"]], "/better")
        (worse,) = pick_by_id(answers, [given["worse_id"]], "/worse")
        comparison = compare_answers(better, worse, self.member, is_tie=given["is_tie"])
        shown = ComparisonSerializer(comparison, context={"known": known_to(question)})
        return Response(shown.data, status=201)
