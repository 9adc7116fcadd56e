"""A worker's turn at one answer of a run.

The calls are made in the process's event loop (loop.py); this, the main thread, writes what comes
in, renews the lease, reserves money and looks whether to stop.
"""

import queue
import time
from concurrent.futures import wait
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from threading import Event

from django.conf import settings
from django.utils.timezone import now

from rubric_studio.engine.judging.outcome import Cell, Outcome, SessionEnd
from rubric_studio.engine.judging.session import judge_cells
from rubric_studio.grading.judges.probing import probe
from rubric_studio.grading.judges.resting import (
    Rest,
    give_up,
    has_replied,
    is_resting,
    note_reply,
    trip,
)
from rubric_studio.grading.models import Run
from rubric_studio.grading.working import leases, money
from rubric_studio.grading.working.jobs import Job
from rubric_studio.grading.working.loop import judging_loop
from rubric_studio.grading.working.recording import Batch, record
from rubric_studio.grading.working.shutdown import is_stopping

# Seconds until a batch is written, however small: what is not written yet is judged again after a
# kill, but a third of it costs a third of the throughput.
PATIENCE = 0.1
LARGEST_BATCH = 200
LOOK = 0.4  # seconds between two looks at the run
LAST_CALL = 0.7  # of the task's soft time limit: then calls in flight are given up too
LONGEST_SILENCE = 60.0  # seconds of rate limit that a worker waits out; longer ones wait as rows
DRAINING = 20.0  # seconds that calls in flight have to end when the worker stops

Result = tuple[Cell, Outcome, Decimal]  # and what it cost


@dataclass(eq=False)
class Turn:
    """What both threads share while one job is done. As the probe of a judge that has rested, it
    begins with a single call."""

    job: Job
    is_probe: bool = False
    inbox: "queue.SimpleQueue[Result | money.Ask | None]" = field(default_factory=queue.SimpleQueue)
    stop: Event = field(default_factory=Event)  # no more calls, and none in flight for long
    drain: Event = field(default_factory=Event)  # no more calls, but let those in flight end
    passed: Event = field(default_factory=Event)  # the probe's call was answered
    left: list[Result] = field(default_factory=list)  # what the session did not finish
    wallet: money.Wallet | None = None
    asks: list[money.Ask] = field(default_factory=list)  # of the wallet, unanswered
    is_broke: bool = False
    is_mine: bool = True
    is_judge_resting: bool = False
    is_in_doubt: bool = False  # whether the endpoint or the cells are to blame
    rest: Rest | None = None  # the one that this turn began
    started: float = field(default_factory=time.monotonic)
    looked: float = 0.0
    renewed: float = field(default_factory=time.monotonic)
    drained: float | None = None

    async def judge(self) -> SessionEnd:
        """In the event loop: make the calls, and put what comes of them into the inbox."""
        judging, job = judging_loop(), self.job
        if job.run.budget is not None:
            self.wallet = money.Wallet(job.endpoint, self.inbox.put)
        client = await judging.client_for(job.endpoint)
        async with judging.limiter_for(job.judge).holding() as limiter:
            session = partial(
                judge_cells,
                client,
                limit=limiter,
                should_stop=self.stop.is_set,
                before_call=self._may_call,
                max_rate_limited_wait=LONGEST_SILENCE,
            )
            cells = job.cells
            if self.is_probe:
                end, cells = await probe(session, cells, self._hand_over)
                if end.reason is not None:
                    self.left = [self._settled(*it) for it in end.left]
                    return end
                self.passed.set()
            breaker = judging.breaker_for(job.judge)
            end = await session(cells, on_result=self._hand_over, breaker=breaker)
        self.left = [self._settled(*it) for it in end.left]
        return end

    async def _may_call(self, cell: Cell) -> bool:
        if self.drain.is_set():
            return False
        return self.wallet is None or await self.wallet.take(cell, self.drain.is_set)

    def _hand_over(self, cell: Cell, outcome: Outcome) -> None:
        self.inbox.put(self._settled(cell, outcome))

    def _settled(self, cell: Cell, outcome: Outcome) -> Result:
        if self.wallet is not None:
            return cell, outcome, self.wallet.settle(cell, outcome)
        return cell, outcome, money.rounded(outcome.cost or Decimal(0))


def judge_job(job: Job, *, is_probe: bool = False) -> tuple[Turn, SessionEnd]:
    """Make the job's calls and write what comes of them; returns when no call is in flight."""
    turn = Turn(job, is_probe)
    future = judging_loop().run(turn.judge())
    future.add_done_callback(lambda _: turn.inbox.put(None))
    try:
        while not (future.done() and turn.inbox.empty()):
            _write(turn, _batch(turn))
            _offer_money(turn)
            _look(turn)
        end = future.result()
        _note_probe(turn)
        _write_left(turn, end)
        return turn, end
    finally:
        # Also when the time limit or the database interrupts: no call outlives its turn.
        turn.stop.set()
        wait([future], timeout=5)


