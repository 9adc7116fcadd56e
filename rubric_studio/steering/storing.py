"""Reports as kept: measured once for given inputs, then read."""

from hashlib import sha256
from time import process_time
from typing import Any

from django.db.models import Count, Max
from pydantic import TypeAdapter

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
from rubric_studio.rubrics.models import LintDismissal
from rubric_studio.steering.assessment import Report
from rubric_studio.steering.figures.figure import Figure
from rubric_studio.steering.figures.registry import FIGURES
from rubric_studio.steering.models import StoredReport
from rubric_studio.steering.report import report_of
from rubric_studio.steering.samples import VerdictsFrom

# Counted up when a figure changes what it measures or how it is kept.
MEASURED_AS = 7

_KINDS: dict[str, TypeAdapter[Figure]] = {}


def stored_report(run: Run, *, verdicts_from: VerdictsFrom = "run") -> Report:
    """The report as it is kept, measured and kept first where it is missing or out of date."""
    key, inputs = str(verdicts_from), inputs_of(run)
    kept = StoredReport.objects.filter(run=run, verdicts_from=key, inputs=inputs).first()
    if kept is not None:
        return report_from_text(kept.figures)
    started = process_time()
    report = report_of(run, verdicts_from=verdicts_from)
    # What was put in meanwhile is another hash: then this is measured again when it is read.
    StoredReport.objects.update_or_create(
        run=run,
        verdicts_from=key,
        defaults={
            "inputs": inputs,
            "figures": report_as_text(report),
            "verdict": report.verdict,
            "seconds": process_time() - started,
        },
    )
    return report


def inputs_of(run: Run) -> str:
    """A hash of what the report on this run is measured from. A handful of queries."""
    answers = RunAnswer.objects.filter(run=run).order_by("ordinal")
    stated = answers.values_list(
        "answer_id",
        "answer__revision",
        "answer__deleted_at",
        "answer__tier",
        "answer__band_low",
        "answer__band_high",
        "answer__anchor",
        "answer__expected_at",
        "answer__name",
        "answer__is_held_out",
    )
    labels = Label.objects.filter(answer__question=run.question_id)
    settled = Adjudication.objects.filter(answer__question=run.question_id)
    probes = Probe.objects.filter(answer__question=run.question_id)
    chosen = Comparison.objects.filter(question=run.question_id)
    waiting = Grade.objects.filter(run=run, status=Status.PENDING)
    said: list[Any] = [
        MEASURED_AS,
        [entry.kind.key for entry in FIGURES],
        run.status,
        run.finished_at,
        run.document_hash,
        list(stated),
        labels.count(),
        labels.current().aggregate(Count("pk"), Max("created_at")),
        settled.aggregate(Count("pk"), Max("created_at")),
        probes.aggregate(Count("pk"), Max("stated_at")),
        chosen.aggregate(Count("pk"), Max("created_at")),
        LintDismissal.objects.filter(question=run.question_id).count(),
        waiting.count() if run.is_live else 0,
    ]
    return sha256(repr(said).encode()).hexdigest()


def report_as_text(report: Report) -> str:
    figures = {it.key: _kind(it.key).dump_python(it, mode="json") for it in report.figures}
    kept = {"is_tested": report.is_tested, "figures": figures}
    return _WHOLE.dump_json(kept).decode()


def report_from_text(text: str) -> Report:
    """Raises pydantic.ValidationError for what was not kept by this version of the figures."""
    kept = _WHOLE.validate_json(text)
    return Report(
        figures=tuple(
            _kind(entry.kind.key).validate_python(kept["figures"][entry.kind.key])
            for entry in FIGURES
        ),
        is_tested=kept["is_tested"],
    )


_WHOLE: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])


def _kind(key: str) -> TypeAdapter[Figure]:
    if not _KINDS:
        _KINDS.update((it.kind.key, TypeAdapter(it.kind)) for it in FIGURES)
    return _KINDS[key]
