"""A run's budget: reserved in its row before calls are made, settled when they are paid for.

`Run.reserved` = `Run.cost` + what the holders of leases have reserved (`RunAnswer.reserved`).
"""

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal

from django.db import transaction
from django.db.models import F

from rubric_studio.engine.judging.endpoint import Endpoint
from rubric_studio.engine.judging.outcome import Cell, Outcome, prompt_of
from rubric_studio.grading.models import Run, RunAnswer
from rubric_studio.grading.runs.locking import lock_run
from rubric_studio.grading.working.leases import Lease

CENT = Decimal("0.000001")  # what the rows can hold
BYTES_PER_TOKEN = 3  # English has four letters a token, Chinese one sign of three bytes
TOKENS_AROUND = 60  # what a chat template adds
SECONDS_BETWEEN_ASKS = 0.2


def estimated_cost(endpoint: Endpoint, cell: Cell) -> Decimal:
    """The most that one call is likely to cost."""
    prompt = prompt_of(cell)
    size = sum(len(message["content"].encode()) for message in prompt.messages)
    cost = endpoint.cost(size // BYTES_PER_TOKEN + TOKENS_AROUND, endpoint.max_tokens)
    return rounded(cost or Decimal(0))


def rounded(cost: Decimal) -> Decimal:
    return cost.quantize(CENT, rounding=ROUND_UP)


@dataclass(frozen=True, slots=True)
class Ask:
    """A wallet's wish: money for one call at least. What it still has goes back with it, so that
    two wallets never wait for each other's remainders."""

    need: Decimal
    returned: Decimal


class Wallet:
    """Lives in the event loop: money for calls, asked of the main thread in larger amounts."""

    def __init__(self, endpoint: Endpoint, ask: Callable[[Ask], None]) -> None:
        self._endpoint = endpoint
        self._ask = ask
        self._balance = Decimal(0)
        self._taken: dict[Hashable, Decimal] = {}
        self._dearest = Decimal(0)
        self._is_empty = False
        self._asking = asyncio.Lock()
        self._answer: asyncio.Future[Decimal | None] | None = None

    async def take(self, cell: Cell, is_over: Callable[[], bool] = lambda: False) -> bool:
        """Put aside what one call may cost; False when the budget has no room for it, or it is over
        before there is room."""
        need = max(estimated_cost(self._endpoint, cell), self._dearest)
        while self._balance < need:
            if self._is_empty or is_over():
                return False
            # One asks for all: as many askers as calls would keep the main thread from writing.
            async with self._asking:
                if self._balance < need and not self._is_empty and not await self._ask_for(need):
                    await asyncio.sleep(SECONDS_BETWEEN_ASKS)
        self._balance -= need
        self._taken[cell.key] = self._taken.get(cell.key, Decimal(0)) + need
        return True

    def settle(self, cell: Cell, outcome: Outcome) -> Decimal:
        """What the cell's calls really cost; the rest is free for others again."""
        taken = self._taken.pop(cell.key, Decimal(0))
        cost = rounded(outcome.cost) if outcome.cost is not None else taken
        if outcome.calls:
            self._dearest = max(self._dearest, rounded(cost / outcome.calls))
        self._balance += taken - cost
        return cost

    def receive(self, amount: Decimal | None) -> None:
        """The main thread's answer: 0 not yet, None there is no money left."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(amount)

    async def _ask_for(self, need: Decimal) -> bool:
        returned, self._balance = self._balance, Decimal(0)
        self._answer = asyncio.get_running_loop().create_future()
        self._ask(Ask(need, returned))
        try:
            amount = await asyncio.shield(self._answer)
        finally:
            self._answer = None
        self._is_empty = self._is_empty or amount is None
        self._balance += amount or Decimal(0)
        return amount != 0


@transaction.atomic
def reserve(lease: Lease, ask: Ask, wish: Decimal) -> Decimal | None:
    """Reserve `wish`, or at least what one call needs, of what the budget has left.

    0: not now, but calls in flight may cost less than they reserved. None: there is no room.
    """
    run = Run.objects.select_for_update(no_key=True).get(pk=lease.run_id)
    free = (run.budget or Decimal(0)) - run.reserved + ask.returned
    amount = Decimal(0) if free < ask.need else min(free, max(ask.need, wish))
    change = amount - ask.returned
    if change:
        Run.objects.filter(pk=run.pk).update(reserved=F("reserved") + change)
        RunAnswer.objects.filter(**lease.holder).update(reserved=F("reserved") + change)
    if not amount and (run.budget or Decimal(0)) - run.cost < ask.need:
        return None
    return amount


@transaction.atomic
def release_reserved(lease: Lease) -> None:
    """Give back what was reserved and not spent, once no call is in flight."""
    lock_run(lease.run_id)
    row = RunAnswer.objects.filter(**lease.holder).exclude(reserved=0).first()
    if row is not None:
        Run.objects.filter(pk=lease.run_id).update(reserved=F("reserved") - row.reserved)
        RunAnswer.objects.filter(pk=row.pk).update(reserved=0)


def count_as_spent(run_answer: RunAnswer) -> None:
    """A holder vanished: its calls may have been billed, so what it had reserved counts. The run
    is locked by whoever asks."""
    if run_answer.reserved:
        Run.objects.filter(pk=run_answer.run_id).update(cost=F("cost") + run_answer.reserved)
        RunAnswer.objects.filter(pk=run_answer.pk).update(reserved=0)
