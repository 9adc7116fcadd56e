"""A panel's run, folded from its members' runs: decided from rows, by whoever looks.

An answer is folded once every member is through with it. Folding twice changes nothing, and a
worker that ends half-way leaves the rest to the next one, or to the sweeper.
"""

import json
import uuid
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from itertools import batched

from django.db import connection, transaction
from django.db.models import Exists, Min, OuterRef, Sum
from django.utils.timezone import now

from rubric_studio.grading.models import Grade, Judge, Run, RunAnswer, Status
from rubric_studio.grading.runs.majority import Decided, Vote, decide

ANSWERS_AT_ONCE = 20
LIVE = (Run.Status.QUEUED, Run.Status.RUNNING)

WRITE = """
UPDATE grading_grade AS g SET
    status = n.status, value = n.value, level = n.level, reason = n.reason, quotes = n.quotes,
    error_code = n.error_code, error = n.error, reused = n.reused, graded_at = now()
FROM unnest(
    %s::bigint[], %s::text[], %s::float8[], %s::text[], %s::text[], %s::jsonb[], %s::text[],
    %s::text[], %s::bool[])
    AS n(id, status, value, level, reason, quotes, error_code, error, reused)
WHERE g.id = n.id AND g.status = 'pending'
"""

Cell = tuple[uuid.UUID, str, int]  # answer's id, criterion's key, repeat


def fold(run_id: uuid.UUID) -> uuid.UUID | None:
    """Bring the panel's run of this run (its own, or the one it is a part of) up to date.

    Returns its id while it goes on; None for a run without a panel, or one that is over.
    """
    panel_id = _panel_of(run_id)
    if panel_id is None:
        return None
    with transaction.atomic():
        # Resuming takes the same lock: votes that are asked anew are never folded as they were.
        panels = Run.objects.select_for_update(no_key=True, of=("self",)).defer("document")
        panel = panels.get(pk=panel_id)
        _note_spending(panel)
        if panel.status not in LIVE:
            return None
        for run_answers in batched(_through(panel), ANSWERS_AT_ONCE):
            _decide(panel, run_answers)
        _note_members(panel)
    return panel.pk


def _panel_of(run_id: uuid.UUID) -> uuid.UUID | None:
    panel_id, kind = Run.objects.values_list("panel_id", "judge__kind").get(pk=run_id)
    if kind == Judge.Kind.PANEL:
        return run_id
    return panel_id


def _through(panel: Run) -> list[RunAnswer]:
    """The panel's answers with waiting cells that every member is through with."""
    waiting = Grade.objects.filter(run_answer=OuterRef("pk"), status=Status.PENDING, is_check=False)
    still = RunAnswer.objects.filter(run__panel=panel, answer=OuterRef("answer"), finished_at=None)
    rows = RunAnswer.objects.filter(~Exists(still), Exists(waiting), run=panel, finished_at=None)
    return list(rows.only("pk", "answer_id"))


def _decide(panel: Run, run_answers: Sequence[RunAnswer]) -> None:
    votes = _votes(panel, [it.answer_id for it in run_answers])
    waiting = Grade.objects.filter(
        run_answer__in=run_answers, status=Status.PENDING, is_check=False
    ).values_list("pk", "run_answer__answer_id", "criterion_key", "repeat")
    rows = [
        _row(pk, decide(said), all(vote.reused for vote in said))
        for pk, answer_id, key, repeat in waiting
        if (said := votes[answer_id, key, repeat])
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(WRITE, [list(column) for column in zip(*rows, strict=True)])


def _votes(panel: Run, answer_ids: Sequence[uuid.UUID]) -> dict[Cell, list[Vote]]:
    rows = (
        Grade.objects.filter(run__panel=panel, run_answer__answer__in=answer_ids)
        .order_by("run__ordinal", "pk")
        .select_related("run__judge", "run_answer")
        .defer("run__document", "run_answer__text", "run_answer__messages")
    )
    votes: defaultdict[Cell, list[Vote]] = defaultdict(list)
    for it in rows:
        votes[it.run_answer.answer_id, it.criterion_key, it.repeat].append(vote_of(it))
    return votes


def vote_of(grade: Grade) -> Vote:
    return Vote(
        judge=str(grade.run.judge),
        status=grade.status,
        value=grade.value,
        level=grade.level,
        reason=grade.reason,
        quotes=grade.quotes,
        error=grade.error,
        reused=grade.reused,
    )


def _row(grade_id: int, decided: Decided, reused: bool) -> tuple[object, ...]:
    return (
        grade_id,
        decided.status,
        decided.value,
        decided.level,
        decided.reason,
        json.dumps(list(decided.quotes), ensure_ascii=False),
        decided.error_code,
        decided.error,
        reused,
    )


def _note_spending(panel: Run) -> None:
    """What the members spent, also when calls in flight are paid for after the end."""
    spent = Run.objects.filter(panel=panel).aggregate(calls=Sum("calls"), cost=Sum("cost"))
    panel.calls, panel.cost = spent["calls"] or 0, spent["cost"] or Decimal(0)
    panel.save(update_fields=["calls", "cost"])


def _note_members(panel: Run) -> None:
    """That one of the members has begun, or that money keeps what is left waiting."""
    members = Run.objects.filter(panel=panel)
    began = members.aggregate(began=Min("started_at"))["began"]
    panel.started_at = panel.started_at or began
    if panel.status == Run.Status.QUEUED and panel.started_at:
        panel.status = Run.Status.RUNNING
    states = set(members.values_list("status", flat=True))
    if Run.Status.PAUSED_BUDGET in states and states.isdisjoint(LIVE):
        panel.status, panel.finished_at = Run.Status.PAUSED_BUDGET, now()
    panel.save(update_fields=["started_at", "status", "finished_at"])
