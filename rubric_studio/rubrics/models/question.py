import uuid
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.text import Truncator

from rubric_studio.accounts.models import User
from rubric_studio.rubrics.models.collection import Collection

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from rubric_studio.rubrics.models.criterion import Criterion, Section
    from rubric_studio.rubrics.models.version import Version


LONGEST_HEADING = 80


class QuestionQuerySet(models.QuerySet["Question"]):
    def visible_to(self, user: User) -> "QuestionQuerySet":
        return self.filter(collection__team__memberships__user=user)

    def live(self) -> "QuestionQuerySet":
        """Not in the trash."""
        return self.filter(deleted_at=None)


class Question(models.Model):
    """Messages, a reference answer, and the draft rubric that hangs on it.

    `revision` counts the edits of the question's own fields (not of its criteria).
    """

    class Origin(models.TextChoices):
        REAL = "real", "Real"
        SYNTHETIC = "synthetic", "Synthetic"

    class Method(models.TextChoices):
        POINTS = "points", "Points"
        TREE = "tree", "Tree"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="questions")
    key = models.CharField(max_length=80)
    title = models.CharField(max_length=200, blank=True)
    messages = models.JSONField(default=list)
    reference = models.TextField(null=True, blank=True)
    tags = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.REAL)
    method = models.CharField(max_length=10, choices=Method, default=Method.POINTS)
    floor = models.FloatField(default=0)
    pass_mark = models.FloatField(default=0.7)
    revision = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    # The last change of anything in the draft, and by whom.
    changed_at = models.DateTimeField(db_default=Now())
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    deleted_at = models.DateTimeField(null=True, editable=False)
    if TYPE_CHECKING:
        criteria: RelatedManager["Criterion"]
        sections: RelatedManager["Section"]
        versions: RelatedManager["Version"]

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "key"],
                name="question_key_unique",
                violation_error_message="Another question of this collection has this key.",
            )
        ]

    def __str__(self) -> str:
        return self.heading

    def get_absolute_url(self) -> str:
        return reverse("write", args=[self.pk])

    @property
    def heading(self) -> str:
        """The title, or the beginning of what is asked."""
        return self.title or Truncator(self.asked).chars(LONGEST_HEADING) or self.key

    @property
    def asked(self) -> str:
        """The last user message as plain text."""
        for message in reversed(self.messages):
            if message.get("role") == "user" and isinstance(message.get("content"), str):
                return str(message["content"])
        return ""
