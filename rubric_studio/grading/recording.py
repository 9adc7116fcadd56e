"""Outcomes into rows, in batches: the first verdict stands, and only the lease's holder writes."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import F

from rubric_studio.engine.judging.outcome import Outcome
from rubric_studio.grading.leases import Lease, renew
from rubric_studio.grading.models import Grade, Run, RunAnswer, Status

WRITE = """
UPDATE grading_grade AS g SET
    status = n.status, value = n.value, level = n.level, reason = n.reason, quotes = n.quotes,
    error_code = n.error_code, error = n.error, attempts = n.attempts,
    prompt_tokens = n.prompt_tokens, completion_tokens = n.completion_tokens, cost = n.cost,
    seconds = n.seconds, graded_at = now()
FROM unnest(
    %s::bigint[], %s::text[], %s::float8[], %s::text[], %s::text[], %s::jsonb[], %s::text[],
    %s::text[], %s::int[], %s::int[], %s::int[], %s::numeric[], %s::float8[])
    AS n(id, status, value, level, reason, quotes, error_code, error, attempts, prompt_tokens,
         completion_tokens, cost, seconds)
WHERE g.id = n.id AND g.run_answer_id = %s AND g.status = 'pending'
"""


@dataclass(frozen=True, slots=True)
class Row:
    """What becomes of one grade, in the order of WRITE's columns."""

    grade_id: int
    status: str
    value: float | None = None
    level: str = ""
    reason: str = ""
    quotes: str = "[]"
    error_code: str = ""
    error: str = ""
    attempts: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: Decimal = Decimal(0)
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Spending:
    """Calls made and paid for; `was_reserved` says that the run's budget had set it aside."""

    calls: int = 0
    cost: Decimal = Decimal(0)
    was_reserved: bool = False


def rows_of(grades: dict[str, int], outcome: Outcome, cost: Decimal) -> list[Row]:
    """The rows of one call's cells; `grades` are the waiting ones, criterion's key to id.

    A call's tokens and cost are shared out among all criteria that it judged.
    """
    shares = max(len(outcome.decisions), len(grades), 1)
    rows = [_row(key, grade_id, outcome) for key, grade_id in grades.items()]
    return [
        replace(
            row,
            attempts=outcome.attempts,
            prompt_tokens=outcome.prompt_tokens // shares,
            completion_tokens=outcome.completion_tokens // shares,
            cost=cost / shares,
            seconds=round(outcome.seconds, 4),
        )
        for row in rows
    ]


def _row(key: str, grade_id: int, outcome: Outcome) -> Row:
    if outcome.status == "failed":
        return Row(
            grade_id,
            Status.FAILED,
            error_code=outcome.error_code[:40],
            error=_keepable(outcome.error),
        )
    decision = outcome.decisions[key]
    quotes = [
        {"text": it.text, "start": it.start, "end": it.end, "found": it.found}
        for it in outcome.quotes.get(key, ())
    ]
    return Row(
        grade_id,
        decision.status,
        value=decision.value,
        level=_keepable(decision.level or ""),
        reason=_keepable(decision.reason),
        quotes=_keepable(json.dumps(quotes, ensure_ascii=False)),
    )


@transaction.atomic
def record(lease: Lease, rows: Sequence[Row], spending: Spending) -> bool:
    """Write what came in, and what it cost, in one transaction. False: the lease was broken, so
    the verdicts were thrown away; money that was spent is counted all the same."""
    is_mine = renew(lease)
    if is_mine and rows:
        columns = zip(*(_columns(row) for row in rows), strict=True)
        with connection.cursor() as cursor:
            cursor.execute(WRITE, [*(list(column) for column in columns), lease.run_answer_id])
    if spending.calls:
        _count(lease, spending, is_mine)
    return is_mine


def _count(lease: Lease, spending: Spending, is_mine: bool) -> None:
    run = Run.objects.filter(pk=lease.run_id)
    run.update(calls=F("calls") + spending.calls, cost=F("cost") + spending.cost)
    if spending.was_reserved and is_mine:
        holder = RunAnswer.objects.filter(pk=lease.run_answer_id)
        holder.update(reserved=F("reserved") - spending.cost)
    else:
        # What a vanished holder had reserved was counted as spent when its lease was broken.
        run.update(reserved=F("reserved") + spending.cost)


def fail_waiting(run_answer_id: int, code: str, message: str) -> int:
    """Give up on the answer's waiting cells, with the reason; how many."""
    waiting = Grade.objects.filter(run_answer=run_answer_id, status=Status.PENDING)
    return waiting.update(status=Status.FAILED, error_code=code, error=message)


def _columns(row: Row) -> Iterable[object]:
    return (
        row.grade_id,
        row.status,
        row.value,
        row.level,
        row.reason,
        row.quotes,
        row.error_code,
        row.error,
        row.attempts,
        row.prompt_tokens,
        row.completion_tokens,
        row.cost,
        row.seconds,
    )


def _keepable(text: str) -> str:
    """A judge may send what PostgreSQL keeps in no text: U+0000, lone surrogates."""
    text = text.replace("\0", "").replace("\\u0000", "")
    return text.encode(errors="replace").decode()
