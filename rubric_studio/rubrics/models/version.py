import uuid

from django.db import models
from django.db.models.functions import Now
from django.urls import reverse

from rubric_studio.accounts.models import User
from rubric_studio.rubrics.models.question import Question


class VersionQuerySet(models.QuerySet["Version"]):
    def visible_to(self, user: User) -> "VersionQuerySet":
        return self.filter(question__collection__team__memberships__user=user)


class Version(models.Model):
    """An immutable published document. A trigger refuses every change.

    `document` holds the canonical bytes (RFC 8785); `content_hash` is their SHA-256. Where it was
    published against its sign-off, `overridden` names the gates that were open and
    `override_reason` says why.
    """

    class Bump(models.TextChoices):
        MAJOR = "major", "Major"
        MINOR = "minor", "Minor"
        PATCH = "patch", "Patch"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions")
    ordinal = models.PositiveIntegerField()
    number = models.CharField(max_length=30)
    bump = models.CharField(max_length=5, choices=Bump)
    document = models.BinaryField()
    content_hash = models.CharField(max_length=64)
    scoring_hash = models.CharField(max_length=64)
    note = models.TextField()
    override_reason = models.TextField(blank=True, default="", db_default="")
    overridden = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    published_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["-ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["question", "ordinal"], name="version_ordinal_unique"),
            models.UniqueConstraint(fields=["question", "number"], name="version_number_unique"),
        ]

    def __str__(self) -> str:
        return f"v{self.ordinal}, {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("version", args=[self.pk])
