import uuid

from django.db import models
from django.db.models.functions import Now

from rubric_studio.accounts.models import User
from rubric_studio.grading.models.answer import SampleAnswer


class ExpertVerdict(models.Model):
    """What a person says of a cell, bound to the wording and the text that they read.

    Changing one's mind adds a row; the older one stays, no longer current.
    """

    class Status(models.TextChoices):
        GRADED = "graded", "Graded"
        NOT_APPLICABLE = "not_applicable", "Not applicable"
        CANNOT_ASSESS = "cannot_assess", "Cannot tell"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    answer = models.ForeignKey(SampleAnswer, on_delete=models.PROTECT, related_name="%(class)ss")
    criterion_key = models.CharField(max_length=80)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=15, choices=Status)
    value = models.FloatField(null=True)
    level = models.TextField(blank=True, default="")
    note = models.TextField(blank=True, default="")
    # The criterion's grading hash when the verdict was given; one of another hash is stale.
    grading_hash = models.CharField(max_length=64)
    # The answer's text as it was read, by hash: an edited answer makes its verdicts stale.
    answer_hash = models.CharField(max_length=64)
    is_current = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True

    def is_stale(self, grading_hash: str, answer_hash: str) -> bool:
        """Whether the criterion or the answer says something else than when it was read."""
        return (self.grading_hash, self.answer_hash) != (grading_hash, answer_hash)
