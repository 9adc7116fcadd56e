"""The one event loop of a worker process, in a thread of its own, with its open connections.

Django's database code runs in the main thread only; judge calls only here.
"""

import asyncio
import atexit
import os
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from redis.asyncio import Redis

from rubric_studio.engine.judging.addresses import AddressGuard
from rubric_studio.engine.judging.breaker import Breaker
from rubric_studio.engine.judging.client import JudgeClient
from rubric_studio.engine.judging.endpoint import Endpoint
from rubric_studio.grading.judges.endpoints import allowed_addresses
from rubric_studio.grading.models import Judge
from rubric_studio.grading.working.slots import SharedLimiter

MOST_CLIENTS = 4  # judges whose connections stay open

ClientKey = tuple[Endpoint, tuple[str, ...]]

_starting = threading.Lock()  # a web process has several threads that may ask first


@dataclass
class JudgingLoop:
    """Made in the process that uses it: a loop does not survive a fork."""

    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    clients: list[tuple[ClientKey, JudgeClient]] = field(default_factory=list)
    limiters: dict[tuple[str, int], SharedLimiter] = field(default_factory=dict)
    breakers: dict[UUID, Breaker] = field(default_factory=dict)
    redis: Redis | None = None
    closing: set[asyncio.Task[None]] = field(default_factory=set)

    def start(self) -> None:
        threading.Thread(target=self.loop.run_forever, name="judging", daemon=True).start()
        atexit.register(self.close)

    def close(self) -> None:
        """Close every connection; where the process is killed the system does."""
        self.run(self._close()).result(timeout=5)
        self.loop.call_soon_threadsafe(self.loop.stop)

    async def _close(self) -> None:
        for _, client in self.clients:
            await client.__aexit__(None, None, None)
        if self.redis is not None:
            await self.redis.aclose()

    def run[T](self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Start the work in the loop; called from any other thread."""
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    async def client_for(self, endpoint: Endpoint) -> JudgeClient:
        """An open client, kept for the next answer: a new one costs every connection anew."""
        key = (endpoint, allowed_addresses())
        for number, (known, client) in enumerate(self.clients):
            if known == key:
                self.clients.append(self.clients.pop(number))
                return client
        client = JudgeClient(
            endpoint, AddressGuard(key[1]), connections=settings.GRADING_CALLS_IN_FLIGHT
        )
        await client.__aenter__()
        self.clients.append((key, client))
        if len(self.clients) > MOST_CLIENTS:
            _, oldest = self.clients.pop(0)
            # Not at once: another thread's call may be in flight.
            self.loop.call_later(2 * oldest.endpoint.timeout, self._let_go, oldest)
        return client

    def _let_go(self, client: JudgeClient) -> None:
        closing = self.loop.create_task(client.__aexit__(None, None, None))
        self.closing.add(closing)
        closing.add_done_callback(self.closing.discard)

    def breaker_for(self, judge: Judge) -> Breaker:
        """What this process counts of the judge's failures, from one session to the next."""
        return self.breakers.setdefault(judge.pk, Breaker())

    def limiter_for(self, judge: Judge) -> SharedLimiter:
        """The judge's limit, kept: what refusals taught stays known."""
        if self.redis is None:
            self.redis = Redis.from_url(
                settings.CELERY_BROKER_URL, socket_timeout=2, socket_connect_timeout=2
            )
        key = (str(judge.pk), judge.concurrency)
        if key not in self.limiters:
            most_here = settings.GRADING_CALLS_IN_FLIGHT
            self.limiters[key] = SharedLimiter(
                self.redis, key[0], f"{os.uname().nodename}:{os.getpid()}", key[1], most_here
            )
        return self.limiters[key]


def judging_loop() -> JudgingLoop:
    """This process's loop, started when it is first asked for."""
    with _starting:
        return _loop_of(os.getpid())


@cache
def _loop_of(process: int) -> JudgingLoop:
    judging = JudgingLoop()
    judging.start()
    return judging
