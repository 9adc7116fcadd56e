from django.apps import AppConfig


class LocalConfig(AppConfig):
    name = "rubric_studio.local"
