from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "rubric_studio.api"
