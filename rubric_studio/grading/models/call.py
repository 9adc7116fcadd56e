from django.db import models
from django.db.models.functions import Now

from rubric_studio.grading.models.run import RunAnswer


class Call(models.Model):
    """What one cell's call asked of the judge and got back: the evidence behind its grades.

    The prompt is not kept but made again, from the run's document, the pinned answer, the rules
    and `nonce`; `prompt_hash` (SHA-256 of its messages as canonical JSON) shows that it is the
    same.
    """

    run_answer = models.ForeignKey(RunAnswer, on_delete=models.PROTECT, related_name="calls")
    criterion_keys = models.JSONField()
    repeat = models.PositiveSmallIntegerField(default=0)
    nonce = models.CharField(max_length=64)
    prompt_hash = models.CharField(max_length=64)
    # The judge's last reply as it came, "" when there was none.
    reply = models.TextField(blank=True, default="")
    # Every call sent, in order: [{at, seconds, code, message}]; code "" is a reply that was read.
    attempts = models.JSONField(default=list)
    prompt_tokens = models.PositiveIntegerField(default=0)
    completion_tokens = models.PositiveIntegerField(default=0)
    cost = models.DecimalField(max_digits=14, decimal_places=8, default=0)
    seconds = models.FloatField(default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.run_answer}, {len(self.criterion_keys)} criteria"
