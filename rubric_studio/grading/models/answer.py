import uuid

from django.db import models
from django.db.models.functions import Now

from rubric_studio.accounts.models import User
from rubric_studio.rubrics.models import Question


class SampleAnswerQuerySet(models.QuerySet["SampleAnswer"]):
    def visible_to(self, user: User) -> "SampleAnswerQuerySet":
        return self.filter(question__collection__team__memberships__user=user)

    def live(self) -> "SampleAnswerQuerySet":
        """Not in the trash."""
        return self.filter(deleted_at=None)

    def shown_where_written(self) -> "SampleAnswerQuerySet":
        """Those that may stand beside the criteria: neither held out nor made of one that is."""
        return self.filter(is_held_out=False).exclude(probe__base__is_held_out=True)

    def without_loose_probes(self) -> "SampleAnswerQuerySet":
        """Probes only where somebody pinned them."""
        return self.exclude(origin=SampleAnswer.Origin.PROBE, is_pinned=False)


class SampleAnswer(models.Model):
    """An answer to try the rubric on, with what its author expects of it.

    Either `text` or `messages` (a transcript) is given. `tier` is a quality tier, higher is
    better (3 strong, 2 acceptable, 1 weak); the band is where its score should fall.
    """

    class Origin(models.TextChoices):
        EXPERT = "expert", "Expert"
        MODEL = "model", "Model"
        SYNTHETIC = "synthetic", "Synthetic"
        PROBE = "probe", "Probe"

    class Anchor(models.TextChoices):
        EMPTY = "empty", "Empty answer"
        OFF_TOPIC = "off_topic", "Off topic, fluent"
        IDEAL = "ideal", "Ideal answer"
        WORST_ACCEPTABLE = "worst_acceptable", "Worst acceptable"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    # Place in the question's list of answers, never reused: 0 is A, 1 is B, 26 is AA.
    ordinal = models.PositiveIntegerField()
    name = models.CharField(max_length=120, blank=True)
    text = models.TextField(null=True, blank=True)
    messages = models.JSONField(null=True, blank=True)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.MODEL)
    model = models.CharField(max_length=120, blank=True)
    tier = models.PositiveSmallIntegerField(null=True, blank=True)
    band_low = models.FloatField(null=True, blank=True)
    band_high = models.FloatField(null=True, blank=True)
    anchor = models.CharField(max_length=20, choices=Anchor, blank=True, default="")
    # When the expectation (tier, band, anchor) was last stated, and by whom; null: brought along.
    expected_at = models.DateTimeField(null=True)
    expected_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    # Chosen to stand beside the criteria where they are written; see pins.py.
    is_pinned = models.BooleanField(default=False)
    # Set aside: the writing page shows nothing of it, and the report counts it apart.
    is_held_out = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    changed_at = models.DateTimeField(db_default=Now())
    deleted_at = models.DateTimeField(null=True, editable=False)

    objects = SampleAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["question", "ordinal"], name="answer_ordinal_unique"),
            models.CheckConstraint(
                condition=models.Q(text__isnull=True) ^ models.Q(messages__isnull=True),
                name="answer_text_or_messages",
                violation_error_message="Give the answer's text, or its messages, not both.",
            ),
            models.CheckConstraint(
                condition=models.Q(band_low__isnull=True, band_high__isnull=True)
                | models.Q(band_low__isnull=False, band_high__gte=models.F("band_low")),
                name="answer_band_whole",
                violation_error_message="A band needs both ends, the lower one first.",
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"Answer {self.letter}"

    @property
    def letter(self) -> str:
        number, letters = self.ordinal + 1, ""
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        return letters

    @property
    def band(self) -> tuple[float, float] | None:
        if self.band_low is None or self.band_high is None:
            return None
        return self.band_low, self.band_high


class Comparison(models.Model):
    """'This answer is better than that one', chosen blind to scores. A tie names both.

    Rows are never changed: a later one of the same pair and author counts, and one that is
    withdrawn takes the pair's last choice back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="comparisons")
    better = models.ForeignKey(SampleAnswer, on_delete=models.PROTECT, related_name="+")
    worse = models.ForeignKey(SampleAnswer, on_delete=models.PROTECT, related_name="+")
    is_tie = models.BooleanField(default=False)
    is_withdrawn = models.BooleanField(default=False)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(better=models.F("worse")),
                name="comparison_of_two",
                violation_error_message="Compare two different answers.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.better} over {self.worse}"
