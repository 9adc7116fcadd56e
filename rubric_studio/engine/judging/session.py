"""Many cells, one judge: calls in flight, retries, rate limits, stopping."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from rubric_studio.engine.judging.breaker import Breaker, Doubt
from rubric_studio.engine.judging.cases import Cases
from rubric_studio.engine.judging.client import Completion, JudgeClient
from rubric_studio.engine.judging.failures import (
    JudgeError,
    JudgeRefused,
    JudgeUnavailable,
    RateLimited,
)
from rubric_studio.engine.judging.limits import AdaptiveLimiter, Limiter
from rubric_studio.engine.judging.outcome import (
    Case,
    Cell,
    Outcome,
    SessionEnd,
    prompt_of,
)
from rubric_studio.engine.judging.patience import Patience
from rubric_studio.engine.judging.prompt import Prompt, PromptError

__all__ = ["Cell", "Outcome", "SessionEnd", "judge_cells"]

STOP_POLL = 0.2  # seconds between two looks at should_stop

type MaybeAwaitable[T] = T | Awaitable[T]


async def judge_cells(
    client: JudgeClient,
    cells: Sequence[Cell],
    *,
    limit: Limiter | int,
    on_result: Callable[[Cell, Outcome], None],
    should_stop: Callable[[], MaybeAwaitable[bool]] | None = None,
    before_call: Callable[[Cell], MaybeAwaitable[bool]] | None = None,
    breaker: Breaker | None = None,
    max_attempts: int = 4,
    max_rate_limited_wait: float = 600.0,
    backoff: float = 0.5,
    longest_backoff: float = 30.0,
    stop_grace: float = 1.0,
) -> SessionEnd:
    """Judge every cell with one call each, and hand each result to `on_result` as it comes.

    What is temporary (and a reply that cannot be read) is tried up to `max_attempts` times, with
    full jitter between 0 and `backoff` * 2^n seconds, at most `longest_backoff`. A rate limit
    burns no attempt: all calls wait as long as the judge asks, and the session ends with cells
    left when that would exceed `max_rate_limited_wait` seconds without a single reply.
    `should_stop` is asked five times a second; once true no call begins, and calls in flight have
    `stop_grace` seconds to end. `before_call` returning False (no money left) ends the session once
    the calls in flight are answered. A refusal that every call would meet fails the remaining
    cells without calling. With a `breaker`, cells that the endpoint's own trouble ended fail only
    once it has replied again, else they are left with that error; when the breaker opens, no call
    begins, and all others are left without a burnt attempt. Errors of the callbacks are raised as
    they are.
    """
    patience = Patience(max_attempts, max_rate_limited_wait, backoff, longest_backoff)
    session = _Session(
        client=client,
        cases=Cases(client.endpoint, on_result, patience, Doubt(breaker)),
        limiter=AdaptiveLimiter(limit) if isinstance(limit, int) else limit,
        should_stop=should_stop,
        before_call=before_call,
        stop_grace=stop_grace,
    )
    return await session.run(cells)


@dataclass(eq=False, slots=True, kw_only=True)
class _Session:
    client: JudgeClient
    cases: Cases
    limiter: Limiter
    should_stop: Callable[[], MaybeAwaitable[bool]] | None
    before_call: Callable[[Cell], MaybeAwaitable[bool]] | None
    stop_grace: float
    calling: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self, cells: Sequence[Cell]) -> SessionEnd:
        self.cases.take_in(cells)
        if self.cases.open:
            try:
                async with asyncio.TaskGroup() as group:
                    await self._work_until_over(group)
            except ExceptionGroup as errors:
                raise errors.exceptions[0] from None
        return self.cases.close()

    async def _work_until_over(self, group: asyncio.TaskGroup) -> None:
        workers = [
            group.create_task(self._work())
            for _ in range(min(len(self.cases.open), self.limiter.most))
        ]
        watcher = group.create_task(self._watch())
        await self.cases.over.wait()
        for worker in workers:
            if worker not in self.calling:
                worker.cancel()
        await self._let_calls_end()
        for task in (*workers, watcher):
            task.cancel()

    async def _let_calls_end(self) -> None:
        """Calls in flight are paid for, so they may end; a stop leaves them `stop_grace`."""
        deadline: float | None = None
        while self.calling:
            await asyncio.wait(self.calling, timeout=STOP_POLL / 2)
            if self.cases.reason == "stopped":
                deadline = deadline or time.monotonic() + self.stop_grace
                if time.monotonic() >= deadline:
                    return

    async def _watch(self) -> None:
        if self.should_stop is None:
            return
        while not await _awaited(self.should_stop()):
            await asyncio.sleep(STOP_POLL)
        self.cases.end("stopped")

    async def _work(self) -> None:
        while not self.cases.over.is_set():
            await self._take(await self.cases.queue.get())

    async def _take(self, case: Case) -> None:
        if not self.cases.doubt.may_call(case):
            return
        try:
            prompt = prompt_of(case.cell)
        except PromptError as error:
            self.cases.fail(case, "not_askable", error.message)
            return
        # Leave first, then a slot: who holds a slot must never wait for money that somebody without
        # a slot holds.
        if not await self._may_call(case):
            return
        ticket = await self.limiter.acquire()
        task = asyncio.current_task()
        assert task is not None
        self.calling.add(task)
        silence = None
        try:
            if not self.cases.over.is_set():
                silence = await self._call(case, prompt)
        finally:
            await self.limiter.release(ticket, silence)
            self.calling.discard(task)

    async def _may_call(self, case: Case) -> bool:
        if self.cases.over.is_set():
            return False
        if self.before_call is not None and not await _awaited(self.before_call(case.cell)):
            self.cases.end("budget")
        return not self.cases.over.is_set()

    async def _call(self, case: Case, prompt: Prompt) -> float | None:
        """One call and what follows from it; seconds of silence if the judge asks for them."""
        try:
            completion = await self._complete(case, prompt)
        except RateLimited as error:
            return self.cases.rate_limited(case, error)
        except JudgeUnavailable as error:
            self.cases.unavailable(case, error)
        except JudgeRefused as error:
            self.cases.refused(case, error)
        else:
            self.cases.replied(case, prompt, completion)
        return None

    async def _complete(self, case: Case, prompt: Prompt) -> Completion:
        """One reply; whatever comes instead, the case keeps how the call ended."""
        case.begin(prompt)
        try:
            completion = await self.client.complete(prompt, structured=not case.wants_plain_json)
        except JudgeError as error:
            case.end(error.code, error.message)
            raise
        except asyncio.CancelledError:
            case.end("given_up", "The run stopped before the judge replied.")
            raise
        case.end()
        case.count(completion)
        return completion


async def _awaited[T](value: MaybeAwaitable[T]) -> T:
    return await value if inspect.isawaitable(value) else value
