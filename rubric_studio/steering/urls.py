from django.urls import URLPattern, URLResolver, path

from rubric_studio.steering import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("q/<uuid:pk>/steering", views.steering, name="steering"),
]
