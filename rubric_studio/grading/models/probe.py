from django.db import models
from django.db.models.functions import Now

from rubric_studio.accounts.models import User
from rubric_studio.grading.models.answer import SampleAnswer


class ProbeQuerySet(models.QuerySet["Probe"]):
    def live(self) -> "ProbeQuerySet":
        """Whose own answer is not in the trash. That of their base may be."""
        return self.filter(answer__deleted_at=None)


class Probe(models.Model):
    """What a sample answer of origin probe was made for: to fool, to steer, or to change nothing.

    `expected` says what its author states of it before it is graded, by criterion key: "up" where
    a verdict should rise (not met to met), "down" where it should fall; a criterion that is not
    named should keep its verdict.
    """

    class Kind(models.TextChoices):
        EXPLOIT = "exploit", "Exploit"
        STEER = "steer", "Steer test"
        INVARIANT = "invariant", "Must change nothing"

    answer = models.OneToOneField(SampleAnswer, on_delete=models.PROTECT, related_name="probe")
    kind = models.CharField(max_length=10, choices=Kind)
    family = models.CharField(max_length=40)
    # The answer it was made of; null for one that is made of nothing, or of the rubric alone.
    base = models.ForeignKey(
        SampleAnswer, on_delete=models.PROTECT, related_name="probes_of", null=True
    )
    # The criterion aimed at; "" where it is none in particular.
    criterion_key = models.CharField(max_length=80, blank=True, default="")
    # What it does, in one sentence, and the keys of the criteria that it could fool.
    does = models.TextField(blank=True, default="")
    could_fool = models.JSONField(default=list)
    # [[start, end]]: what was put in, in code points of the text with this hash.
    inserted = models.JSONField(default=list)
    text_hash = models.CharField(max_length=64)
    # Content hash of the document that it was made from.
    made_from = models.CharField(max_length=64)
    expected = models.JSONField(default=dict)
    stated_at = models.DateTimeField(null=True)
    # Who accepted the text as it is; of a proposal by a model also which model that was.
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    proposed_by = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ProbeQuerySet.as_manager()

    class Meta:
        ordering = ["answer__ordinal"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind__in=["steer", "invariant"])
                | models.Q(base__isnull=False, stated_at__isnull=False),
                name="probe_edit_has_base_and_statement",
                violation_error_message="State what the edit should change before it is graded.",
            ),
            models.CheckConstraint(
                condition=~models.Q(answer=models.F("base")), name="probe_is_not_its_base"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.family}"
