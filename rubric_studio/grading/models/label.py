import uuid

from django.db import models
from django.db.models.functions import Now

from rubric_studio.accounts.models import User
from rubric_studio.grading.models.answer import SampleAnswer


class LabelQuerySet(models.QuerySet["Label"]):
    def visible_to(self, user: User) -> "LabelQuerySet":
        return self.filter(answer__question__collection__team__memberships__user=user)

    def current(self) -> "LabelQuerySet":
        return self.filter(is_current=True)


class Label(models.Model):
    """An expert's own verdict on a cell, bound to the wording it was given under.

    Changing one's mind adds a row; the older one stays, no longer current.
    """

    class Status(models.TextChoices):
        GRADED = "graded", "Graded"
        NOT_APPLICABLE = "not_applicable", "Not applicable"
        CANNOT_ASSESS = "cannot_assess", "Cannot tell"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    answer = models.ForeignKey(SampleAnswer, on_delete=models.PROTECT, related_name="labels")
    criterion_key = models.CharField(max_length=80)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # Whose verdict it is when the author brought it in from a file; nobody labels as a colleague.
    imported_from = models.CharField(max_length=120, blank=True, default="")
    status = models.CharField(max_length=15, choices=Status)
    value = models.FloatField(null=True)
    level = models.TextField(blank=True, default="")
    note = models.TextField(blank=True, default="")
    # The criterion's grading hash when the label was given; a label of another hash is stale.
    grading_hash = models.CharField(max_length=64)
    # The answer's text as labelled, by hash: an edited answer makes its labels stale.
    answer_hash = models.CharField(max_length=64)
    is_current = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = LabelQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "criterion_key", "author", "imported_from"],
                condition=models.Q(is_current=True),
                name="label_one_current",
            ),
            models.CheckConstraint(
                condition=models.Q(status="graded", value__gte=0, value__lte=1)
                | (~models.Q(status="graded") & models.Q(value__isnull=True)),
                name="label_value_only_when_graded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rater} on {self.criterion_key}: {self.status}"

    @property
    def rater(self) -> str:
        """Who gave it, for people and to tell raters apart: a member, or a name from a file."""
        return self.imported_from or str(self.author)

    @property
    def rater_key(self) -> tuple[int, str]:
        """Who gave it, for programs."""
        return self.author_id, self.imported_from

    def is_stale(self, grading_hash: str, answer_hash: str) -> bool:
        """Whether the criterion or the answer says something else than when it was labelled."""
        return (self.grading_hash, self.answer_hash) != (grading_hash, answer_hash)
