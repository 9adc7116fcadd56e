from django.apps import AppConfig


class SteeringConfig(AppConfig):
    name = "rubric_studio.steering"
