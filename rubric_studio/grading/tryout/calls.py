"""The calls of a try: made at once in the web process, handed over as they come."""

import asyncio
import queue
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from dataclasses import replace

from rubric_studio.engine.judging.endpoint import Endpoint
from rubric_studio.engine.judging.outcome import Cell, Outcome
from rubric_studio.engine.judging.session import judge_cells
from rubric_studio.grading.models import Judge
from rubric_studio.grading.tryout.room import Place
from rubric_studio.grading.working.loop import judging_loop

# Seconds; somebody is waiting. The demo judge has one core of this machine, shared with all else.
LONGEST_TRY, LONGEST_DEMO_TRY = 30.0, 90.0
CALL_SHARE = 0.93  # of the whole time, for one call, to be named when it hangs
LONGEST_SILENCE = 5.0  # seconds of rate limit that are waited out
MOST_ATTEMPTS = 2
BEAT = 0.5  # seconds between two signs of life to the browser

BUSY_MACHINE = (
    "The demo judge runs on this server’s own processor, which is busy. Try again later, or "
    "connect a judge under Judges."
)

Judged = tuple[Cell, Outcome]


def judged(
    judge: Judge, endpoint: Endpoint, cells: Sequence[Cell], place: Place
) -> Iterator[Judged | None]:
    """Each cell with what became of it, first come first; None twice a second meanwhile.

    Whoever stops iterating, or loses the place, gives up the calls in flight. Never a verdict for a
    call that failed: that outcome says why.
    """
    inbox: queue.SimpleQueue[Judged | None] = queue.SimpleQueue()
    longest = LONGEST_DEMO_TRY if judge.is_demo else LONGEST_TRY
    endpoint = replace(endpoint, timeout=min(endpoint.timeout, CALL_SHARE * longest))
    future = judging_loop().run(_ask(judge, endpoint, cells, longest, inbox.put))
    future.add_done_callback(lambda _: inbox.put(None))
    try:
        while not place.is_taken:
            try:
                item = inbox.get(timeout=BEAT)
            except queue.Empty:
                yield None
                continue
            if item is None:
                future.result()
                return
            yield item
    except CancelledError:
        return
    finally:
        future.cancel()


async def _ask(
    judge: Judge,
    endpoint: Endpoint,
    cells: Sequence[Cell],
    longest: float,
    hand_over: Callable[[Judged], None],
) -> None:
    """All calls in flight together, within the limit that this judge's workers share."""
    open_cells = {cell.key: cell for cell in cells}

    def on_result(cell: Cell, outcome: Outcome) -> None:
        del open_cells[cell.key]
        hand_over((cell, outcome))

    judging = judging_loop()
    code, message = "rate_limited", "The judge takes no more calls just now. Try again in a moment."
    try:
        async with asyncio.timeout(longest):
            client = await judging.client_for(endpoint)
            async with judging.limiter_for(judge).holding() as limiter:
                await judge_cells(
                    client,
                    cells,
                    limit=limiter,
                    on_result=on_result,
                    max_attempts=MOST_ATTEMPTS,
                    max_rate_limited_wait=LONGEST_SILENCE,
                )
    except TimeoutError:
        code = "timeout"
        why = BUSY_MACHINE if judge.is_demo else "The judge is slow, or busy with a run."
        message = f"No reply within {longest:g} seconds. {why}"
    for cell in list(open_cells.values()):
        on_result(cell, Outcome("failed", error_code=code, error=message))
