import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.timezone import now

from rubric_studio.accounts.models import User
from rubric_studio.grading.models.answer import SampleAnswer
from rubric_studio.grading.models.judge import Judge
from rubric_studio.grading.models.prompt_rules import PromptRules
from rubric_studio.rubrics.models import Question, Version

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from rubric_studio.grading.models.grade import Grade


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, user: User) -> "RunQuerySet":
        return self.filter(question__collection__team__memberships__user=user)

    def unfinished(self) -> "RunQuerySet":
        return self.filter(status__in=[Run.Status.QUEUED, Run.Status.RUNNING])

    def whole(self) -> "RunQuerySet":
        """Without the runs that are one judge's part of a panel's."""
        return self.filter(panel=None)


class Run(models.Model):
    """One test-grading of chosen answers against one pinned document, by one judge or by experts.

    `document` is the canonical bytes it was pinned to, whether of a version or of the draft.
    `cost` is money spent; `reserved` is that and what calls in flight may yet cost.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        INCOMPLETE = "incomplete", "Incomplete"
        CANCELLED = "cancelled", "Cancelled"
        PAUSED_BUDGET = "paused_budget", "Paused: budget used up"

    # Runs that can be reported on as a whole: every cell has been tried.
    FINISHED = (Status.DONE, Status.INCOMPLETE)

    class Source(models.TextChoices):
        JUDGE = "judge", "Judge"
        EXPERTS = "experts", "Experts' labels"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="runs")
    ordinal = models.PositiveIntegerField()
    source = models.CharField(max_length=10, choices=Source, default=Source.JUDGE)
    judge = models.ForeignKey(Judge, on_delete=models.PROTECT, related_name="runs", null=True)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="runs", null=True)
    document = models.BinaryField()
    document_hash = models.CharField(max_length=64)
    # A panel's run holds the majority of its members' runs.
    panel = models.ForeignKey("self", on_delete=models.PROTECT, related_name="members", null=True)
    prompt_version = models.CharField(max_length=40, blank=True)
    # The team's own rules of the prompt; null: those that come with the installation.
    prompt_rules = models.ForeignKey(
        PromptRules, on_delete=models.PROTECT, related_name="runs", null=True
    )
    repeats = models.PositiveSmallIntegerField(default=1)
    criteria_per_call = models.PositiveSmallIntegerField(default=1)
    budget = models.DecimalField(max_digits=14, decimal_places=6, null=True)
    reserved = models.DecimalField(max_digits=14, decimal_places=6, default=0)
    cost = models.DecimalField(max_digits=14, decimal_places=6, default=0)
    calls = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=15, choices=Status, default=Status.QUEUED)
    cancelled_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # Of a resumed run: from each former start to that end.
    seconds_before = models.FloatField(default=0, editable=False)
    # What was expected of it before it started: the fields of forecasting.Forecast.
    estimate = models.JSONField(null=True, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    if TYPE_CHECKING:
        grades: RelatedManager["Grade"]
        run_answers: RelatedManager["RunAnswer"]
        members: RelatedManager["Run"]

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["question", "ordinal"], name="run_ordinal_unique"),
            models.CheckConstraint(
                condition=models.Q(source="judge", judge__isnull=False)
                | models.Q(source="experts", judge__isnull=True),
                name="run_judge_or_experts",
            ),
        ]

    def __str__(self) -> str:
        return f"Run {self.ordinal}"

    def get_absolute_url(self) -> str:
        return f"{reverse('grade', args=[self.question_id])}?run={self.pk}"

    @property
    def worked(self) -> timedelta:
        """How long it was worked on until now or its end; pauses until it was resumed left out."""
        before = timedelta(seconds=self.seconds_before)
        if self.started_at is None:
            return before
        return before + ((self.finished_at or now()) - self.started_at)

    @property
    def is_live(self) -> bool:
        return self.status in (self.Status.QUEUED, self.Status.RUNNING)


class RunAnswer(models.Model):
    """One answer of a run, pinned as it was: the unit of a Celery message and of a lease.

    `token` fences: whoever writes grades must still hold the token that it took the lease with.
    """

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="run_answers")
    answer = models.ForeignKey(SampleAnswer, on_delete=models.PROTECT, related_name="run_answers")
    ordinal = models.PositiveIntegerField()
    text = models.TextField(null=True)
    messages = models.JSONField(null=True)
    token = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    # How often a holder of the lease vanished; at three what is left is failed, with the reason.
    losses = models.PositiveSmallIntegerField(default=0)
    # What the holder has reserved of the run's budget for calls that are not paid for yet.
    reserved = models.DecimalField(max_digits=14, decimal_places=6, default=0)
    enqueued_at = models.DateTimeField(null=True)
    # Not before then: the judge asked for no calls for longer than a worker waits.
    next_attempt_at = models.DateTimeField(null=True)
    # The programs' part of the answer: when it was last sent, and how often it was begun.
    checks_enqueued_at = models.DateTimeField(null=True)
    check_tries = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["run", "answer"], name="run_answer_unique"),
        ]
        indexes = [
            models.Index(
                fields=["enqueued_at"],
                condition=models.Q(finished_at=None),
                name="run_answer_unfinished",
            ),
            models.Index(
                fields=["leased_until"],
                condition=models.Q(leased_until__isnull=False),
                name="run_answer_leased",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run}, {self.answer}"
