"""A worker's turn at one answer of a run.

The calls are made in the process's event loop (loop.py); this, the main thread, writes what comes
in, renews the lease, reserves money and looks whether to stop.
"""

import queue
import time
from concurrent.futures import wait
from dataclasses import dataclass, field
from decimal import Decimal
from threading import Event

from django.conf import settings

from rubric_studio.engine.judging.outcome import Cell, Outcome, SessionEnd
from rubric_studio.engine.judging.session import judge_cells
from rubric_studio.grading import leases, money
from rubric_studio.grading.jobs import Job
from rubric_studio.grading.loop import judging_loop
from rubric_studio.grading.models import Run
from rubric_studio.grading.recording import Batch, record
from rubric_studio.grading.shutdown import is_stopping

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
    """What both threads share while one answer is judged."""

    job: Job
    inbox: "queue.SimpleQueue[Result | money.Ask | None]" = field(default_factory=queue.SimpleQueue)
    stop: Event = field(default_factory=Event)  # no more calls, and none in flight for long
    drain: Event = field(default_factory=Event)  # no more calls, but let those in flight end
    wallet: money.Wallet | None = None
    asks: list[money.Ask] = field(default_factory=list)  # of the wallet, unanswered
    is_broke: bool = False
    is_mine: bool = True
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
            end = await judge_cells(
                client,
                job.cells,
                limit=limiter,
                on_result=self._hand_over,
                should_stop=self.stop.is_set,
                before_call=self._may_call,
                max_rate_limited_wait=LONGEST_SILENCE,
            )
        for cell, outcome in end.left:
            self._hand_over(cell, outcome)
        return end

    async def _may_call(self, cell: Cell) -> bool:
        if self.drain.is_set():
            return False
        return self.wallet is None or await self.wallet.take(cell)

    def _hand_over(self, cell: Cell, outcome: Outcome) -> None:
        if self.wallet is not None:
            cost = self.wallet.settle(cell, outcome)
        else:
            cost = money.rounded(outcome.cost or Decimal(0))
        self.inbox.put((cell, outcome, cost))


def judge_job(job: Job) -> tuple[Turn, SessionEnd]:
    """Make the job's calls and write what comes of them; returns when no call is in flight."""
    turn = Turn(job)
    future = judging_loop().run(turn.judge())
    future.add_done_callback(lambda _: turn.inbox.put(None))
    try:
        while not (future.done() and turn.inbox.empty()):
            _write(turn, _batch(turn))
            _offer_money(turn)
            _look(turn)
        return turn, future.result()
    finally:
        # Also when the time limit or the database interrupts: no call outlives its turn.
        turn.stop.set()
        wait([future], timeout=5)


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
        _give_up(turn)


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
    run = Run.objects.only("status", "cancelled_at").get(pk=lease.run_id)
    if run.cancelled_at is not None:
        turn.stop.set()
    if moment - turn.renewed > settings.GRADING_LEASE_SECONDS / 4:
        turn.renewed = moment
        if not leases.renew(lease):
            _give_up(turn)
    if moment - turn.started > settings.GRADING_TURN_SECONDS:
        # What is left goes to the end of the queue: a slow judge keeps nobody else waiting.
        turn.drain.set()
    is_last_call = moment - turn.started > LAST_CALL * settings.CELERY_TASK_SOFT_TIME_LIMIT
    if is_last_call or is_stopping() or run.status == Run.Status.PAUSED_BUDGET:
        turn.drain.set()
        turn.drained = turn.drained or moment
        if moment - turn.drained > DRAINING:
            turn.stop.set()


def _give_up(turn: Turn) -> None:
    """The lease is somebody else's by now: nothing more is written, so nothing more is asked."""
    turn.is_mine = False
    turn.stop.set()
