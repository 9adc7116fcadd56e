"""How often a call is tried again, and how long is waited before."""

import random
from dataclasses import dataclass

from rubric_studio.engine.judging.failures import JudgeUnavailable, RateLimited

LONGEST_SILENCE = 60.0  # seconds, when a judge refuses without saying for how long


@dataclass(frozen=True, slots=True)
class Patience:
    """`max_attempts` a cell; all times in seconds."""

    max_attempts: int
    max_rate_limited_wait: float
    backoff: float
    longest_backoff: float

    def pause(self, attempts: int, error: JudgeUnavailable) -> float:
        """Before the next attempt after so many: full jitter, but never before the judge wants to
        be asked again."""
        ceiling = min(self.longest_backoff, self.backoff * 2.0**attempts)
        wanted = min(error.retry_after or 0.0, self.max_rate_limited_wait)
        return max(wanted, random.uniform(0, ceiling))

    def silence(self, waited: float, error: RateLimited) -> float:
        """For all calls, after a rate limit that has lasted so long already. Where the judge does
        not say, as long again: exponential, whatever the number of calls."""
        if error.retry_after is not None:
            return error.retry_after
        return min(max(1.0, waited), LONGEST_SILENCE) * random.uniform(0.5, 1.0)

    def is_over(self, waited: float, silence: float) -> bool:
        """Whether such a silence is longer than a session waits."""
        return waited + silence > self.max_rate_limited_wait
