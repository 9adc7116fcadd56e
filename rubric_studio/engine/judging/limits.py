"""How many calls an endpoint takes at once, learnt from its refusals."""

import asyncio
from collections import deque
from typing import Protocol


class Limiter(Protocol):
    """A limit on calls in flight. Several sessions, in any process, may share what is behind it."""

    @property
    def most(self) -> int:
        """The most calls that are ever in flight, >= 1."""
        ...

    async def acquire(self) -> int:
        """Wait for a slot and for the end of any silence; a ticket to release it with."""
        ...

    async def release(self, ticket: int, silence: float | None = None) -> None:
        """Give the slot back. `silence`: the endpoint asked for no call for so many seconds."""
        ...


class AdaptiveLimiter:
    """A limit within one event loop: a refusal halves it, calls that pass win it back.

    Additive increase by one per round of calls, multiplicative decrease (Chiu and Jain, 1989).
    Refusals of calls that began before the last halving count once.
    """

    def __init__(self, most: int) -> None:
        if most < 1:
            raise ValueError("Allow at least one call at a time.")
        self._most = most
        self._allowed = float(most)
        self._in_use = 0
        self._halvings = 0
        self._silent_until = 0.0  # on the event loop's clock
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def most(self) -> int:
        return self._most

    async def acquire(self) -> int:
        loop = asyncio.get_running_loop()
        while self._in_use >= int(self._allowed) or self.is_silent:
            turn = loop.create_future()
            self._waiting.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                self._wake()  # the turn may have been given just now: pass it on
                raise
        self._in_use += 1
        return self._halvings

    async def release(self, ticket: int, silence: float | None = None) -> None:
        self._in_use -= 1
        if silence is None:
            self._allowed = min(self._most, self._allowed + 1 / self._allowed)
            self._wake()
            return
        if ticket == self._halvings:
            self._halvings += 1
            self._allowed = max(1.0, self._allowed / 2)
        self.be_silent(silence)

    @property
    def is_silent(self) -> bool:
        """Whether the endpoint asked for no call just now."""
        return asyncio.get_running_loop().time() < self._silent_until

    def be_silent(self, seconds: float) -> None:
        """Begin no call for so many seconds, or for as long as was asked before if that is longer.
        Called from the event loop."""
        loop = asyncio.get_running_loop()
        self._silent_until = max(self._silent_until, loop.time() + seconds)
        loop.call_at(self._silent_until, self._wake)

    def _wake(self) -> None:
        free = int(self._allowed) - self._in_use
        while free > 0 and self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                free -= 1
