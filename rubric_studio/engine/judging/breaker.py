"""When an endpoint fails so steadily that no further call is worth making."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rubric_studio.engine.judging.failures import JudgeError, JudgeUnavailable
from rubric_studio.engine.judging.outcome import Attempt, Case, Trouble
from rubric_studio.engine.judging.reply import ReplyError

MOST_IN_A_ROW = 5  # cells that used up their attempts with no reply between
MOST_SCOUTED = 3  # answers that are asked about while in doubt


class Breaker:
    """Counts cells in a row that the endpoint's own trouble ended; a reply starts anew.

    Several sessions in one event loop may share it, one after the other or at once.
    """

    def __init__(self, most: int = MOST_IN_A_ROW) -> None:
        self._most = most
        self._calls = self._cells = 0
        self._trouble: Trouble | None = None

    @property
    def trouble(self) -> Trouble | None:
        """What no further call should meet; None while calls are worth making."""
        return self._trouble if self._cells >= self._most else None

    def holds_back(self, begun: int) -> bool:
        """Whether another cell should wait for a reply: so many calls in a row met trouble, and
        the cells that are begun are enough to find out."""
        return self._calls >= self._most and self._cells + begun >= self._most

    def missed(self) -> None:
        """A call met trouble of the endpoint."""
        self._calls += 1

    def gave_up(self, error: JudgeError, sent: Sequence[Attempt]) -> None:
        """It was the last one of a cell that had these attempts."""
        first = self._trouble
        since, failed = (first.since, first.failed) if first else (sent[0].at, sent[0].over)
        self._trouble = Trouble(since, failed, error.code, error.message)
        self._cells += 1

    def replied(self) -> None:
        """The endpoint answered, whatever it said."""
        self._calls = self._cells = 0
        self._trouble = None


@dataclass(eq=False, slots=True)
class Doubt:
    """What one session holds back while its endpoint may be down. Without a breaker: nothing."""

    breaker: Breaker | None
    begun: set[Case] = field(default_factory=set)
    held: list[Case] = field(default_factory=list)  # not begun; they wait for a reply
    failed: dict[Case, JudgeUnavailable] = field(default_factory=dict)  # if it ever replies again

    @property
    def trouble(self) -> Trouble | None:
        return self.breaker.trouble if self.breaker is not None else None

    def may_call(self, case: Case) -> bool:
        """False for a case that is held."""
        if case not in self.begun and self._holds_back and not self._is_scout(case):
            self.held.append(case)
            return False
        self.begun.add(case)
        return True

    def end(self, case: Case) -> None:
        """The case has its result."""
        self.begun.discard(case)

    def missed(self, error: JudgeUnavailable) -> None:
        if self.breaker is not None and error.is_endpoint_trouble:
            self.breaker.missed()

    def keeps(self, case: Case, error: JudgeUnavailable | ReplyError) -> bool:
        """Whether the case, its attempts used up, waits to see if anything ever replies."""
        if self.breaker is None or isinstance(error, ReplyError) or not error.is_endpoint_trouble:
            return False
        self.begun.discard(case)
        self.failed[case] = error
        self.breaker.gave_up(error, case.sent)
        return True

    def replied(self) -> None:
        if self.breaker is not None:
            self.breaker.replied()

    def release(self) -> list[Case]:
        """The held cases, if they may begin now."""
        if self._holds_back:
            return []
        held, self.held = self.held, []
        return held

    def _is_scout(self, case: Case) -> bool:
        """It may be one answer that the endpoint stumbles over: another one would show it."""
        asked = {id(it.cell.answer) for it in (*self.begun, *self.failed)}
        return id(case.cell.answer) not in asked and len(asked) < MOST_SCOUTED

    @property
    def _holds_back(self) -> bool:
        return self.breaker is not None and self.breaker.holds_back(len(self.begun))
