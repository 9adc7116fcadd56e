"""Whether the parts that the app leans on answer."""

import time

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

OK = "ok"
# The cache's key under which a worker notes, as a Unix time, when it last swept.
HEARTBEAT = "worker-heartbeat"
# A worker that has not reported for this many seconds is taken for gone.
SILENCE = 60


def database_health() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return f"PostgreSQL does not answer. Check DATABASE_URL and the server. ({_reason(error)})"
    return OK


def broker_health() -> str:
    try:
        with redis.Redis.from_url(
            settings.CELERY_BROKER_URL, socket_timeout=2, socket_connect_timeout=2
        ) as client:
            client.ping()
    except redis.RedisError as error:
        return f"Redis or Valkey does not answer. Check REDIS_URL. ({_reason(error)})"
    return OK


def worker_health() -> str:
    try:
        beat = cache.get(HEARTBEAT)
    except redis.RedisError:
        return "Not known: the worker reports through the broker, which does not answer."
    if beat is None:
        return "No worker has reported yet. Start one: celery -A rubric_studio worker --beat"
    silent = time.time() - float(beat)
    if silent >= SILENCE:
        return f"The worker has not reported for {silent:.0f} s. Look at its log, start it again."
    return OK


def _reason(error: Exception) -> str:
    """Only the kind: addresses and names of a failed connection are nobody's business."""
    return type(error).__name__


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    parts = {
        "database": database_health(),
        "broker": broker_health(),
        "worker": worker_health(),
    }
    response = JsonResponse(parts, status=200 if set(parts.values()) == {OK} else 503)
    # Whoever asks is told; a probe every few seconds would fill the log with the same line.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
