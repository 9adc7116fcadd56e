from django.urls import URLPattern, URLResolver, path

from rubric_studio.steering import views
from rubric_studio.steering.collection.views import collection_agreement

urlpatterns: list[URLPattern | URLResolver] = [
    path("q/<uuid:pk>/steering", views.steering, name="steering"),
    path("q/<uuid:pk>/steering/freshness", views.freshness, name="freshness"),
    path("q/<uuid:pk>/moved", views.moved, name="moved"),
    path("q/<uuid:pk>/tested-draft", views.tested_draft, name="tested-draft"),
    path("q/<uuid:pk>/run-again", views.run_again, name="run-again"),
    path("c/<slug:slug>/agreement", collection_agreement, name="collection-agreement"),
]
