import uuid

from django.db import models
from django.db.models.functions import Now

from rubric_studio.accounts.models import Team, User


class JudgeQuerySet(models.QuerySet["Judge"]):
    def visible_to(self, user: User) -> "JudgeQuerySet":
        return self.filter(team__memberships__user=user)

    def live(self) -> "JudgeQuerySet":
        return self.filter(deleted_at=None)


class Judge(models.Model):
    """A configured grader: an OpenAI-compatible endpoint and a model.

    The API key is encrypted (grading/judges/secrets.py) and never leaves the server again. A judge
    that has graded keeps its identity: another endpoint or model is another row. A panel has no
    endpoint of its own: each of its `members` judges, and their majority is its verdict.
    """

    class Kind(models.TextChoices):
        ADDED = "added"
        ENVIRONMENT = "environment"
        DEMO = "demo"
        PANEL = "panel"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="judges")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.ADDED)
    name = models.CharField(max_length=120)
    base_url = models.CharField(max_length=500, blank=True)
    model = models.CharField(max_length=200, blank=True)
    members = models.ManyToManyField("self", symmetrical=False, related_name="panels", blank=True)
    key_encrypted = models.BinaryField(null=True, editable=False)
    key_hint = models.CharField(max_length=4, blank=True, editable=False)
    temperature = models.FloatField(default=0)
    max_tokens = models.PositiveIntegerField(default=512)
    seed = models.IntegerField(null=True, blank=True)
    timeout = models.FloatField(default=120)
    structured_output = models.BooleanField(default=True)
    extra_body = models.JSONField(default=dict, blank=True)
    # Calls in flight at this endpoint, over all workers.
    concurrency = models.PositiveSmallIntegerField(default=16)
    # Money per million tokens, in the currency of the endpoint's bill.
    price_in = models.DecimalField(max_digits=12, decimal_places=6, default=0)
    price_out = models.DecimalField(max_digits=12, decimal_places=6, default=0)
    # The circuit breaker: since when no call has come through, why, and until when none is made.
    failing_since = models.DateTimeField(null=True, editable=False)
    failing_reason = models.TextField(blank=True, default="", editable=False)
    failing_trips = models.PositiveSmallIntegerField(default=0, editable=False)
    resting_until = models.DateTimeField(null=True, editable=False)
    # What the last test call showed: {at, ok, code, sentence, seconds, is_gullible}.
    trial = models.JSONField(null=True, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)

    objects = JudgeQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "kind"],
                condition=models.Q(kind__in=["environment", "demo"], deleted_at=None),
                name="judge_one_default_each",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="panel", base_url="", model="")
                | (~models.Q(kind="panel") & ~models.Q(base_url="") & ~models.Q(model="")),
                name="judge_endpoint_or_panel",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_demo(self) -> bool:
        return self.kind == self.Kind.DEMO

    @property
    def is_gullible(self) -> bool:
        """Whether the last test call saw it obey an order that stood in an answer."""
        return self.trial is not None and self.trial["is_gullible"] is True

    @property
    def gullible(self) -> "list[Judge]":
        """Of a panel those members that are gullible, else the judge itself if it is."""
        judges = self.members.all() if self.is_panel else [self]
        return [judge for judge in judges if judge.is_gullible]

    @property
    def is_panel(self) -> bool:
        return self.kind == self.Kind.PANEL
