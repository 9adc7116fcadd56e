import time

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection

from rubric_studio import health

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_worker_yet():
    cache.delete(health.HEARTBEAT)


def test_all_well(client):
    cache.set(health.HEARTBEAT, time.time())
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "broker": "ok", "worker": "ok"}
    assert "no-store" in answer["Cache-Control"]


def test_missing_worker_is_told_and_the_rest_is_ok(client):
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["database"] == answer.json()["broker"] == "ok"
    assert "celery -A rubric_studio worker" in answer.json()["worker"]


def test_silent_worker_is_told(client):
    cache.set(health.HEARTBEAT, time.time() - 61)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "has not reported for 61 s" in answer.json()["worker"]


def test_lost_broker_is_told(client, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "Check REDIS_URL" in answer.json()["broker"]
    assert answer.json()["database"] == "ok"


def test_lost_database_is_told(client):
    def gone(*args):
        raise OperationalError("password=secret")

    with connection.execute_wrapper(gone):
        answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "Check DATABASE_URL" in answer.json()["database"]
    assert "secret" not in answer.content.decode()


def test_health_is_read_only(client):
    assert client.post("/healthz").status_code == 405
