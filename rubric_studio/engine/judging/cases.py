"""What becomes of a session's cells: tried again, given up, finished or left."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rubric_studio.engine.judging.breaker import Doubt
from rubric_studio.engine.judging.client import Completion
from rubric_studio.engine.judging.endpoint import Endpoint
from rubric_studio.engine.judging.failures import JudgeRefused, JudgeUnavailable, RateLimited
from rubric_studio.engine.judging.outcome import Case, Cell, EndReason, Outcome, SessionEnd
from rubric_studio.engine.judging.patience import Patience
from rubric_studio.engine.judging.prompt import Prompt
from rubric_studio.engine.judging.reply import ReplyError, parse_reply

REFUSALS_TO_GIVE_UP = 3  # in a row, of the kind that every call would meet


@dataclass(eq=False, slots=True)
class Cases:
    """The cells of one session, on one event loop. `queue` holds those that may be asked now; once
    `over` is set no call begins any more, and `reason` says why where cells are left."""

    endpoint: Endpoint
    on_result: Callable[[Cell, Outcome], None]
    patience: Patience
    doubt: Doubt
    open: dict[Case, None] = field(default_factory=dict)
    queue: asyncio.Queue[Case] = field(default_factory=asyncio.Queue)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    finished: int = 0
    reason: EndReason | None = None
    refusal: JudgeRefused | None = None
    refusals: int = 0
    limited_since: float | None = None
    retry_after: float | None = None

    def take_in(self, cells: Sequence[Cell]) -> None:
        for cell in cells:
            case = Case(cell, cell.attempts)
            self.open[case] = None
            self.queue.put_nowait(case)

    def end(self, reason: EndReason) -> None:
        """Begin no call any more."""
        # A stop shortens the patience of any other ending; having no money is the least of them.
        if self.reason in (None, "budget") or reason == "stopped":
            self.reason = reason
        self.over.set()

    def close(self) -> SessionEnd:
        """Once no call is in flight: what was finished, and what is left."""
        trouble = self.doubt.trouble if self.reason == "broken" else None
        if self.refusal is not None:
            for case in list(self.open):
                self.fail(case, self.refusal.code, self.refusal.message)
        left = tuple((case.cell, self._left(case)) for case in self.open)
        return SessionEnd(self.finished, left, self.reason, self.retry_after, trouble)

    def _left(self, case: Case) -> Outcome:
        if error := self.doubt.failed.get(case):
            code, message = error.code, error.message
            return case.outcome("stopped", self.endpoint, error_code=code, error=message)
        if self.reason == "broken":
            case.attempts = case.cell.attempts
        return case.outcome("stopped", self.endpoint)

    def rate_limited(self, case: Case, error: RateLimited) -> float:
        """Ask it again later; the seconds in which the judge wants no call at all."""
        now = time.monotonic()
        if self.limited_since is None:
            self.limited_since = now
        waited = now - self.limited_since
        silence = self.patience.silence(waited, error)
        if self.patience.is_over(waited, silence):
            self.retry_after = silence
            self.end("rate_limited")
        self.queue.put_nowait(case)
        return silence

    def unavailable(self, case: Case, error: JudgeUnavailable) -> None:
        """Ask it again after a pause, unless its attempts are used up."""
        self.doubt.missed(error)
        self._retry(case, error, self.patience.pause(case.attempts, error))

    def refused(self, case: Case, error: JudgeRefused) -> None:
        """Fail it, and all the others where they would be refused too."""
        self._note_reply()
        case.attempts += 1
        self.fail(case, error.code, error.message)
        self.refusals = self.refusals + 1 if error.is_endpoint_wide else 0
        if self.refusals >= REFUSALS_TO_GIVE_UP:
            self.refusal = error
            self.over.set()

    def replied(self, case: Case, prompt: Prompt, completion: Completion) -> None:
        """Finish it, or ask again where the reply can't be read."""
        self.limited_since = None
        self.refusals = 0
        self._note_reply()
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
        self._finish(case, case.outcome("judged", self.endpoint, decisions))

    def fail(self, case: Case, code: str, message: str) -> None:
        """Finish it without a verdict."""
        outcome = case.outcome("failed", self.endpoint, error_code=code, error=message)
        self._finish(case, outcome)

    def _retry(self, case: Case, error: JudgeUnavailable | ReplyError, pause: float) -> None:
        case.attempts += 1
        if case.attempts >= self.patience.max_attempts:
            self._give_up(case, error)
        elif pause > 0:
            asyncio.get_running_loop().call_later(pause, self.queue.put_nowait, case)
        else:
            self.queue.put_nowait(case)

    def _give_up(self, case: Case, error: JudgeUnavailable | ReplyError) -> None:
        if not self.doubt.keeps(case, error):
            self.fail(case, error.code, error.message)
        elif self.doubt.trouble is not None:
            self.end("broken")
        else:
            self._release()
            self._end_if_done()

    def _finish(self, case: Case, outcome: Outcome) -> None:
        del self.open[case]
        self.finished += 1
        self.doubt.end(case)
        self._release()
        self._end_if_done()
        self.on_result(case.cell, outcome)

    def _end_if_done(self) -> None:
        if len(self.doubt.failed) == len(self.open):
            self.over.set()

    def _note_reply(self) -> None:
        """The endpoint lives: what it did not answer before is these cells' own failure."""
        self.doubt.replied()
        self._fail_doubted()
        self._release()

    def _fail_doubted(self) -> None:
        while self.doubt.failed:
            case, error = self.doubt.failed.popitem()
            self.fail(case, error.code, error.message)

    def _release(self) -> None:
        for case in self.doubt.release():
            self.queue.put_nowait(case)
