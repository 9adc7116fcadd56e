"""Panels: several judges of whom the majority decides, each with a run of its own."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from rubric_studio.accounts.models import Team, User
from rubric_studio.engine.document.problems import Problem
from rubric_studio.engine.measuring.intervals import Proportion
from rubric_studio.grading.models import Grade, Judge, Run, RunAnswer, Status
from rubric_studio.grading.runs.cells import PlannedCell
from rubric_studio.grading.working.money import CENT
from rubric_studio.rubrics.editing.refusals import InvalidEdit

FEWEST, MOST = 2, 7
OVER = (Status.FAILED, Status.CANCELLED)  # cells that may be judged again


@transaction.atomic
def make_panel(team: Team, user: User, *, name: str, members: Sequence[Judge]) -> Judge:
    """A judge of the team whose verdicts are its members' majority. Raises InvalidEdit."""
    chosen = list({judge.pk: judge for judge in members}.values())
    problems = [*_name_problems(name), *_member_problems(team, chosen)]
    if problems:
        raise InvalidEdit(problems)
    panel = Judge.objects.create(
        team=team, kind=Judge.Kind.PANEL, name=name.strip(), created_by=user
    )
    panel.members.set(chosen)
    return panel


def _name_problems(name: str) -> list[Problem]:
    if not name.strip():
        return [Problem("/name", "Give the panel a name.")]
    if len(name.strip()) > 120 or "\0" in name:
        return [Problem("/name", "Give the panel a name of at most 120 letters.")]
    return []


def _member_problems(team: Team, members: Sequence[Judge]) -> list[Problem]:
    if not FEWEST <= len(members) <= MOST:
        message = f"A panel has {FEWEST} to {MOST} judges; an odd number can always decide."
        return [Problem("/members", message)]
    if any(it.team_id != team.pk or it.deleted_at is not None for it in members):
        return [Problem("/members", "Choose judges of this team that are still there.")]
    if any(it.is_panel for it in members):
        return [Problem("/members", "A panel is made of judges, not of panels.")]
    if any(it.is_demo for it in members):
        message = "The demo judge is near chance: its vote would decide at random. Leave it out."
        return [Problem("/members", message)]
    return []


def judges_of(judge: Judge) -> list[Judge]:
    """Whom a run by this judge asks: itself, or the panel's members in their order."""
    return list(judge.members.all()) if judge.is_panel else [judge]


def share_of(budget: Decimal | None, judges: int) -> Decimal | None:
    """Each judge's equal part of a budget, rounded down: together they never exceed it."""
    return None if budget is None else (budget / judges).quantize(CENT, rounding=ROUND_DOWN)


def own_cells(run: Run, cells: Iterable[list[PlannedCell]]) -> Iterator[list[PlannedCell]]:
    """The cells that this run keeps. Programs decide once, in the panel's own run; what its
    members decide there is nobody's answer to a prompt, so it is never copied as one."""
    for own in cells:
        if run.panel_id:
            yield [cell for cell in own if not cell.is_check]
        elif run.judge is not None and run.judge.is_panel:
            decided = f"panel {run.pk}"
            yield [it if it.is_check else replace(it, fingerprint=decided) for it in own]
        else:
            yield own


def part_of(panel: Run, judge: Judge, judges: int) -> Run:
    """The run, not saved yet, of one judge of the panel: the same, with its share of the money."""
    return Run(
        question=panel.question,
        panel=panel,
        judge=judge,
        version=panel.version,
        document=panel.document,
        document_hash=panel.document_hash,
        prompt_version=panel.prompt_version,
        prompt_rules=panel.prompt_rules,
        repeats=panel.repeats,
        criteria_per_call=panel.criteria_per_call,
        budget=share_of(panel.budget, judges),
        created_by=panel.created_by,
    )


def wake_parts(panel: Run, budget: Decimal | None) -> None:
    """Let the members judge again what they have no verdict on, where the panel has none; with
    their shares of the new budget, if there is one."""
    parts = Run.objects.filter(panel=panel)
    if budget is not None:
        parts.update(budget=share_of(budget, parts.count()))
    open_cells = Grade.objects.filter(
        run=panel,
        status__in=[*OVER, Status.PENDING],
        run_answer__answer=OuterRef("run_answer__answer"),
        criterion_key=OuterRef("criterion_key"),
        repeat=OuterRef("repeat"),
    )
    again = Grade.objects.filter(Exists(open_cells), run__panel=panel, status__in=OVER)
    again.update(status=Status.PENDING, error_code="", error="", attempts=0, call=None)


def held_answers(panel: Run) -> frozenset[uuid.UUID]:
    """The answers that one of the members' workers is at right now."""
    held = RunAnswer.objects.filter(run__panel=panel, leased_until__isnull=False, finished_at=None)
    return frozenset(held.values_list("answer_id", flat=True))


@dataclass(frozen=True)
class Concord:
    """One judge's run of a panel, and in how many of the cells that it and the panel both have a
    verdict on the two are the same."""

    run: Run
    alike: Proportion
    failed: int


# Checks are not in the members' runs.
ALIKE = """
SELECT a.run_id, count(*) FILTER (WHERE p.id IS NOT NULL), count(*) FILTER (
        WHERE p.status = one.status AND p.value IS NOT DISTINCT FROM one.value
        AND p.level = one.level),
    count(*) FILTER (WHERE one.status IN ('failed', 'cancelled'))
FROM grading_grade one
JOIN grading_runanswer a ON a.id = one.run_answer_id
JOIN grading_run part ON part.id = one.run_id
JOIN grading_runanswer b ON b.run_id = part.panel_id AND b.answer_id = a.answer_id
LEFT JOIN grading_grade p ON p.run_answer_id = b.id AND p.criterion_key = one.criterion_key
    AND p.repeat = one.repeat AND p.status IN ('graded', 'not_applicable')
    AND one.status IN ('graded', 'not_applicable')
WHERE part.panel_id = %s
GROUP BY a.run_id
"""


def concord_of(panel: Run) -> list[Concord]:
    """The panel's judges in their order. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(ALIKE, [panel.pk])
        counted = {run_id: counts for run_id, *counts in cursor.fetchall()}
    parts = Run.objects.filter(panel=panel).select_related("judge").defer("document")
    return [
        Concord(part, Proportion(alike, n), failed)
        for part in parts.order_by("ordinal")
        for n, alike, failed in [counted.get(part.pk, (0, 0, 0))]
    ]


@dataclass(frozen=True)
class CastVote:
    """What one judge of a panel said of a cell, of repeats the first; `run` is where."""

    run: Run
    grade: Grade


def votes_on(panel: Run, answer_id: uuid.UUID, criterion_key: str) -> list[CastVote]:
    """One query; none for a cell that a program decides."""
    grades = (
        Grade.objects.filter(
            run__panel=panel, run_answer__answer=answer_id, criterion_key=criterion_key, repeat=0
        )
        .select_related("run__judge")
        .defer("run__document")
        .order_by("run__ordinal")
    )
    return [CastVote(it.run, it) for it in grades]
