from django.db import models

from rubric_studio.accounts.models import User
from rubric_studio.grading.models.expert_verdict import ExpertVerdict


class LabelQuerySet(models.QuerySet["Label"]):
    def visible_to(self, user: User) -> "LabelQuerySet":
        return self.filter(answer__question__collection__team__memberships__user=user)

    def current(self) -> "LabelQuerySet":
        return self.filter(is_current=True)


class Label(ExpertVerdict):
    """An expert's own verdict on a cell."""

    # Whose verdict it is when the author brought it in from a file; nobody labels as a colleague.
    imported_from = models.CharField(max_length=120, blank=True, default="")

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
