"""How far a run is: counted from its cells, never from counters."""

from dataclasses import dataclass

from django.db.models import Count, Q

from rubric_studio.grading.models import Grade, Run, Status


@dataclass(frozen=True, slots=True)
class Progress:
    total: int
    graded: int
    not_applicable: int
    cannot_assess: int
    failed: int
    cancelled: int
    pending: int
    reused: int

    @property
    def verdicts(self) -> int:
        return self.graded + self.not_applicable

    @property
    def without_verdict(self) -> int:
        """Cells that are over and have none."""
        return self.cannot_assess + self.failed + self.cancelled

    @property
    def judged(self) -> int:
        """Verdicts that this run asked for itself."""
        return self.verdicts - self.reused


def progress_of(run: Run) -> Progress:
    """One query."""
    counted = {status.value: Count("pk", filter=Q(status=status)) for status in Status}
    counts = Grade.objects.filter(run=run).aggregate(
        total=Count("pk"), reused=Count("pk", filter=Q(reused=True)), **counted
    )
    return Progress(**counts)
