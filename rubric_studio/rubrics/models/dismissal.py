from django.db import models
from django.db.models.functions import Now

from rubric_studio.accounts.models import User
from rubric_studio.rubrics.models.question import Question


class LintDismissal(models.Model):
    """Somebody looked at a finding of a rule and let it stand, with the reason.

    It holds while `subject_hash`, of the words that the finding is about, is the same. Append-only
    by trigger: of several rows on one finding the last counts, and one that does not stand brings
    the finding back. An empty criterion key means the rubric as a whole.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="dismissals")
    criterion_key = models.CharField(max_length=80, blank=True)
    rule = models.CharField(max_length=3)
    subject_hash = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    stands = models.BooleanField(db_default=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(reason="", stands=True),
                name="dismissal_has_reason",
                violation_error_message="Say why this may stay as it is.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} on {self.criterion_key or 'the rubric'}: {self.reason}"
