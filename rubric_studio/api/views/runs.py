from typing import Any, ClassVar

from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from rubric_studio.accounts.access import MAY_EDIT
from rubric_studio.accounts.models import Scope, User
from rubric_studio.api.pagination import CreatedCursor
from rubric_studio.api.serializers.grading import (
    GradeSerializer,
    JudgeSerializer,
    RunResumeSerializer,
    RunSerializer,
    RunStartSerializer,
)
from rubric_studio.api.views.base import Resource, bad_input, pick_by_id
from rubric_studio.engine.document.problems import Problem
from rubric_studio.grading.access import get_run
from rubric_studio.grading.answers.knowing import note_seen
from rubric_studio.grading.judges.editing import add_judge, judges_for
from rubric_studio.grading.labelling.blindness import open_run, require_finished, still_to_label
from rubric_studio.grading.models import Judge, Run
from rubric_studio.grading.runs.progress import progress_of
from rubric_studio.grading.runs.starting import cancel_run, resume_run, start_run
from rubric_studio.grading.scores import scores_of
from rubric_studio.rubrics.access import get_question
from rubric_studio.rubrics.models import Question
from rubric_studio.steering.reading import read_report
from rubric_studio.steering.report import report_json
from rubric_studio.steering.verdict_sources import verdict_sources


class Judges(Resource):
    """The judges of your teams. A key goes in and never comes out."""

    scopes: ClassVar = {"GET": Scope.RUBRICS_READ, "POST": Scope.RUNS_WRITE}
    serializer_class = JudgeSerializer

    @extend_schema(responses=JudgeSerializer(many=True))
    def get(self, request: Request) -> Response:
        for team in self.member.teams.all():
            judges_for(team)
        judges = Judge.objects.visible_to(self.member).live().prefetch_related("members")
        return self.page(judges, JudgeSerializer)

    @extend_schema(responses={201: JudgeSerializer})
    @method_decorator(sensitive_variables())
    def post(self, request: Request) -> Response:
        given = self.read(JudgeSerializer)
        team = self.team_named(given.pop("team_id", None))
        judge = add_judge(team, self.member, **given)
        return Response(JudgeSerializer(judge).data, status=201)


def run_json(run: Run, member: User) -> Any:
    """A run with its progress and scores, all counted from rows; without the scores of answers
    that this member has still to label."""
    hidden = still_to_label(run.question, member)
    scores = [
        {
            "answer": str(scored.answer.pk),
            "score": scored.score.score if scored.score else None,
            "coverage": float(scored.score.coverage) if scored.score else 0.0,
            "low": scored.score.low_float if scored.score else None,
            "high": scored.score.high_float if scored.score else None,
        }
        for scored in scores_of(run)
        if scored.answer.pk not in hidden
    ]
    shown = {
        "id": run.pk,
        "status": run.status,
        "question": run.question_id,
        "version": run.version_id,
        "document_hash": run.document_hash,
        "judge": run.judge_id,
        "repeats": run.repeats,
        "criteria_per_call": run.criteria_per_call,
        "budget": run.budget,
        "progress": progress_of(run),
        "calls": run.calls,
        "cost": run.cost,
        "estimate": run.estimate,
        "panel": run.panel_id,
        "members": run.members.order_by("ordinal") if run.judge and run.judge.is_panel else [],
        "scores": scores,
        "created_at": run.created_at,
        "finished_at": run.finished_at,
    }
    return RunSerializer(shown).data


