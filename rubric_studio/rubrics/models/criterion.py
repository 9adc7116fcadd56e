import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from rubric_studio.accounts.models import User
from rubric_studio.rubrics.models.question import Question


class DraftPartQuerySet[Part: models.Model](models.QuerySet[Part]):
    def visible_to(self, user: User) -> "DraftPartQuerySet[Part]":
        return self.filter(question__collection__team__memberships__user=user)

    def live(self) -> "DraftPartQuerySet[Part]":
        """Not in the trash."""
        return self.filter(deleted_at=None)


class DraftPart(models.Model):
    """What sections and criteria share: a permanent key, a place, a revision number, a trash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=80)
    # Order among siblings; a move writes one row (the middle of its new neighbours).
    position = models.FloatField()
    revision = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    changed_at = models.DateTimeField(db_default=Now())
    deleted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True


class Section(DraftPart):
    """A heading in the rubric's tree."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="sections")
    title = models.TextField()
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="children", null=True, blank=True
    )
    weight = models.FloatField(default=1)
    cap = models.FloatField(null=True, blank=True)

    objects = DraftPartQuerySet["Section"].as_manager()

    class Meta:
        ordering = ["position", "key"]
        constraints = [
            models.UniqueConstraint(fields=["question", "key"], name="section_key_unique"),
            models.CheckConstraint(
                condition=models.Q(weight__gte=0),
                name="section_weight_not_negative",
                violation_error_message="A section's weight can't be negative.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Criterion(DraftPart):
    """One sentence that is true or false (or at a level) of an answer.

    JSON fields hold the document's own shapes: `levels` [{label, value, description}] or null,
    `examples` [{answer, verdict}], `check_spec` the document's `check`.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="criteria")
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, related_name="criteria", null=True, blank=True
    )
    text = models.TextField()
    guidance = models.TextField(blank=True)
    points = models.FloatField()
    levels = models.JSONField(null=True, blank=True)
    may_not_apply = models.BooleanField(default=False)
    gate_cap = models.FloatField(null=True, blank=True)
    requires = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    guard = models.BooleanField(default=False)
    tags = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    check_spec = models.JSONField(null=True, blank=True)
    examples = models.JSONField(default=list, blank=True)
    source = models.TextField(blank=True)

    objects = DraftPartQuerySet["Criterion"].as_manager()

    class Meta:
        ordering = ["position", "key"]
        constraints = [
            models.UniqueConstraint(fields=["question", "key"], name="criterion_key_unique"),
            models.CheckConstraint(
                condition=~models.Q(points=0),
                name="criterion_points_not_zero",
                violation_error_message="Give points: above 0 rewards, below 0 penalises.",
            ),
            models.CheckConstraint(
                condition=~models.Q(text=""),
                name="criterion_text_not_empty",
                violation_error_message="Write the sentence that is true or false of an answer.",
            ),
        ]

    def __str__(self) -> str:
        return self.text
