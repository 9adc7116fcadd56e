from django.apps import AppConfig


class RubricsConfig(AppConfig):
    name = "rubric_studio.rubrics"
