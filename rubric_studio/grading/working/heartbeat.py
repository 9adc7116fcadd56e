"""Telling /healthz that a worker lives: from its parent process, so that it is heard while the
children are busy with a slow judge, and with every sweep."""

import logging
import time
from typing import Any

from celery.signals import worker_ready
from django.core.cache import cache
from redis.exceptions import RedisError

from rubric_studio.health import HEARTBEAT

EVERY = 10.0  # seconds

logger = logging.getLogger(__name__)


def note_heartbeat() -> None:
    """Write down, as a Unix time, that a worker is at work."""
    try:
        # A whole number is kept as it is, so that the supervisor can see it change.
        cache.set(HEARTBEAT, int(time.time()), timeout=300)
    except (RedisError, OSError) as error:
        logger.warning("The heartbeat can't be written: %s", error)


@worker_ready.connect
def _ready(sender: Any, **_: Any) -> None:
    note_heartbeat()
    sender.timer.call_repeatedly(EVERY, note_heartbeat)
