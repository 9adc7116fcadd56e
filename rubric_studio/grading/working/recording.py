"""Outcomes into rows, in batches: the first verdict stands, and only the lease's holder writes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import orjson
from django.db import connection, transaction
from django.db.models import F
from django.utils.timezone import now

from rubric_studio.engine.judging.outcome import Cell, Outcome
from rubric_studio.grading.models import Grade, Run, RunAnswer, Status
from rubric_studio.grading.runs.locking import lock_run, lock_runs_of
from rubric_studio.grading.working.jobs import Waiting
from rubric_studio.grading.working.leases import Lease, extend

# One statement, two parameters: the calls with what was asked and answered, and the grades, which
# name their call by its place in the first list. JSON is read several times faster than arrays.
# A cell that was cancelled while its call was in flight keeps the verdict: it is paid for. Without
# a verdict it stays cancelled: what waits in a run that nobody works on is found by no resuming.
WRITE = """
WITH asked AS MATERIALIZED (
    SELECT nextval('grading_call_id_seq') AS id, it.* FROM ROWS FROM (
        json_to_recordset(%s::json) AS (
            run_answer_id bigint, criterion_keys jsonb, repeat int, nonce text, prompt_hash text,
            reply text, attempts jsonb, prompt_tokens int, completion_tokens int, cost numeric,
            seconds float8)
    ) WITH ORDINALITY AS it(run_answer_id, criterion_keys, repeat, nonce, prompt_hash, reply,
        attempts, prompt_tokens, completion_tokens, cost, seconds, place)
), kept AS (
    INSERT INTO grading_call (id, run_answer_id, criterion_keys, repeat, nonce, prompt_hash,
        reply, attempts, prompt_tokens, completion_tokens, cost, seconds)
    SELECT id, run_answer_id, criterion_keys, repeat, nonce, prompt_hash, reply, attempts,
        prompt_tokens, completion_tokens, cost, seconds
    FROM asked
)
UPDATE grading_grade AS g SET
    status = CASE WHEN n.status = 'pending' THEN g.status ELSE n.status END,
    value = n.value, level = n.level, reason = n.reason, quotes = n.quotes,
    error_code = n.error_code, error = n.error, attempts = n.attempts,
    prompt_tokens = g.prompt_tokens + n.prompt_tokens,
    completion_tokens = g.completion_tokens + n.completion_tokens, cost = g.cost + n.cost,
    seconds = coalesce(g.seconds, 0) + n.seconds, call_id = asked.id,
    graded_at = CASE WHEN n.status <> 'pending' THEN now() END
FROM json_to_recordset(%s::json) AS n(
    id bigint, status text, value float8, level text, reason text, quotes jsonb, error_code text,
    error text, attempts int, prompt_tokens int, completion_tokens int, cost numeric,
    seconds float8, place bigint)
