from django.db import models
from django.db.models.functions import Now

from rubric_studio.accounts.models import User
from rubric_studio.rubrics.models.question import Question


class RevisionQuerySet(models.QuerySet["Revision"]):
    def of_rubric(self) -> "RevisionQuerySet":
        """What a version is made of: not the sample answers."""
        return self.exclude(subject=Revision.Subject.ANSWER)


class Revision(models.Model):
    """One acknowledged state of a question, section, criterion or sample answer.

    Append-only by trigger. An answer's key is its id.
    """

    class Subject(models.TextChoices):
        QUESTION = "question"
        SECTION = "section"
        CRITERION = "criterion"
        ANSWER = "answer"

    class Action(models.TextChoices):
        CREATED = "created"
        EDITED = "edited"
        MOVED = "moved"
        DELETED = "deleted"
        RESTORED = "restored"
        IMPORTED = "imported"

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="revisions")
    subject = models.CharField(max_length=10, choices=Subject)
    subject_key = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    action = models.CharField(max_length=10, choices=Action)
    content = models.JSONField()
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "subject", "subject_key", "number"], name="revision_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.subject_key}, revision {self.number}"
