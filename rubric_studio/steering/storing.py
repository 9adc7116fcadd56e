"""Reports as kept: measured once for given inputs, then read."""

import logging
from dataclasses import dataclass
from datetime import datetime
from time import process_time
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import now
from pydantic import TypeAdapter, ValidationError

from rubric_studio.grading.models import Run
from rubric_studio.steering.assessment import Report
from rubric_studio.steering.figures.figure import Figure
from rubric_studio.steering.figures.registry import FIGURES
from rubric_studio.steering.inputs import inputs_of
from rubric_studio.steering.models import StoredReport
from rubric_studio.steering.report import report_of
from rubric_studio.steering.samples import VerdictsFrom

logger = logging.getLogger(__name__)

_KINDS: dict[str, TypeAdapter[Figure]] = {}


@dataclass(frozen=True, slots=True)
class Kept:
    """A report as it was measured; `is_current` while nothing that it rests on has changed."""

    report: Report
    is_current: bool
    measured_at: datetime


def kept_report(run: Run, verdicts_from: VerdictsFrom, inputs: str) -> Kept | None:
    """What is kept, None where nothing is, or nothing that can still be read."""
    kept = _kept(run, verdicts_from).first()
    if kept is None:
        return None
    try:
        return Kept(report_from_text(kept.figures), kept.inputs == inputs, kept.measured_at)
    except (ValidationError, KeyError):
        # Figures have changed since; it is measured anew, and nobody wrote what is lost. Without
        # its inputs it passes for current nowhere, also where it is not read.
        logger.info("The kept report on run %s is of an older kind", run.pk)
        StoredReport.objects.filter(pk=kept.pk, inputs=kept.inputs).update(inputs="")
        return None


def is_kept(run: Run, verdicts_from: VerdictsFrom, inputs: str) -> bool:
    """Whether a report on these inputs is kept. Nothing of it is read: it has megabytes."""
    return _kept(run, verdicts_from).filter(inputs=inputs).exists()


def stored_report(run: Run, *, verdicts_from: VerdictsFrom = "run") -> Report:
    """The report as it is kept, measured and kept first where it is missing or out of date."""
    inputs = inputs_of(run)
    kept = kept_report(run, verdicts_from, inputs)
    if kept is not None and kept.is_current:
        return kept.report
    return measured_report(run, verdicts_from, inputs).report


def measured_report(run: Run, verdicts_from: VerdictsFrom, inputs: str) -> Kept:
    """Measure and keep it. `inputs` are those of before: what was put in meanwhile is another hash,
    and then it is measured again when it is read."""
    started, measured_at = process_time(), now()
    report = report_of(run, verdicts_from=verdicts_from)
    StoredReport.objects.update_or_create(
        run=run,
        verdicts_from=verdicts_from,
        defaults={
            "inputs": inputs,
            "figures": report_as_text(report),
            "verdict": report.verdict,
            "seconds": process_time() - started,
            "measured_at": measured_at,
            "asked_at": None,
        },
    )
    return Kept(report, is_current=True, measured_at=measured_at)


def _kept(run: Run, verdicts_from: VerdictsFrom) -> QuerySet[StoredReport]:
    return StoredReport.objects.filter(run=run, verdicts_from=verdicts_from).exclude(figures="")


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
