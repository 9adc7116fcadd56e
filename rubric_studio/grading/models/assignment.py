from django.db import models
from django.db.models.functions import Now

from rubric_studio.accounts.models import User
from rubric_studio.grading.models.answer import SampleAnswer


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def standing(self) -> "AssignmentQuerySet":
        """Not withdrawn, of answers and questions that are not in the trash."""
        return self.filter(
            withdrawn_at=None, answer__deleted_at=None, answer__question__deleted_at=None
        )


class Assignment(models.Model):
    """That an expert is asked to label an answer. Withdrawn, it keeps whatever was labelled."""

    answer = models.ForeignKey(SampleAnswer, on_delete=models.PROTECT, related_name="assignments")
    expert = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments")
    assigned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    withdrawn_at = models.DateTimeField(null=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["answer__ordinal", "expert"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "expert"], name="assignment_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.expert} labels {self.answer}"
