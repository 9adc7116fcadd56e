from django.apps import AppConfig


class GradingConfig(AppConfig):
    name = "rubric_studio.grading"

    def ready(self) -> None:
        # shared_task needs the configured app in every process, web included.
        from rubric_studio import celery  # noqa: F401
        from rubric_studio.grading.judges import settings_checks  # noqa: F401