def _write_left(turn: Turn, end: SessionEnd) -> None:
    """What is still to be judged. Cells that the endpoint's trouble ended wait for the end of its
    rest, whoever began it; where it is no trouble of the endpoint, they have failed."""
    judge_id = turn.job.judge.pk
    if end.trouble is not None:
        judging_loop().breakers.pop(judge_id, None)
        turn.rest = trip(judge_id, end.trouble, is_probe=turn.is_probe)
    troubled = [outcome for _, outcome, _ in turn.left if outcome.error_code]
    waits = bool(troubled) and (turn.rest is not None or is_resting(judge_id))
    if troubled and not waits and end.trouble is None:
        turn.is_in_doubt = not has_replied(judge_id, _first_failure(troubled))
    results: list[Result] = []
    for cell, outcome, cost in turn.left:
        if outcome.error_code and waits:
            outcome = replace(outcome, attempts=cell.attempts)
        elif outcome.error_code and turn.is_in_doubt and cell.attempts + 1 < outcome.attempts:
            # Too few to tell a dead endpoint by: others may be finding out. One attempt is left.
            outcome = replace(outcome, attempts=outcome.attempts - 1)
        elif outcome.error_code:
            outcome = replace(outcome, status="failed")
        results.append((cell, outcome, cost))
    _write(turn, results)
    if turn.rest is not None and turn.rest.is_last:
        give_up(judge_id)


def _first_failure(outcomes: list[Outcome]) -> float:
    """When the first of these cells' calls was over (Unix time)."""
    return min(it.evidence.attempts[0].over for it in outcomes if it.evidence is not None)


def _batch(turn: Turn) -> list[Result]:
    """What comes in during a tenth of a second."""
    results: list[Result] = []
    deadline = time.monotonic() + PATIENCE
    while len(results) < LARGEST_BATCH:
        try:
            item = turn.inbox.get(timeout=max(deadline - time.monotonic(), 0))
        except queue.Empty:
            break
        if item is None:
            break
        if isinstance(item, money.Ask):
            turn.asks.append(item)
            break
        else:
            results.append(item)
    return results


def _write(turn: Turn, results: list[Result]) -> None:
    if not results:
        return
    batch = Batch(was_reserved=turn.wallet is not None)
    for cell, outcome, cost in results:
        batch.add(cell, turn.job.waiting[cell.key], outcome, cost)
    turn.renewed = time.monotonic()
    if not record(turn.job.lease, batch):
        _lose(turn)
    if turn.is_judge_resting and any(it.status == "judged" for _, it, _ in results):
        note_reply(turn.job.judge.pk)


def _offer_money(turn: Turn) -> None:
    """Answer the wallet."""
    while turn.asks and turn.wallet is not None:
        ask = turn.asks.pop()
        wish = ask.need * settings.GRADING_CALLS_IN_FLIGHT
        amount = money.reserve(turn.job.lease, ask, wish)
        turn.is_broke = amount is None
        judging_loop().loop.call_soon_threadsafe(turn.wallet.receive, amount)


def _look(turn: Turn) -> None:
    """Whether to go on: the run, the lease, the time, this worker's own end."""
    moment = time.monotonic()
    if moment - turn.looked < LOOK:
        return
    turn.looked = moment
    lease = turn.job.lease
    state = Run.objects.values_list("status", "cancelled_at", "judge__resting_until")
    status, cancelled_at, resting_until = state.get(pk=lease.run_id)
    if cancelled_at is not None:
        turn.stop.set()
    _look_at_judge(turn, resting_until)
    if moment - turn.renewed > settings.GRADING_LEASE_SECONDS / 4:
        turn.renewed = moment
        if not leases.renew(lease):
            _lose(turn)
    if moment - turn.started > settings.GRADING_TURN_SECONDS:
        # What is left goes to the end of the queue: a slow judge keeps nobody else waiting.
        turn.drain.set()
    is_last_call = moment - turn.started > LAST_CALL * settings.CELERY_TASK_SOFT_TIME_LIMIT
    if is_last_call or is_stopping() or status == Run.Status.PAUSED_BUDGET:
        turn.drain.set()
        turn.drained = turn.drained or moment
        if moment - turn.drained > DRAINING:
            turn.stop.set()


def _look_at_judge(turn: Turn, resting_until: datetime | None) -> None:
    """Whether another worker found that the judge fails, or this one that it answers again."""
    if turn.is_probe:
        _note_probe(turn)
    elif resting_until is not None and resting_until > now():
        turn.is_judge_resting = True
        turn.drain.set()


def _note_probe(turn: Turn) -> None:
    if turn.is_probe and turn.passed.is_set():
        note_reply(turn.job.judge.pk)
        turn.is_probe = False


def _lose(turn: Turn) -> None:
    """The lease is somebody else's by now: nothing more is written, so nothing more is asked."""
    turn.is_mine = False
    turn.stop.set()
