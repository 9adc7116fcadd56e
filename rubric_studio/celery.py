"""The Celery app. Its settings are the CELERY_ names in settings.py."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rubric_studio.settings")

app = Celery("rubric_studio")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
