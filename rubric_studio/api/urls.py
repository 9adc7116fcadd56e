"""Every address of the REST interface."""

from django.urls import path, re_path
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularAPIView

from rubric_studio.api.fallback import no_such_address
from rubric_studio.api.views import agreement, answers, collections, parts, questions, runs

schema = SpectacularAPIView.as_view(
    renderer_classes=[OpenApiJsonRenderer, OpenApiJsonRenderer2, OpenApiYamlRenderer]
)

urlpatterns = [
    path("schema", schema, name="api-schema"),
    path("collections", collections.Collections.as_view()),
    path("collections/<slug:slug>", collections.CollectionDetail.as_view()),
    path("collections/<slug:slug>/imports", collections.CollectionImport.as_view()),
    path("collections/<slug:slug>/export", collections.CollectionExport.as_view()),
    path("collections/<slug:slug>/agreement", agreement.CollectionAgreement.as_view()),
    path("collections/<slug:slug>/questions", questions.Questions.as_view()),
    path("questions/<str:pk>", questions.QuestionDetail.as_view()),
    path("questions/<str:pk>/sections", parts.Sections.as_view()),
    path("sections/<str:pk>", parts.SectionDetail.as_view()),
    path("questions/<str:pk>/criteria", parts.Criteria.as_view()),
    path("criteria/<str:pk>", parts.CriterionDetail.as_view()),
    path("questions/<str:pk>/draft", questions.QuestionDraft.as_view()),
    path("questions/<str:pk>/versions", questions.QuestionVersions.as_view()),
    path("versions/<str:pk>", questions.VersionDetail.as_view(), name="api-version"),
    path("versions/<str:pk>/document", questions.VersionDocument.as_view(), name="api-document"),
    path("questions/<str:pk>/answers", answers.Answers.as_view()),
    path("answers/<str:pk>", answers.AnswerDetail.as_view()),
    path("questions/<str:pk>/comparisons", answers.Comparisons.as_view()),
    path("answers/<str:pk>/labels", answers.Labels.as_view()),
    path("answers/<str:pk>/adjudications", answers.Adjudications.as_view()),
    path("judges", runs.Judges.as_view()),
    path("questions/<str:pk>/runs", runs.Runs.as_view()),
    path("runs/<str:pk>", runs.RunDetail.as_view(), name="api-run"),
    path("runs/<str:pk>/grades", runs.RunGrades.as_view()),
    path("runs/<str:pk>/cancel", runs.RunCancel.as_view()),
    path("runs/<str:pk>/resume", runs.RunResume.as_view()),
    path("runs/<str:pk>/steering", runs.RunSteering.as_view()),
    re_path(r"^", no_such_address),
]
