"""Who works on an answer of a run: a lease that is taken, renewed and given back by its token."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models.functions import Now
from django.utils.timezone import now

from rubric_studio.grading.models import Run, RunAnswer

# Only the sweeper breaks a lease that ran out: it counts the loss. A panel asks nobody itself.
TAKE = """
UPDATE grading_runanswer
SET token = token + 1, leased_until = now() + make_interval(secs => %(lease)s)
FROM grading_run
WHERE grading_runanswer.id = %(id)s AND grading_run.id = grading_runanswer.run_id
  AND grading_run.status IN ('queued', 'running')
  AND NOT EXISTS (
    SELECT FROM grading_judge j WHERE j.id = grading_run.judge_id AND j.kind = 'panel')
  AND finished_at_of_answer IS NULL AND leased_until IS NULL
  AND (next_attempt_at IS NULL OR next_attempt_at <= now())
RETURNING token, run_id
""".replace("finished_at_of_answer", "grading_runanswer.finished_at")


@dataclass(frozen=True, slots=True)
class Lease:
    run_answer_id: int
    run_id: UUID
    token: int

    @property
    def mine(self) -> dict[str, object]:
        """What holds of the row while the lease is ours."""
        return {"pk": self.run_answer_id, "token": self.token}


def take(run_answer_id: int) -> Lease | None:
    """The lease, or None: somebody else has it, or there is nothing to do."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"id": run_answer_id, "lease": settings.GRADING_LEASE_SECONDS})
        row = cursor.fetchone()
    if row is None:
        return None
    token, run_id = row
    Run.objects.filter(pk=run_id, status=Run.Status.QUEUED).update(
        status=Run.Status.RUNNING, started_at=Now()
    )
    return Lease(run_answer_id, run_id, token)


def renew(lease: Lease) -> bool:
    """Hold it for another while. False when it was broken meanwhile: nothing may be written."""
    rows = RunAnswer.objects.filter(**lease.mine, leased_until__isnull=False)
    return rows.update(leased_until=Now() + _length()) == 1


def give_back(lease: Lease, *, wait: float | None = None) -> bool:
    """Let somebody else take it, not before `wait` seconds. False when it was broken before."""
    next_attempt_at = None if wait is None else now() + timedelta(seconds=wait)
    rows = RunAnswer.objects.filter(**lease.mine, leased_until__isnull=False)
    return rows.update(leased_until=None, next_attempt_at=next_attempt_at) == 1


def _length() -> timedelta:
    return timedelta(seconds=settings.GRADING_LEASE_SECONDS)