LEFT JOIN asked ON asked.place = n.place
WHERE g.id = n.id AND g.run_answer_id = ANY(%s) AND g.status IN ('pending', 'cancelled')
"""


@dataclass(slots=True)
class Batch:
    """What came in and is to be written: rows of both tables, and what the calls cost."""

    calls: list[dict[str, object]] = field(default_factory=list)
    grades: list[dict[str, object]] = field(default_factory=list)
    sent: int = 0
    cost: Decimal = Decimal(0)
    was_reserved: bool = False  # the run's budget had set the cost aside

    def add(self, cell: Cell, waiting: Waiting, outcome: Outcome, cost: Decimal) -> None:
        """Take in what became of one call. Of one that is still to be judged is kept what was
        asked and paid, and how many of its attempts are used up."""
        self.sent += outcome.calls
        self.cost += cost
        place = None
        if outcome.evidence is not None:
            self.calls.append(_call(cell, waiting, outcome, cost))
            place = len(self.calls)
        if outcome.status != "stopped" or place is not None:
            self.grades += _grades(waiting.grades, outcome, cost, place)


def _call(cell: Cell, waiting: Waiting, outcome: Outcome, cost: Decimal) -> dict[str, object]:
    evidence = outcome.evidence
    assert evidence is not None
    return {
        "run_answer_id": waiting.run_answer_id,
        "criterion_keys": [criterion.key for criterion in cell.criteria],
        "repeat": waiting.repeat,
        "nonce": evidence.nonce,
        "prompt_hash": evidence.prompt_hash,
        "reply": _keepable(evidence.reply),
        "attempts": [
            {
                "at": round(it.at, 3),
                "seconds": round(it.seconds, 4),
                "code": it.code,
                "message": _keepable(it.message),
            }
            for it in evidence.attempts
        ],
        "prompt_tokens": outcome.prompt_tokens,
        "completion_tokens": outcome.completion_tokens,
        "cost": str(cost),
        "seconds": round(outcome.seconds, 4),
    }


def _grades(
    grades: dict[str, int], outcome: Outcome, cost: Decimal, place: int | None
) -> list[dict[str, object]]:
    """A call's tokens and cost are shared out among all criteria that it judged."""
    shares = max(len(outcome.decisions), len(grades), 1)
    shared = {
        "attempts": outcome.attempts,
        "prompt_tokens": outcome.prompt_tokens // shares,
        "completion_tokens": outcome.completion_tokens // shares,
        "cost": str(cost / shares),
        "seconds": round(outcome.seconds, 4),
        "place": place,
    }
    return [
        {"id": grade_id, **_verdict(key, outcome), **shared} for key, grade_id in grades.items()
    ]


def _verdict(key: str, outcome: Outcome) -> dict[str, object]:
    verdict: dict[str, object] = {
        "value": None,
        "level": "",
        "reason": "",
        "quotes": [],
        "error_code": "",
        "error": "",
    }
    if outcome.status == "stopped":
        return {**verdict, "status": Status.PENDING.value}
    if outcome.status == "failed":
        code, error = outcome.error_code[:40], _keepable(outcome.error)
        return {**verdict, "status": Status.FAILED.value, "error_code": code, "error": error}
    decision = outcome.decisions[key]
    return {
        **verdict,
        "status": decision.status,
        "value": decision.value,
        "level": _keepable(decision.level or ""),
        "reason": _keepable(decision.reason),
        "quotes": [
            {"text": _keepable(it.text), "start": it.start, "end": it.end, "found": it.found}
            for it in outcome.quotes.get(key, ())
        ],
    }


@transaction.atomic
def record(lease: Lease, batch: Batch) -> bool:
    """Write what came in, and what it cost, in one transaction. False: the lease was broken, so
    the verdicts were thrown away; money that was spent is counted all the same."""
    lock_run(lease.run_id)
    is_mine = extend(lease)
    if is_mine and (batch.calls or batch.grades):
        calls, grades = (orjson.dumps(it).decode() for it in (batch.calls, batch.grades))
        with connection.cursor() as cursor:
            cursor.execute(WRITE, [calls, grades, lease.ids])
    if batch.sent:
        _count(lease, batch, is_mine)
    return is_mine


def _count(lease: Lease, batch: Batch, is_mine: bool) -> None:
    run = Run.objects.filter(pk=lease.run_id)
    run.update(calls=F("calls") + batch.sent, cost=F("cost") + batch.cost)
    if batch.was_reserved and is_mine:
        holder = RunAnswer.objects.filter(**lease.holder)
        holder.update(reserved=F("reserved") - batch.cost)
    else:
        # What a vanished holder had reserved was counted as spent when its lease was broken.
        run.update(reserved=F("reserved") + batch.cost)


@transaction.atomic
def fail_waiting(run_answer_ids: Sequence[int], code: str, message: str) -> int:
    """Give up on the answers' cells that wait for the judge, with the reason; how many."""
    lock_runs_of(run_answer_ids)
    waiting = Grade.objects.filter(
        run_answer__in=run_answer_ids, status=Status.PENDING, is_check=False
    )
    return waiting.update(status=Status.FAILED, error_code=code, error=message, graded_at=now())


def _keepable(text: str) -> str:
    """A judge may send what PostgreSQL keeps in no text: U+0000, lone surrogates."""
    return text.replace("\0", "").encode(errors="replace").decode()
