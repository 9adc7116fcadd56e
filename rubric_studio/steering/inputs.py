"""What a report is measured from, as one hash: another hash, and a kept report is out of date."""

from hashlib import sha256
from typing import Any

from django.db.models import Count, Max

from rubric_studio.grading.models import (
    Adjudication,
    Comparison,
    Grade,
    Label,
    Probe,
    Run,
    RunAnswer,
    Status,
)
from rubric_studio.rubrics.linting import dismissals_of
from rubric_studio.steering.figures.registry import FIGURES

# Counted up when a figure changes what it measures or how it is kept.
MEASURED_AS = 8

# Of an answer, what its author may change without another run.
STATED = (
    "answer_id",
    "answer__revision",
    "answer__deleted_at",
    "answer__tier",
    "answer__band_low",
    "answer__band_high",
    "answer__anchor",
    "answer__expected_at",
    "answer__expected_by__name",
    "answer__name",
    "answer__is_held_out",
)
PROBED = (
    "answer_id",
    "base_id",
    "base__revision",
    "kind",
    "family",
    "criterion_key",
    "does",
    "could_fool",
    "expected",
    "stated_at",
)


def inputs_of(run: Run) -> str:
    """A hash of what the report on this run is measured from. A handful of queries.

    Who saw the run is not part of it: a look makes late only what is stated after it.
    """
    question = run.question_id
    labels = Label.objects.filter(answer__question=question)
    settled = Adjudication.objects.filter(answer__question=question)
    probes = Probe.objects.live().filter(answer__question=question).order_by("answer_id")
    # Rows of these are only ever added; one that takes another back is a row too.
    chosen = Comparison.objects.filter(question=question)
    waiting = Grade.objects.filter(run=run, status=Status.PENDING)
    said: list[Any] = [
        MEASURED_AS,
        [entry.kind.key for entry in FIGURES],
        run.status,
        run.finished_at,
        run.document_hash,
        list(RunAnswer.objects.filter(run=run).order_by("ordinal").values_list(*STATED)),
        labels.count(),
        labels.current().aggregate(Count("pk"), Max("created_at")),
        sorted(set(labels.values_list("author__name", flat=True).order_by())),
        # Opening a cell again adds no row: it leaves one fewer that is current.
        settled.count(),
        settled.current().aggregate(Count("pk"), Max("created_at")),
        list(probes.values_list(*PROBED)),
        chosen.aggregate(Count("pk"), Max("created_at")),
        sorted(map(repr, dismissals_of(run.question).items())),
        waiting.count() if run.is_live else 0,
    ]
    return sha256(repr(said).encode()).hexdigest()
