"""Leave to call, money say, comes before the slot: two sessions never wait for each other."""

import asyncio

from rubric_studio.engine.judging.addresses import AddressGuard
from rubric_studio.engine.judging.client import JudgeClient
from rubric_studio.engine.judging.endpoint import Endpoint
from rubric_studio.engine.judging.limits import AdaptiveLimiter
from rubric_studio.engine.judging.session import judge_cells


def test_j9_a_session_that_waits_for_money_leaves_the_slot_to_the_one_that_has_it(
    scripted_judge, cells
):
    async def both():
        spent, waiting = asyncio.Event(), asyncio.Event()
        limiter = AdaptiveLimiter(1)
        endpoint = Endpoint(scripted_judge.base_url, "scripted")

        async def until_the_other_has_spent(cell):
            waiting.set()
            await spent.wait()
            return True

        async def session(before_call, on_result):
            async with JudgeClient(endpoint, AddressGuard(["127.0.0.1"])) as client:
                return await judge_cells(
                    client, cells(1), limit=limiter, on_result=on_result, before_call=before_call
                )

        poor = asyncio.create_task(session(until_the_other_has_spent, lambda cell, outcome: None))
        await waiting.wait()
        rich = await session(lambda cell: True, lambda cell, outcome: spent.set())
        return rich, await poor

    ends = asyncio.run(asyncio.wait_for(both(), 20))
    assert [end.finished for end in ends] == [1, 1]
