"""What goes into a session and what comes out of it."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from rubric_studio.engine.document.types import Criterion, Question
from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.engine.judging.client import Completion
from rubric_studio.engine.judging.endpoint import Endpoint
from rubric_studio.engine.judging.evidence import Quote, locate_quotes
from rubric_studio.engine.judging.reply import Decision

OutcomeStatus = Literal["judged", "failed", "stopped"]
EndReason = Literal["stopped", "budget", "rate_limited"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One call's worth of work: an answer against one criterion, or a batch of them."""

    key: Hashable
    question: Question
    criteria: tuple[Criterion, ...]
    answer: AnswerContent


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a cell.

    "judged": `decisions` and `quotes` hold one entry per criterion key (a decision may still be
    cannot_assess). "failed": no decision at all, `error_code` and `error` say why. "stopped": the
    session ended first; the cell is still to be judged. `attempts` leaves out rate-limited calls,
    `calls` counts every call sent. `cost` is None when prices or token counts are unknown;
    `seconds` were spent waiting for the judge.
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


@dataclass(frozen=True, slots=True)
class SessionEnd:
    """How a session ended. `left` are the cells without a result, with what they have cost so far;
    `reason` says why there are any; `retry_after` seconds, where a rate limit was the reason."""

    finished: int
    left: tuple[tuple[Cell, Outcome], ...]
    reason: EndReason | None = None
    retry_after: float | None = None


@dataclass(eq=False, slots=True)
class Case:
    """A cell on its way through a session, with what it has cost so far."""

    cell: Cell
    attempts: int = 0
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    are_tokens_known: bool = True
    wants_plain_json: bool = False

    def count(self, completion: Completion) -> None:
        """Add the tokens of one reply."""
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
            calls=self.calls,
            prompt_tokens=self.prompt_tokens,
            completion_tokens=self.completion_tokens,
            cost=cost if self.are_tokens_known else None,
            seconds=self.seconds,
        )
