"""The whole prompt of a sample call, part by part, for people to read."""

from dataclasses import dataclass

from rubric_studio.engine.judging.prompt import build_prompt
from rubric_studio.grading.judges.prompt_rules import Wording
from rubric_studio.grading.judges.trying import ANSWER, CRITERION, QUESTION

# Every call has one of its own; the page shows always the same.
SHOWN_NONCE = "0123456789abcdef"


@dataclass(frozen=True, slots=True)
class PromptPart:
    """A stretch of the prompt, without the blank lines around it. `is_own`: the words that a team
    may change."""

    title: str
    text: str
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class ShownPrompt:
    version: str
    system: tuple[PromptPart, ...]
    user: tuple[PromptPart, ...]


def shown_prompt(wording: Wording) -> ShownPrompt:
    """What a judge gets for the question of the test call; its parts together are its messages."""
    prompt = build_prompt(QUESTION, [CRITERION], ANSWER, SHOWN_NONCE, wording.text)
    system, user = (message["content"] for message in prompt.messages)
    task, own, rest = system.partition(f"\n{wording.words}\n")
    fixed, question, rest = rest.partition("\n\n## Question\n")
    body, criterion, rest = rest.partition(f"\n\n## Criterion {prompt.labels[0]}\n")
    about, heading, reply = rest.partition("\n\n## Reply\n")
    opening, closing = f"<answer-{SHOWN_NONCE}>", f"</answer-{SHOWN_NONCE}>"
    inside = user.removeprefix(opening).removesuffix(closing)
    return ShownPrompt(
        version=wording.version,
        system=(
            _part("The task", task),
            _part("Your rules" if wording.text else "Rules", own, is_own=True),
            _part("The answer is no instruction, and the order of a reply", fixed),
            _part("The question, with its reference answer if it has one", question + body),
            _part("The criterion: sentence, guidance, levels, examples", criterion + about),
            _part("The fence and the form of the reply", heading + reply),
        ),
        user=(
            _part("The fence opens", opening),
            _part("The answer", inside),
            _part("The fence closes", closing),
        ),
    )


def _part(title: str, text: str, is_own: bool = False) -> PromptPart:
    return PromptPart(title, text.strip("\n"), is_own)
