"""Who works on answers of a run: leases that are taken, renewed and given back by their tokens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.timezone import now

from rubric_studio.grading.models import Run, RunAnswer
from rubric_studio.grading.runs.locking import lock_run

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
RETURNING token, run_id, losses
""".replace("finished_at_of_answer", "grading_runanswer.finished_at")

# The run's next free answers with cells for the judge, until there is enough to do. Those that
# lost a worker before are left: each of them is taken alone, so that it is known which one it was.
# Of what is free at most a third is taken, so that other workers have some of the last ones.
TAKE_MORE = """
WITH free AS MATERIALIZED (
    SELECT id, ordinal FROM grading_runanswer
    WHERE run_id = %(run)s AND finished_at IS NULL AND leased_until IS NULL AND losses = 0
      AND (next_attempt_at IS NULL OR next_attempt_at <= now())
    ORDER BY ordinal LIMIT %(most)s FOR UPDATE SKIP LOCKED
), counted AS (
    SELECT id, sum(cells) OVER (ORDER BY ordinal) AS up_to, sum(cells) OVER () AS of_all
    FROM free, LATERAL (
        SELECT count(*) AS cells FROM grading_grade
        WHERE run_answer_id = free.id AND status = 'pending' AND NOT is_check
    ) AS waiting
    WHERE cells > 0
)
UPDATE grading_runanswer AS taken
SET token = token + 1, leased_until = now() + make_interval(secs => %(lease)s)
FROM counted
WHERE taken.id = counted.id AND up_to <= least(%(cells)s, of_all / 3)
RETURNING taken.id, token
"""
MOST_ANSWERS = 200  # that one worker looks at for more

# Another free answer of the same run, where no other run waits for a worker.
INSTEAD = """
SELECT free.id FROM grading_runanswer asked
JOIN grading_runanswer free ON free.run_id = asked.run_id
WHERE asked.id = %(id)s AND free.finished_at IS NULL AND free.leased_until IS NULL
  AND free.losses = 0 AND free.next_attempt_at IS NULL
  AND EXISTS (
    SELECT FROM grading_grade g
    WHERE g.run_answer_id = free.id AND g.status = 'pending' AND NOT g.is_check)
  AND NOT EXISTS (
    SELECT FROM grading_run other JOIN grading_runanswer its ON its.run_id = other.id
    WHERE other.status IN ('queued', 'running') AND other.id <> asked.run_id
      AND its.finished_at IS NULL AND its.leased_until IS NULL AND its.next_attempt_at IS NULL)
ORDER BY free.ordinal LIMIT 1
"""

HELD = """
FROM unnest(%(ids)s::bigint[], %(tokens)s::int[]) AS mine(id, token)
WHERE grading_runanswer.id = mine.id AND grading_runanswer.token = mine.token
  AND leased_until IS NOT NULL
"""
RENEW = f"""
UPDATE grading_runanswer SET leased_until = now() + make_interval(secs => %(seconds)s) {HELD}
"""
GIVE_BACK = f"""
UPDATE grading_runanswer SET leased_until = NULL, next_attempt_at = %(next)s {HELD}
"""


@dataclass(frozen=True, slots=True)
class Lease:
    """Answers of one run, by id, each with the token that it was taken with. The first one, whose
    message the worker got, is the holder: it carries what is reserved of the budget."""

    run_id: UUID
    tokens: Mapping[int, int]

    @property
    def ids(self) -> list[int]:
        return list(self.tokens)

    @property
    def holder(self) -> dict[str, object]:
        """What is true of the holder's row while the lease is ours."""
        holder_id, token = next(iter(self.tokens.items()))
        return {"pk": holder_id, "token": token}


def take(run_answer_id: int, cells: int = 0) -> Lease | None:
    """This answer, and of the run's others about `cells` cells more. None: somebody else has it, or
    there is nothing to do.

    With `cells`, where somebody has it already, another free answer of the run takes its place,
    unless other runs wait for a worker: the message would be spent on nothing.
    """
    values = {"id": run_answer_id, "lease": settings.GRADING_LEASE_SECONDS}
    with connection.cursor() as cursor:
        cursor.execute(TAKE, values)
        row = cursor.fetchone()
        if row is None and cells:
            cursor.execute(INSTEAD, values)
            for (values["id"],) in cursor.fetchall():
                cursor.execute(TAKE, values)
                row = cursor.fetchone()
        if row is None:
            return None
        token, run_id, losses = row
        tokens = {values["id"]: token}
        if cells and not losses:
            more = {**values, "run": run_id, "cells": cells, "most": MOST_ANSWERS}
            cursor.execute(TAKE_MORE, more)
            tokens |= dict(cursor.fetchall())
    Run.objects.filter(pk=run_id, status=Run.Status.QUEUED).update(
        status=Run.Status.RUNNING, started_at=Now()
    )
    return Lease(run_id, tokens)


@transaction.atomic
def renew(lease: Lease) -> bool:
    """Hold it for another while. False when a part of it was broken meanwhile: nothing may be
    written."""
    lock_run(lease.run_id)
    return extend(lease)


def extend(lease: Lease) -> bool:
    """The same, by whoever has locked the run."""
    return _touch(RENEW, lease, seconds=settings.GRADING_LEASE_SECONDS) == len(lease.tokens)


@transaction.atomic
def give_back(lease: Lease, *, wait: float | None = None) -> bool:
    """Let somebody else take it, not before `wait` seconds. False when a part was broken before."""
    next_attempt_at = None if wait is None else now() + timedelta(seconds=wait)
    lock_run(lease.run_id)
    return _touch(GIVE_BACK, lease, next=next_attempt_at) == len(lease.tokens)


@transaction.atomic
def wake(lease: Lease) -> None:
    """What was given back to wait need not wait any more."""
    lock_run(lease.run_id)
    given_back = RunAnswer.objects.filter(pk__in=lease.ids, leased_until=None, finished_at=None)
    given_back.update(next_attempt_at=None, enqueued_at=None)


def _touch(statement: str, lease: Lease, **values: int | datetime | None) -> int:
    parameters: dict[str, Any] = {"ids": lease.ids, "tokens": list(lease.tokens.values()), **values}
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)
