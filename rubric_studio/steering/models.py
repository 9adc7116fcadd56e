from django.db import models
from django.db.models.functions import Now

from rubric_studio.grading.models import Run


class StoredReport(models.Model):
    """A run's figures as they were measured, by source of the verdicts; never authored, so it may
    be measured anew at any time. In place of a source `since-<id of an earlier run>`: then it holds
    what moved since that run.

    `inputs` is a hash of all that it was measured from: another hash, and it is out of date.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="reports")
    verdicts_from = models.CharField(max_length=80)
    inputs = models.CharField(max_length=64, default="")
    # JSON of the figures' dataclasses, read and written as a whole.
    figures = models.TextField(blank=True, default="")  # "" while it was never measured
    # What it says as a whole, for lists of questions.
    verdict = models.CharField(max_length=24, default="")
    seconds = models.FloatField(default=0)
    measured_at = models.DateTimeField(db_default=Now())
    # When a worker was last asked to measure it; null once that is done.
    asked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "verdicts_from"], name="report_one_a_source"),
        ]

    def __str__(self) -> str:
        return f"Report on {self.run}, {self.verdicts_from}"
