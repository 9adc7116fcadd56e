"""New cells in one statement, each with the verdict of an earlier cell that asked the same."""

from collections.abc import Iterable, Sequence

from django.db import connection

from rubric_studio.accounts.models import Team
from rubric_studio.engine.document.types import Document
from rubric_studio.grading.labels import level_values
from rubric_studio.grading.models import Run, RunAnswer
from rubric_studio.grading.runs.cells import PlannedCell

# The newest earlier grade of the same team for each fingerprint.
KNOWN = """
SELECT DISTINCT ON (g.fingerprint) g.fingerprint, g.id
FROM grading_grade g
JOIN grading_run r ON r.id = g.run_id
JOIN rubrics_question q ON q.id = r.question_id
JOIN rubrics_collection c ON c.id = q.collection_id
WHERE g.fingerprint = ANY(string_to_array(%s, ',')) AND c.team_id = %s
  AND g.status IN ('graded', 'not_applicable')
ORDER BY g.fingerprint, g.id DESC
"""

# The known grades come in by their ids: joined by fingerprint, the planner, which can't guess how
# few there are, compares every new cell with every known one. Columns come in as one text each, of
# numbers, hashes and letters with commas between: arrays of 50,000 take a second to be quoted.
INSERT = """
INSERT INTO grading_grade (
    run_id, run_answer_id, criterion_key, repeat, fingerprint, status, value, level, reason,
    quotes, graded_at, reused, error_code, error, attempts, prompt_tokens, completion_tokens, cost,
    is_check, call_id)
SELECT %s, cell.run_answer_id, criterion.key, cell.repeat, cell.fingerprint,
    coalesce(known.status, 'pending'), known.value, coalesce(known.level, ''),
    coalesce(known.reason, ''), coalesce(known.quotes, '[]'::jsonb), known.graded_at,
    known.id IS NOT NULL, '', '', 0, 0, 0, 0, cell.is_check,
    known.call_id
FROM unnest(
    string_to_array(%s, ',')::bigint[], string_to_array(%s, ',')::int[],
    string_to_array(%s, ',')::int[], string_to_array(%s, ','),
    string_to_array(%s, ',', '')::bigint[], string_to_array(%s, ',')::bool[]) WITH ORDINALITY
    AS cell(run_answer_id, criterion, repeat, fingerprint, known_id, is_check, place)
JOIN unnest(%s::text[]) WITH ORDINALITY AS criterion(key, number)
    ON criterion.number = cell.criterion
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
    pks = [it.pk for it in run_answers]
    flat = [(pk, cell) for pk, own in zip(pks, cells, strict=True) for cell in own]
    known = known_grades(team, [cell.fingerprint for _, cell in flat])
    keys = [it.key for it in document.criteria]
    numbers = {key: number for number, key in enumerate(keys, start=1)}
    columns = [
        _listed(run_answer_id for run_answer_id, _ in flat),
        _listed(numbers[cell.criterion_key] for _, cell in flat),
        _listed(cell.repeat for _, cell in flat),
        _listed(cell.fingerprint for _, cell in flat),
        _listed(known.get(cell.fingerprint, "") for _, cell in flat),
        _listed("t" if cell.is_check else "f" for _, cell in flat),
    ]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [run.pk, *columns, keys])
    values = level_values(document)
    if values:
        leveled, labels = zip(*values, strict=True)
        with connection.cursor() as cursor:
            cursor.execute(REVALUE, [list(leveled), list(labels), [*values.values()], run.pk])


def known_grades(team: Team, fingerprints: Sequence[str]) -> dict[str, int]:
    """The ids of the grades that need not be asked again, by fingerprint."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [_listed(set(fingerprints)), team.pk])
        return dict(cursor.fetchall())


def _listed(values: Iterable[object]) -> str:
    return ",".join(map(str, values))
