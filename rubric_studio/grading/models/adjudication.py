from django.db import models

from rubric_studio.accounts.models import User
from rubric_studio.grading.models.expert_verdict import ExpertVerdict


class AdjudicationQuerySet(models.QuerySet["Adjudication"]):
    def visible_to(self, user: User) -> "AdjudicationQuerySet":
        return self.filter(answer__question__collection__team__memberships__user=user)

    def current(self) -> "AdjudicationQuerySet":
        return self.filter(is_current=True)


class Adjudication(ExpertVerdict):
    """What is to hold of a cell that experts saw differently, kept beside their labels."""

    objects = AdjudicationQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "criterion_key"],
                condition=models.Q(is_current=True),
                name="adjudication_one_current",
            ),
            models.CheckConstraint(
                condition=models.Q(status="graded", value__gte=0, value__lte=1)
                | (~models.Q(status="graded") & models.Q(value__isnull=True)),
                name="adjudication_value_only_when_graded",
            ),
            models.CheckConstraint(
                condition=~models.Q(note=""),
                name="adjudication_says_why",
                violation_error_message="Say in a sentence why this verdict holds.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author} settled {self.criterion_key}: {self.status}"
