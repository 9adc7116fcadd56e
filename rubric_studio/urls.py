"""Every address. Each app lists its own; names are used in templates and code."""

from django.urls import include, path

urlpatterns = [
    path("", include("rubric_studio.accounts.urls")),
    path("", include("rubric_studio.rubrics.urls")),
    path("", include("rubric_studio.grading.urls")),
    path("", include("rubric_studio.steering.urls")),
    path("api/v1/", include("rubric_studio.api.urls")),
]

handler500 = "rubric_studio.api.fallback.server_error"
