from django.db import models

from rubric_studio.grading.models.call import Call
from rubric_studio.grading.models.run import Run, RunAnswer


class Status(models.TextChoices):
    PENDING = "pending", "Waiting"
    GRADED = "graded", "Graded"
    NOT_APPLICABLE = "not_applicable", "Not applicable"
    CANNOT_ASSESS = "cannot_assess", "Cannot assess"
    FAILED = "failed", "No verdict: the judge failed"
    CANCELLED = "cancelled", "Cancelled"


class Grade(models.Model):
    """One cell of a run: (answer, criterion, repeat) -> verdict, or the reason there is none.

    `value` is NULL unless the status is graded: a judge's failure is never a verdict.
    """

    # Looked up by the longer indexes below: each one less makes a large run start faster.
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="grades", db_index=False)
    run_answer = models.ForeignKey(
        RunAnswer, on_delete=models.PROTECT, related_name="grades", db_index=False
    )
    criterion_key = models.CharField(max_length=80)
    repeat = models.PositiveSmallIntegerField(default=0)
    fingerprint = models.CharField(max_length=64)
    status = models.CharField(max_length=15, choices=Status, default=Status.PENDING)
    value = models.FloatField(null=True)
    level = models.TextField(blank=True, default="")
    reason = models.TextField(blank=True, default="")
    # [{text, start, end, found}]: offsets in code points of the answer's text.
    quotes = models.JSONField(default=list)
    error_code = models.CharField(max_length=40, blank=True, default="")
    error = models.TextField(blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    prompt_tokens = models.PositiveIntegerField(default=0)
    completion_tokens = models.PositiveIntegerField(default=0)
    cost = models.DecimalField(max_digits=14, decimal_places=8, default=0)
    seconds = models.FloatField(null=True)
    reused = models.BooleanField(default=False)
    # Decided by a program, never by the judge.
    is_check = models.BooleanField(default=False)
    # What was asked and answered; a reused grade names the call that it was first given in.
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="grades", null=True)
    graded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["run_answer", "criterion_key", "repeat"], name="grade_cell_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(status="graded", value__gte=0, value__lte=1)
                | (~models.Q(status="graded") & models.Q(value__isnull=True)),
                name="grade_value_only_when_graded",
            ),
        ]
        indexes = [
            models.Index(fields=["run", "status"], name="grade_run_status"),
            models.Index(
                fields=["run_answer"],
                condition=models.Q(status="pending", is_check=True),
                name="grade_check_waiting",
            ),
            models.Index(
                fields=["fingerprint"],
                condition=models.Q(status__in=["graded", "not_applicable"]),
                name="grade_fingerprint_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion_key}: {self.status}"
