"""One call to a judge that somebody waits for, under the same guard as a run's calls."""

import asyncio

from rubric_studio.engine.judging.client import Completion, JudgeClient, JudgeError
from rubric_studio.engine.judging.endpoint import Endpoint
from rubric_studio.engine.judging.failures import RateLimited
from rubric_studio.engine.judging.prompt import Prompt
from rubric_studio.errors import DomainError
from rubric_studio.grading.judges.endpoints import address_guard
from rubric_studio.grading.judges.resting import is_resting, note_reply, resting_sentence
from rubric_studio.grading.models import Judge
from rubric_studio.grading.working.loop import judging_loop

LONGEST_CALL = 30.0  # seconds, the wait for a slot among them: somebody is waiting for the page
SILENCE = 5.0  # seconds, where the judge asks for fewer calls and does not say for how long


class NoReply(DomainError):
    code = "no_reply"


def ask_once(judge: Judge, endpoint: Endpoint, prompt: Prompt) -> Completion:
    """One reply, no second attempt. It takes one of the slots that all processes share, heeds and
    passes on a silence that the judge asks for, and is not made while the judge rests.

    Raises NoReply with what to do.
    """
    if is_resting(judge.pk):
        judge.refresh_from_db()
        raise NoReply(f"{judge.name} rests. {resting_sentence(judge)}")
    try:
        completion = judging_loop().run(_ask(judge, endpoint, prompt)).result()
    except JudgeError as error:
        raise NoReply(error.message) from error
    except TimeoutError:
        message = f"{judge.name} gave none in {LONGEST_CALL:g} seconds: it is slow, or busy."
        raise NoReply(f"{message} Try again in a moment.") from None
    note_reply(judge.pk)
    return completion


async def _ask(judge: Judge, endpoint: Endpoint, prompt: Prompt) -> Completion:
    # A client of its own: the room for a reply differs from call to call, and one kept for each
    # would push those of the try-outs out.
    async with (
        asyncio.timeout(LONGEST_CALL),
        JudgeClient(endpoint, address_guard(), connections=1) as client,
        judging_loop().limiter_for(judge).holding() as limiter,
    ):
        ticket, silence = await limiter.acquire(), None
        try:
            return await client.complete(prompt)
        except RateLimited as error:
            silence = SILENCE if error.retry_after is None else error.retry_after
            raise
        finally:
            await limiter.release(ticket, silence)
