"""Telling /healthz that a worker lives: as soon as it is ready, then with every sweep."""

import logging
import time
from typing import Any

from celery.signals import worker_ready
from django.core.cache import cache
from redis.exceptions import RedisError

from rubric_studio.health import HEARTBEAT

logger = logging.getLogger(__name__)


def note_heartbeat() -> None:
    """Write down, as a Unix time, that a worker is at work."""
    try:
        cache.set(HEARTBEAT, time.time(), timeout=300)
    except (RedisError, OSError) as error:
        logger.warning("The heartbeat can't be written: %s", error)


@worker_ready.connect
def _ready(**_: Any) -> None:
    note_heartbeat()
