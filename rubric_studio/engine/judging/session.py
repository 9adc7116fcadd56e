"""Many cells, one judge: calls in flight, retries, rate limits, stopping."""

import asyncio
import inspect
import random
import time
from collections.abc import Awaitable, Callable, Sequence

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
    EndReason,
    Outcome,
    SessionEnd,
)
from rubric_studio.engine.judging.prompt import Prompt, PromptError, build_prompt
from rubric_studio.engine.judging.reply import ReplyError, parse_reply

__all__ = ["Cell", "Outcome", "SessionEnd", "judge_cells"]

STOP_POLL = 0.2  # seconds between two looks at should_stop
LONGEST_SILENCE = 60.0  # seconds, when a judge refuses without saying for how long
REFUSALS_TO_GIVE_UP = 3  # in a row, of the kind that every call would meet

type MaybeAwaitable[T] = T | Awaitable[T]


async def judge_cells(
    client: JudgeClient,
    cells: Sequence[Cell],
    *,
    limit: Limiter | int,
    on_result: Callable[[Cell, Outcome], None],
    should_stop: Callable[[], MaybeAwaitable[bool]] | None = None,
    before_call: Callable[[Cell], MaybeAwaitable[bool]] | None = None,
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
    cells without calling. Errors of the callbacks are raised as they are.
    """
    session = _Session(
        client=client,
        limiter=AdaptiveLimiter(limit) if isinstance(limit, int) else limit,
        on_result=on_result,
        should_stop=should_stop,
        before_call=before_call,
        max_attempts=max_attempts,
        max_rate_limited_wait=max_rate_limited_wait,
        backoff=backoff,
        longest_backoff=longest_backoff,
        stop_grace=stop_grace,
    )
    return await session.run(cells)


class _Session:
    def __init__(
        self,
        *,
        client: JudgeClient,
        limiter: Limiter,
        on_result: Callable[[Cell, Outcome], None],
        should_stop: Callable[[], MaybeAwaitable[bool]] | None,
        before_call: Callable[[Cell], MaybeAwaitable[bool]] | None,
        max_attempts: int,
        max_rate_limited_wait: float,
        backoff: float,
        longest_backoff: float,
        stop_grace: float,
    ) -> None:
        self.client = client
        self.limiter = limiter
        self.on_result = on_result
        self.should_stop = should_stop
        self.before_call = before_call
        self.max_attempts = max_attempts
        self.max_rate_limited_wait = max_rate_limited_wait
        self.backoff = backoff
        self.longest_backoff = longest_backoff
        self.stop_grace = stop_grace
        self.open: dict[Case, None] = {}
        self.queue: asyncio.Queue[Case] = asyncio.Queue()
        self.over = asyncio.Event()
        self.calling: set[asyncio.Task[None]] = set()
        self.finished = 0
        self.reason: EndReason | None = None
        self.refusal: JudgeRefused | None = None
        self.refusals = 0
        self.limited_since: float | None = None
        self.retry_after: float | None = None

    async def run(self, cells: Sequence[Cell]) -> SessionEnd:
        for cell in cells:
            case = Case(cell)
            self.open[case] = None
            self.queue.put_nowait(case)
        if self.open:
            try:
                async with asyncio.TaskGroup() as group:
                    await self._work_until_over(group)
            except ExceptionGroup as errors:
                raise errors.exceptions[0] from None
        if self.refusal is not None:
            for case in list(self.open):
                self._fail(case, self.refusal.code, self.refusal.message)
        left = tuple(
            (case.cell, case.outcome("stopped", self.client.endpoint)) for case in self.open
        )
        return SessionEnd(self.finished, left, self.reason, self.retry_after)

    async def _work_until_over(self, group: asyncio.TaskGroup) -> None:
        workers = [
            group.create_task(self._work()) for _ in range(min(len(self.open), self.limiter.most))
        ]
        watcher = group.create_task(self._watch())
        await self.over.wait()
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
            if self.reason == "stopped":
                deadline = deadline or time.monotonic() + self.stop_grace
                if time.monotonic() >= deadline:
                    return

    async def _watch(self) -> None:
        if self.should_stop is None:
            return
        while not await _awaited(self.should_stop()):
            await asyncio.sleep(STOP_POLL)
        self._end("stopped")

    def _end(self, reason: EndReason) -> None:
        # A stop shortens the patience of any other ending.
        if self.reason is None or reason == "stopped":
            self.reason = reason
        self.over.set()

    async def _work(self) -> None:
        while not self.over.is_set():
            await self._take(await self.queue.get())

    async def _take(self, case: Case) -> None:
        try:
            prompt = build_prompt(case.cell.question, case.cell.criteria, case.cell.answer)
        except PromptError as error:
            self._fail(case, "not_askable", error.message)
            return
        ticket = await self.limiter.acquire()
        task = asyncio.current_task()
        assert task is not None
        self.calling.add(task)
        silence = None
        try:
            if await self._may_call(case):
                silence = await self._call(case, prompt)
        finally:
            await self.limiter.release(ticket, silence)
            self.calling.discard(task)

    async def _may_call(self, case: Case) -> bool:
        if self.over.is_set():
            return False
        if self.before_call is not None and not await _awaited(self.before_call(case.cell)):
            self._end("budget")
        return not self.over.is_set()

    async def _call(self, case: Case, prompt: Prompt) -> float | None:
        """One call and what follows from it; seconds of silence if the judge asks for them."""
        try:
            completion = await self._complete(case, prompt)
        except RateLimited as error:
            return self._after_rate_limit(case, error)
        except JudgeUnavailable as error:
            self._retry(case, error, self._pause(case, error))
        except JudgeRefused as error:
            self._after_refusal(case, error)
        else:
            self.limited_since = None
            self.refusals = 0
            self._read(case, prompt, completion)
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

    def _after_rate_limit(self, case: Case, error: RateLimited) -> float:
        now = time.monotonic()
        if self.limited_since is None:
            self.limited_since = now
        waited = now - self.limited_since
        silence = error.retry_after
        if silence is None:
            # As long again as it has lasted already: exponential, whatever the number of calls.
            silence = min(max(1.0, waited), LONGEST_SILENCE) * random.uniform(0.5, 1.0)
        if waited + silence > self.max_rate_limited_wait:
            self.retry_after = silence
            self._end("rate_limited")
        self.queue.put_nowait(case)
        return silence

    def _after_refusal(self, case: Case, error: JudgeRefused) -> None:
        case.attempts += 1
        self._fail(case, error.code, error.message)
        self.refusals = self.refusals + 1 if error.is_endpoint_wide else 0
        if self.refusals >= REFUSALS_TO_GIVE_UP:
            self.refusal = error
            self.over.set()

    def _read(self, case: Case, prompt: Prompt, completion: Completion) -> None:
        criteria = case.cell.criteria
        try:
            decisions = parse_reply(
                completion.text, criteria, prompt.labels, cut_off=completion.cut_off
            )
        except ReplyError as error:
            case.spoil(error.code, error.message)
            # Some models answer a schema with nothing, and the same prompt without it well.
            case.wants_plain_json = error.code == "empty_reply"
            self._retry(case, error, 0.0)
            return
        case.attempts += 1
        self._finish(case, case.outcome("judged", self.client.endpoint, decisions))

    def _pause(self, case: Case, error: JudgeUnavailable) -> float:
        """Full jitter, but never before the judge wants to be asked again."""
        ceiling = min(self.longest_backoff, self.backoff * 2.0**case.attempts)
        wanted = min(error.retry_after or 0.0, self.max_rate_limited_wait)
        return max(wanted, random.uniform(0, ceiling))

    def _retry(self, case: Case, error: JudgeUnavailable | ReplyError, pause: float) -> None:
        case.attempts += 1
        if case.attempts >= self.max_attempts:
            self._fail(case, error.code, error.message)
        elif pause > 0:
            asyncio.get_running_loop().call_later(pause, self.queue.put_nowait, case)
        else:
            self.queue.put_nowait(case)

    def _fail(self, case: Case, code: str, message: str) -> None:
        outcome = case.outcome("failed", self.client.endpoint, error_code=code, error=message)
        self._finish(case, outcome)

    def _finish(self, case: Case, outcome: Outcome) -> None:
        del self.open[case]
        self.finished += 1
        if not self.open:
            self.over.set()
        self.on_result(case.cell, outcome)


async def _awaited[T](value: MaybeAwaitable[T]) -> T:
    return await value if inspect.isawaitable(value) else value
