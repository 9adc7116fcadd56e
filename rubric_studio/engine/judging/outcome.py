"""What goes into a session and what comes out of it."""

import time
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from rubric_studio.engine.document.types import Criterion, Question
from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.engine.judging.client import Completion
from rubric_studio.engine.judging.endpoint import Endpoint
from rubric_studio.engine.judging.evidence import Quote, locate_quotes
from rubric_studio.engine.judging.prompt import Prompt, build_prompt
from rubric_studio.engine.judging.reply import Decision

OutcomeStatus = Literal["judged", "failed", "stopped"]
EndReason = Literal["stopped", "budget", "rate_limited", "broken"]

LONGEST_REPLY_KEPT = 1 << 16  # characters


@dataclass(frozen=True, slots=True)
class Cell:
    """One call's worth of work: an answer against one criterion, or a batch of them.

    `rules` stand in the prompt in place of those that come with it; "" leaves these. `attempts`
    were made by earlier sessions and count.
    """

    key: Hashable
    question: Question
    criteria: tuple[Criterion, ...]
    answer: AnswerContent
    rules: str = ""
    attempts: int = 0


def prompt_of(cell: Cell) -> Prompt:
    """The cell's call, with a nonce of its own. Raises PromptError."""
    return build_prompt(cell.question, cell.criteria, cell.answer, rules=cell.rules)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call: sent `at` (Unix time), over after `seconds`. `code` is "" for a reply that was
    read, else that of the failure, which `message` puts into words."""

    at: float
    seconds: float
    code: str
    message: str

    @property
    def over(self) -> float:
        """When the reply or the failure came (Unix time)."""
        return self.at + self.seconds


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was asked and answered. `nonce` and `prompt_hash` (`Prompt.hash`) are of the last call,
    and so is `reply`, as the judge wrote it, "" when none came, cut at 65,536 characters.
    `attempts` lists every call sent, in order, rate-limited ones too."""

    nonce: str
    prompt_hash: str
    reply: str
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a cell.

    "judged": `decisions` and `quotes` hold one entry per criterion key (a decision may still be
    cannot_assess). "failed": no decision at all, `error_code` and `error` say why. "stopped": the
    session ended first; the cell is still to be judged. `attempts` leaves out rate-limited calls
    and adds those of earlier sessions; `calls` counts every call sent. `cost` is None when prices
    or token counts are unknown; `seconds` were spent waiting for the judge. `evidence` is None when
    no call was sent.
    """

    status: OutcomeStatus
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    quotes: Mapping[str, tuple[Quote, ...]] = field(default_factory=dict)
    error_code: str = ""
    error: str = ""
    attempts: int = 0
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: Decimal | None = None
    seconds: float = 0.0
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """An endpoint's steady failure. As Unix times: `since`, when the first of these cells was
    asked, and `failed`, when its first attempt was over. `code` and `message` of the last one."""

    since: float
    failed: float
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class SessionEnd:
    """How a session ended. `left` are the cells without a result, with what they have cost so far;
    `reason` says why there are any; `retry_after` seconds, where a rate limit was the reason, and
    `trouble`, where the endpoint was."""

    finished: int
    left: tuple[tuple[Cell, Outcome], ...]
    reason: EndReason | None = None
    retry_after: float | None = None
    trouble: Trouble | None = None


@dataclass(eq=False, slots=True)
class Case:
    """A cell on its way through a session, with what it has cost so far."""

    cell: Cell
    attempts: int
    prompt_tokens: int = 0
    completion_tokens: int = 0
    are_tokens_known: bool = True
    wants_plain_json: bool = False
    prompt: Prompt | None = None
    reply: str = ""
    sent: list[Attempt] = field(default_factory=list)
    began: tuple[float, float] = (0.0, 0.0)  # the last call, by the clock on the wall and ours

    def begin(self, prompt: Prompt) -> None:
        """Note that a call is about to be sent."""
        self.prompt, self.reply = prompt, ""
        self.began = time.time(), time.perf_counter()

    def end(self, code: str = "", message: str = "") -> None:
        """Note how it ended: with a reply, or with a failure."""
        at, started = self.began
        self.sent.append(Attempt(at, time.perf_counter() - started, code, message))

    def spoil(self, code: str, message: str) -> None:
        """Note that the last call's reply could not be read."""
        self.sent[-1] = replace(self.sent[-1], code=code, message=message)

    def count(self, completion: Completion) -> None:
        """Keep what the judge wrote, and add its tokens."""
        self.reply = completion.text[:LONGEST_REPLY_KEPT]
        if completion.prompt_tokens is None or completion.completion_tokens is None:
            self.are_tokens_known = False
        self.prompt_tokens += completion.prompt_tokens or 0
        self.completion_tokens += completion.completion_tokens or 0

    def outcome(
        self,
        status: OutcomeStatus,
        endpoint: Endpoint,
        decisions: Mapping[str, Decision] | None = None,
        error_code: str = "",
        error: str = "",
    ) -> Outcome:
        """The outcome so far; `decisions` only for a judged cell."""
        decisions = decisions or {}
        text = self.cell.answer.as_text() if decisions else ""
        cost = endpoint.cost(self.prompt_tokens, self.completion_tokens)
        return Outcome(
            status=status,
            decisions=decisions,
            quotes={key: locate_quotes(it.quotes, text) for key, it in decisions.items()},
            error_code=error_code,
            error=error,
            attempts=self.attempts,
            calls=len(self.sent),
            prompt_tokens=self.prompt_tokens,
            completion_tokens=self.completion_tokens,
            cost=cost if self.are_tokens_known else None,
            seconds=sum(it.seconds for it in self.sent),
            evidence=self._evidence(),
        )

    def _evidence(self) -> Evidence | None:
        if self.prompt is None:
            return None
        return Evidence(self.prompt.nonce, self.prompt.hash, self.reply, tuple(self.sent))
