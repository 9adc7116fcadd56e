"""New cells in one statement, each with the verdict of an earlier cell that asked the same."""

from collections.abc import Iterable, Sequence

from django.db import connection

from rubric_studio.accounts.models import Team
from rubric_studio.engine.document.types import Document
from rubric_studio.grading.cells import PlannedCell
from rubric_studio.grading.labels import level_values
from rubric_studio.grading.models import Run, RunAnswer

# The newest earlier grade of the same team with the same fingerprint, where there is one.
KNOWN = """
LEFT JOIN LATERAL (
    SELECT g.status, g.value, g.level, g.reason, g.quotes, g.graded_at
    FROM grading_grade g
    JOIN grading_run r ON r.id = g.run_id
    JOIN rubrics_question q ON q.id = r.question_id
    JOIN rubrics_collection c ON c.id = q.collection_id
    WHERE g.fingerprint = cell.fingerprint
      AND g.status IN ('graded', 'not_applicable')
      AND c.team_id = %(team)s
    ORDER BY g.id DESC LIMIT 1
) known ON true
"""

INSERT = f"""
INSERT INTO grading_grade (
    run_id, run_answer_id, criterion_key, repeat, fingerprint, status, value, level, reason,
    quotes, graded_at, reused, error_code, error, attempts, prompt_tokens, completion_tokens, cost)
SELECT %(run)s, cell.run_answer_id, cell.criterion_key, cell.repeat, cell.fingerprint,
    coalesce(known.status, 'pending'), known.value, coalesce(known.level, ''),
    coalesce(known.reason, ''), coalesce(known.quotes, '[]'::jsonb), known.graded_at,
    known.status IS NOT NULL, '', '', 0, 0, 0, 0
FROM unnest(%(answers)s::bigint[], %(keys)s::text[], %(repeats)s::int[], %(fingerprints)s::text[])
    AS cell(run_answer_id, criterion_key, repeat, fingerprint)
{KNOWN}
"""

# A level was chosen, not its value: that may be another one in this document.
REVALUE = """
UPDATE grading_grade AS g SET value = level.value
FROM unnest(%s::text[], %s::text[], %s::float8[]) AS level(criterion_key, label, value)
WHERE g.run_id = %s AND g.reused AND g.status = 'graded'
  AND g.criterion_key = level.criterion_key AND g.level = level.label
"""

COUNT = f"""
SELECT count(*), count(known.status)
FROM unnest(%(fingerprints)s::text[]) AS cell(fingerprint)
{KNOWN}
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
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT,
            {
                "run": run.pk,
                "team": team.pk,
                "answers": [run_answer_id for run_answer_id, _ in flat],
                "keys": [cell.criterion_key for _, cell in flat],
                "repeats": [cell.repeat for _, cell in flat],
                "fingerprints": [cell.fingerprint for _, cell in flat],
            },
        )
    values = level_values(document)
    if values:
        keys, labels = zip(*values, strict=True)
        with connection.cursor() as cursor:
            cursor.execute(REVALUE, [list(keys), list(labels), list(values.values()), run.pk])


def count_known(team: Team, fingerprints: Sequence[str]) -> tuple[int, int]:
    """How many cells there are, and how many of them are known already."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"team": team.pk, "fingerprints": list(fingerprints)})
        total, known = cursor.fetchone()
    return total, known
