"""New cells in one statement, each with the verdict of an earlier cell that asked the same."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from rubric_studio.accounts.models import Team
from rubric_studio.engine.document.types import Document
from rubric_studio.grading.cells import PlannedCell
from rubric_studio.grading.labels import level_values
from rubric_studio.grading.models import Run, RunAnswer

# The newest earlier grade of the same team for each fingerprint.
KNOWN = """
SELECT DISTINCT ON (g.fingerprint) g.fingerprint, g.id
FROM grading_grade g
JOIN grading_run r ON r.id = g.run_id
JOIN rubrics_question q ON q.id = r.question_id
JOIN rubrics_collection c ON c.id = q.collection_id
WHERE g.fingerprint = ANY(%s) AND g.status IN ('graded', 'not_applicable') AND c.team_id = %s
ORDER BY g.fingerprint, g.id DESC
"""

# The known grades come in by their ids: joined by fingerprint, the planner, which can't guess how
# few there are, compares every new cell with every known one.
INSERT = """
INSERT INTO grading_grade (
    run_id, run_answer_id, criterion_key, repeat, fingerprint, status, value, level, reason,
    quotes, graded_at, reused, error_code, error, attempts, prompt_tokens, completion_tokens, cost,
    is_check, call_id)
SELECT %s, cell.run_answer_id, cell.criterion_key, cell.repeat, cell.fingerprint,
    coalesce(known.status, 'pending'), known.value, coalesce(known.level, ''),
    coalesce(known.reason, ''), coalesce(known.quotes, '[]'::jsonb), known.graded_at,
    known.id IS NOT NULL, '', '', 0, 0, 0, 0, cell.is_check,
    known.call_id
FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::text[], %s::bigint[],
    %s::bool[]) WITH ORDINALITY
    AS cell(run_answer_id, criterion_key, repeat, fingerprint, known_id, is_check, place)
LEFT JOIN grading_grade known ON known.id = cell.known_id
ORDER BY cell.place
"""

# A level was chosen, not its value: that may be another one in this document.
REVALUE = """
UPDATE grading_grade AS g SET value = level.value
FROM unnest(%s::text[], %s::text[], %s::float8[]) AS level(criterion_key, label, value)
WHERE g.run_id = %s AND g.reused AND g.status = 'graded'
  AND g.criterion_key = level.criterion_key AND g.level = level.label
"""


def insert_cells(
    run: Run,
    team: Team,
    document: Document,
    run_answers: Sequence[RunAnswer],
    cells: Iterable[list[PlannedCell]],
) -> None:
    """The run's cells: waiting, or graded already by a copy that says so (`reused`)."""
    flat = [
        (run_answer.pk, cell)
        for run_answer, own in zip(run_answers, cells, strict=True)
        for cell in own
    ]
    known = known_grades(team, [cell.fingerprint for _, cell in flat])
    columns: list[list[Any]] = [
        [run_answer_id for run_answer_id, _ in flat],
        [cell.criterion_key for _, cell in flat],
        [cell.repeat for _, cell in flat],
        [cell.fingerprint for _, cell in flat],
        [known.get(cell.fingerprint) for _, cell in flat],
        [cell.is_check for _, cell in flat],
    ]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [run.pk, *columns])
    values = level_values(document)
    if values:
        keys, labels = zip(*values, strict=True)
        with connection.cursor() as cursor:
            cursor.execute(REVALUE, [list(keys), list(labels), list(values.values()), run.pk])


def known_grades(team: Team, fingerprints: Sequence[str]) -> dict[str, int]:
    """The ids of the grades that need not be asked again, by fingerprint."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [list(set(fingerprints)), team.pk])
        return dict(cursor.fetchall())