class Runs(Resource):
    scopes: ClassVar = {"GET": Scope.RUBRICS_READ, "POST": Scope.RUNS_WRITE}
    serializer_class = RunStartSerializer

    @extend_schema(request=RunStartSerializer, responses={202: RunSerializer})
    def post(self, request: Request, pk: str) -> Response:
        question = get_question(self.member, pk, MAY_EDIT)
        given = self.read(RunStartSerializer)
        chosen = self._chosen(question, given)
        run = start_run(
            question,
            self.member,
            **chosen,
            repeats=given["repeats"],
            criteria_per_call=given["criteria_per_call"],
            budget=given["budget"],
        )
        location = request.build_absolute_uri(reverse("api-run", args=[run.pk]))
        return Response(run_json(run, self.member), status=202, headers={"Location": location})

    def _chosen(self, question: Question, given: dict[str, Any]) -> dict[str, Any]:
        judge = version = answers = None
        if given["judge"] is not None:
            rows = judges_for(question.collection.team)
            (judge,) = pick_by_id(rows, [given["judge"]], "/judge")
        if given["version"] != "draft":
            (version,) = pick_by_id(question.versions.all(), [given["version"]], "/version")
        if given["answers"] is not None:
            answers = pick_by_id(question.answers.live(), given["answers"], "/answers")
        return {"judge": judge, "version": version, "answers": answers}


class RunDetail(Resource):
    scopes: ClassVar = {"GET": Scope.RUBRICS_READ}
    serializer_class = RunSerializer

    def get(self, request: Request, pk: str) -> Response:
        run = get_run(self.member, pk)
        note_seen(run, self.member)
        return Response(run_json(run, self.member))


class GradeCursor(CreatedCursor):
    ordering = ("run_id", "pk")
    page_size = 500
    max_page_size = 5000


class RunGrades(Resource):
    scopes: ClassVar = {"GET": Scope.RUBRICS_READ}
    serializer_class = GradeSerializer
    pagination_class = GradeCursor

    @extend_schema(responses=GradeSerializer(many=True))
    def get(self, request: Request, pk: str) -> Response:
        run = get_run(self.member, pk)
        hidden = open_run(run, self.member)
        shown = run.grades.exclude(run_answer__answer__in=hidden)
        return self.page(shown.select_related("run_answer"), GradeSerializer)


class RunCancel(Resource):
    """Takes effect within two seconds; what was graded is kept."""

    scopes: ClassVar = {"POST": Scope.RUNS_WRITE}
    serializer_class = RunSerializer

    @extend_schema(request=None, responses={200: RunSerializer})
    def post(self, request: Request, pk: str) -> Response:
        run = get_run(self.member, pk, MAY_EDIT)
        cancel_run(run, self.member)
        run.refresh_from_db()
        return Response(run_json(run, self.member))


class RunResume(Resource):
    """Judges again what has no verdict and was not abstained from; what was graded stands."""

    scopes: ClassVar = {"POST": Scope.RUNS_WRITE}
    serializer_class = RunResumeSerializer

    @extend_schema(request=RunResumeSerializer, responses={202: RunSerializer})
    def post(self, request: Request, pk: str) -> Response:
        run = get_run(self.member, pk, MAY_EDIT)
        given = self.read(RunResumeSerializer)
        resume_run(run, self.member, given["budget"])
        run.refresh_from_db()
        return Response(run_json(run, self.member), status=202)


class RunSteering(Resource):
    """The report. A large one is measured by a worker; until then 202, with when to ask again."""

    scopes: ClassVar = {"GET": Scope.RUBRICS_READ}

    @extend_schema(
        parameters=[OpenApiParameter("verdicts", str)],
        responses={200: OpenApiTypes.OBJECT, 202: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request, pk: str) -> Response:
        run = get_run(self.member, pk)
        require_finished(run.question, self.member)
        sources = verdict_sources(run)
        key = request.query_params.get("verdicts", "run")
        if key not in sources.keys:
            known = ", ".join(sources.keys)
            raise bad_input((Problem("/verdicts", f"verdicts is one of: {known}."),))
        reading = read_report(*sources.pick(key))
        if reading.report is None or not (reading.is_current or run.is_live):
            detail = "The report is being measured. Ask again in a few seconds."
            return Response({"detail": detail}, status=202, headers={"Retry-After": "3"})
        note_seen(run, self.member)
        said = {"measured_at": reading.measured_at, "is_current": reading.is_current}
        return Response(report_json(reading.report) | said)
