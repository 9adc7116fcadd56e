from django.db import models
from django.db.models.functions import Now

from rubric_studio.accounts.models import User
from rubric_studio.grading.models.run import Run


class RunSeen(models.Model):
    """When somebody first opened a page with what a run says of its answers. What they state of
    these answers afterwards is stated with knowledge of the scores."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="seen_by")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "user"], name="run_seen_once"),
        ]

    def __str__(self) -> str:
        return f"{self.run}, seen by {self.user}"
