"""What a page that watches a run has seen, so that only what changed is sent again."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString
from django.utils.timezone import now

from rubric_studio.grading.judges.resting import resting_sentence
from rubric_studio.grading.models import Grade
from rubric_studio.grading.page.matrix import Matrix
from rubric_studio.grading.page.sheet import Sheet
from rubric_studio.grading.page.waiting import waiting_sentence

# Rows are stamped when they are written and seen when they are committed.
OVERLAP = timedelta(seconds=5)


@dataclass(frozen=True)
class Pulse:
    """`seen` differs whenever the page would; `at` is when; `held` the answers with a worker."""

    seen: str
    at: str
    held: str


def pulse_of(sheet: Sheet) -> Pulse:
    run, progress = sheet.run, sheet.progress
    held = ".".join(sorted(it.letter for it in sheet.answers if it.pk in sheet.held))
    resting = resting_sentence(run.judge) if run and run.is_live else ""
    state = (
        progress,
        held,
        resting,
        waiting_sentence(run),
        run and (run.status, run.cost, run.budget),
    )
    digest = hashlib.sha256(repr(state).encode()).hexdigest()[:16]
    return Pulse(digest, now().isoformat(), held)


def changed_cells(matrix: Matrix, at: str, held: str) -> list[SafeString]:
    """The cells that may look different since then; all of them once the run is over."""
    sheet = matrix.sheet
    since = _moment(at)
    changed: set[tuple[object, str]] | None = None
    if sheet.run is not None and sheet.run.is_live and since is not None:
        rows = Grade.objects.filter(run=sheet.run, graded_at__gt=since - OVERLAP)
        changed = set(rows.values_list("run_answer__answer_id", "criterion_key"))
    before = set(held.split("."))
    drawn = []
    for answer in matrix.answers:
        was_taken_up = (answer.letter in before) != (answer.pk in sheet.held)
        for entry in matrix.outline.entries:
            key = entry.criterion.key
            if changed is None or was_taken_up or (answer.pk, key) in changed:
                drawn.append(matrix.cell(answer, entry.criterion, is_update=True))
    return drawn


def _moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None
