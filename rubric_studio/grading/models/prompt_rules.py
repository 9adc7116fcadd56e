from django.db import models
from django.db.models.functions import Now

from rubric_studio.accounts.models import Team, User


class PromptRules(models.Model):
    """A team's own words for the rules part of the judge's prompt; a change is another row.

    The fence around the answer and the form of the reply are not part of them.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="prompt_rules")
    number = models.PositiveIntegerField()
    # "" goes back to the rules that come with the installation.
    text = models.TextField(blank=True)
    note = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["team", "number"], name="prompt_rules_number_unique"),
        ]

    def __str__(self) -> str:
        return f"Rules {self.number}"
