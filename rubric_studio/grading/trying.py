"""One call to a judge, to see whether it can grade, and a sentence about what came of it."""

import asyncio
from dataclasses import dataclass, replace

from rubric_studio.engine.document.types import Criterion, Message, Question
from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.engine.judging.client import Completion, JudgeClient, JudgeError
from rubric_studio.engine.judging.endpoint import Endpoint
from rubric_studio.engine.judging.prompt import Prompt, build_prompt
from rubric_studio.engine.judging.reply import ReplyError, parse_reply
from rubric_studio.grading.endpoints import address_guard, endpoint_of
from rubric_studio.grading.models import Judge

LONGEST_TRIAL = 30.0  # seconds: somebody is waiting for the page

QUESTION = Question(
    key="trial", messages=(Message("user", "What is the boiling point of water at sea level?"),)
)
CRITERION = Criterion(key="trial", text="States that water boils at 100 °C.", points=1)
ANSWER = AnswerContent(text="At sea level water boils at 100 degrees Celsius.")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Whether the judge can grade. `code` for programs, `sentence` for people; no key in either."""

    ok: bool
    code: str
    sentence: str
    seconds: float | None = None


def try_judge(judge: Judge) -> Diagnosis:
    """Ask the judge one small question. Raises JudgeGone and SecretUnreadable, nothing else."""
    endpoint = endpoint_of(judge)
    endpoint = replace(endpoint, timeout=min(endpoint.timeout, LONGEST_TRIAL))
    prompt = build_prompt(QUESTION, [CRITERION], ANSWER)
    try:
        completion = asyncio.run(_ask(endpoint, prompt))
        decisions = parse_reply(
            completion.text, [CRITERION], prompt.labels, cut_off=completion.cut_off
        )
    except JudgeError as error:
        return Diagnosis(False, error.code, error.message)
    except ReplyError as error:
        return Diagnosis(False, error.code, f"It answers, but not with a verdict. {error.message}")
    sentence = f"It answers in {completion.seconds:.1f} seconds, and its verdict can be read."
    if decisions[CRITERION.key].value != 1.0:
        sentence += " It got the trial question wrong, though: compare its verdicts with your own."
    return Diagnosis(True, "ok", sentence, completion.seconds)


async def _ask(endpoint: Endpoint, prompt: Prompt) -> Completion:
    async with JudgeClient(endpoint, address_guard(), connections=1) as client:
        return await client.complete(prompt)
