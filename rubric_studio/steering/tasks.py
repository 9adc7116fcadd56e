"""What workers do for reports. Arguments are ids; everything may run twice."""

from celery import shared_task

from rubric_studio.steering.models import StoredReport
from rubric_studio.steering.moves import SINCE, measure_move
from rubric_studio.steering.reading import measure_ahead, measure_asked


@shared_task(ignore_result=True)
def measure_report(stored_report_id: int) -> None:
    """Measure a report, or what moved between two runs, that somebody waits for."""
    rows = StoredReport.objects.select_related("run__question").defer("figures")
    row = rows.filter(pk=stored_report_id).first()
    if row is None:  # its run has been deleted
        return
    if row.verdicts_from.startswith(SINCE):
        measure_move(row)
    else:
        measure_asked(row)


@shared_task(ignore_result=True)
def measure_reports() -> None:
    """Find runs that ended and were not measured. Sent by beat every GRADING_SWEEP_SECONDS."""
    measure_ahead()
