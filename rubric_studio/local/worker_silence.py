"""How long nothing was heard of the worker, measured where it is supervised.

By this process's own steady clock: a machine that slept, or whose clock was set, has not made the
worker silent.
"""

import time
from dataclasses import dataclass, field

# Where grading.working.heartbeat leaves its mark: Django's cache puts prefix and version before it.
KEY = "rs:1:worker-heartbeat"


@dataclass(eq=False)
class WorkerSilence:
    """`limit`: seconds without a new heartbeat that are too long; it is read `every` so many."""

    redis_url: str
    limit: float = 60.0
    every: float = 5.0
    _mark: bytes | str | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        # Here, so that the supervisor's own start does not wait for it.
        from redis import Redis

        self._client = Redis.from_url(
            self.redis_url, socket_timeout=2, socket_connect_timeout=2, retry=None
        )
        self.begin()

    def begin(self) -> None:
        """Count from now: the worker has just been started."""
        self._heard_at = time.monotonic()
        self._reads_at = self._heard_at + self.every

    def is_too_long(self) -> bool:
        """Whether the limit is over; never while the broker itself does not answer."""
        from redis.exceptions import RedisError

        if time.monotonic() < self._reads_at:
            return False
        try:
            mark = self._client.get(KEY)
        except (RedisError, OSError):
            # Silence says nothing where nothing can be heard.
            self.begin()
            return False
        now = time.monotonic()
        self._reads_at = now + self.every
        if mark != self._mark:
            self._mark, self._heard_at = mark, now
        return now - self._heard_at >= self.limit
