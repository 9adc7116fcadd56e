"""What workers do for reports. Arguments are ids; everything may run twice."""

from celery import shared_task

from rubric_studio.steering.reading import measure_ahead, measure_asked


@shared_task(ignore_result=True)
def measure_report(stored_report_id: int) -> None:
    """Measure a report that somebody waits for."""
    measure_asked(stored_report_id)


@shared_task(ignore_result=True)
def measure_reports() -> None:
    """Find runs that ended and were not measured. Sent by beat every GRADING_SWEEP_SECONDS."""
    measure_ahead()
