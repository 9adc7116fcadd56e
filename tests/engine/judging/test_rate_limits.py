import asyncio
import time

import pytest

from rubric_studio.engine.judging.addresses import AddressGuard
from rubric_studio.engine.judging.client import JudgeClient
from rubric_studio.engine.judging.endpoint import Endpoint
from rubric_studio.engine.judging.limits import AdaptiveLimiter
from rubric_studio.engine.judging.session import judge_cells


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_j8_rate_limit_is_honoured_and_loses_no_cell(judge, scripted_judge, cells, form):
    """A bucket of 5 calls a second: the first 5 pass at once, the others take 2 seconds."""
    scripted_judge.script(bucket={"per_second": 5, "burst": 5, "form": form})
    started = time.monotonic()
    outcomes, end = judge(cells(15), limit=4)
    seconds = time.monotonic() - started

    stats = scripted_judge.stats()
    assert stats["early_calls"] == 0
    assert stats["faults"]["rate_limit"] > 0
    assert {it.status for it in outcomes.values()} == {"judged"}
    assert {it.attempts for it in outcomes.values()} == {1}
    assert end.left == ()
    # A date counts whole seconds; the rest is for a machine that has other things to do.
    print(f"{form}: {seconds:.1f} s, {seconds / 2:.2f} x ideal")
    assert seconds <= 2 * 1.3 + (1 if form == "date" else 0) + 5


def test_j8_two_sessions_share_one_limit(scripted_judge, cells):
    scripted_judge.script({"kind": "rate_limit", "calls": [6], "seconds": 1}, delay=0.02)
    outcomes = []

    async def both():
        limiter = AdaptiveLimiter(4)
        endpoint = Endpoint(scripted_judge.base_url, "m")
        async with JudgeClient(endpoint, AddressGuard(["127.0.0.1"])) as client:
            await asyncio.gather(
                *(
                    judge_cells(
                        client, cells(20), limit=limiter, on_result=lambda *it: outcomes.append(it)
                    )
                    for _ in range(2)
                )
            )

    asyncio.run(both())
    stats = scripted_judge.stats()
    assert len(outcomes) == 40
    assert stats["max_in_flight"] <= 4
    assert stats["early_calls"] == 0


def test_j8_silence_longer_than_the_patience_leaves_the_cells_for_later(
    judge, scripted_judge, cells
):
    scripted_judge.script({"kind": "rate_limit", "seconds": 900})
    started = time.monotonic()
    outcomes, end = judge(cells(20))
    assert time.monotonic() - started < 20
    assert outcomes == {}
    assert (end.reason, end.retry_after, len(end.left)) == ("rate_limited", 900, 20)
    assert {outcome.status for _, outcome in end.left} == {"stopped"}
    assert {outcome.attempts for _, outcome in end.left} == {0}


def test_j8_refusal_halves_and_success_wins_back():
    async def play():
        limiter = AdaptiveLimiter(8)
        tickets = [await limiter.acquire() for _ in range(8)]
        for ticket in tickets:  # eight refusals of one moment count once
            await limiter.release(ticket, 0.01)
        tickets = [await limiter.acquire() for _ in range(4)]
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(limiter.acquire(), 0.05)
        for ticket in tickets:
            await limiter.release(ticket)
        for _ in range(40):
            await limiter.release(await limiter.acquire())
        return [await asyncio.wait_for(limiter.acquire(), 1) for _ in range(8)]

    assert len(asyncio.run(play())) == 8
