"""The first call to a judge that has rested: one, to see whether it answers again."""

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from rubric_studio.engine.judging.breaker import Breaker
from rubric_studio.engine.judging.outcome import Cell, Outcome, SessionEnd

Session = Callable[..., Awaitable[SessionEnd]]


async def probe(
    session: Session, cells: Sequence[Cell], on_result: Callable[[Cell, Outcome], None]
) -> tuple[SessionEnd, tuple[Cell, ...]]:
    """How the call's session ended, with no reason when the judge replied, and the cells that are
    left then. One without a verdict is asked again with them, no attempt burnt."""
    # Any of them: should it be the first one that the judge stumbles over, the next probe may not.
    first = random.choice(cells)
    results: list[Outcome] = []
    end = await session(
        [first],
        on_result=lambda _, outcome: results.append(outcome),
        breaker=Breaker(1),
        max_attempts=first.attempts + 1,
    )
    left = tuple(cell for cell in cells if cell is not first)
    for outcome in results:
        if outcome.status != "judged":
            outcome = replace(outcome, status="stopped", attempts=first.attempts, error_code="")
            left = tuple(cells)
        on_result(first, outcome)
    return end, left
