from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from rubric_studio.api.serializers.strict import (
    MessageSerializer,
    Money,
    Number,
    StrictSerializer,
    Text,
)
from rubric_studio.grading.answers.knowing import Known
from rubric_studio.grading.models import Comparison, Judge, Probe, Run, SampleAnswer, Status


class ProbeSerializer(serializers.Serializer):
    """What an answer of origin probe was made for; `expected` says "up" or "down" by criterion."""

    family = serializers.CharField()
    kind = serializers.ChoiceField(choices=Probe.Kind.choices)
    base = serializers.CharField(source="base_id", allow_null=True)
    criterion = serializers.CharField(source="criterion_key")
    does = serializers.CharField()
    expected = serializers.DictField(child=serializers.CharField())
    stated_at = serializers.DateTimeField(allow_null=True)


class AnswerSerializer(StrictSerializer):
    id = serializers.CharField(read_only=True)
    name = Text(required=False, max_length=120)
    text = Text(allow_null=True, required=False)
    messages = MessageSerializer(many=True, allow_null=True, required=False)
    origin = serializers.ChoiceField(choices=SampleAnswer.Origin.choices, required=False)
    model = Text(required=False, max_length=120)
    tier = serializers.IntegerField(min_value=0, max_value=9, allow_null=True, required=False)
    band = serializers.ListField(
        child=Number(), min_length=2, max_length=2, allow_null=True, required=False
    )
    anchor = serializers.ChoiceField(
        choices=SampleAnswer.Anchor.choices, allow_blank=True, required=False
    )
    held_out = serializers.BooleanField(
        source="is_held_out",
        required=False,
        help_text="set aside: the writing page shows nothing of it, the report counts it apart",
    )
    created_at = serializers.DateTimeField(read_only=True)
    probe = ProbeSerializer(
        read_only=True, allow_null=True, default=None, help_text="null for an ordinary answer"
    )

    def to_representation(self, instance: SampleAnswer) -> Any:
        shown = super().to_representation(instance)
        shown.pop("text" if instance.text is None else "messages")
        return shown


class ComparisonSerializer(StrictSerializer):
    id = serializers.CharField(read_only=True)
    better = serializers.CharField(source="better_id")
    worse = serializers.CharField(source="worse_id")
    tie = serializers.BooleanField(source="is_tie", required=False, default=False)
    withdrawn = serializers.BooleanField(
        source="is_withdrawn",
        read_only=True,
        help_text="takes back the author's last choice of this pair",
    )
    late = serializers.SerializerMethodField(
        help_text="made when its author had opened a run of one of the two answers"
    )
    author = serializers.CharField(source="author.email", read_only=True)
    created_at = serializers.DateTimeField(read_only=True)

    def get_late(self, comparison: Comparison) -> bool:
        known: Known = self.context["known"]
        return known.is_late_choice(comparison)


class LabelSerializer(StrictSerializer):
    id = serializers.CharField(read_only=True)
    criterion = serializers.CharField(source="criterion_key")
    verdict = serializers.CharField(
        write_only=True,
        help_text="met, unmet, a level's label, not_applicable or cannot_assess",
    )
    status = serializers.CharField(read_only=True)
    value = Number(read_only=True, allow_null=True)
    level = serializers.CharField(read_only=True)
    note = Text(required=False)
    author = serializers.CharField(source="author.email", read_only=True)
    created_at = serializers.DateTimeField(read_only=True)


class AdjudicationSerializer(LabelSerializer):
    """A label's fields; the note says why the verdict holds."""

    note = Text(allow_blank=False, help_text="why this verdict holds")


class JudgeSerializer(StrictSerializer):
    id = serializers.CharField(read_only=True)
    team = serializers.IntegerField(source="team_id", required=False)
    kind = serializers.CharField(read_only=True)
    name = Text(allow_blank=False, max_length=120)
    base_url = Text(allow_blank=False, max_length=500)
    model = Text(allow_blank=False, max_length=200)
    api_key = Text(write_only=True, required=False)
    key_hint = serializers.CharField(read_only=True)
    temperature = Number(required=False)
    max_tokens = serializers.IntegerField(required=False, min_value=1)
    seed = serializers.IntegerField(required=False, allow_null=True)
    timeout = Number(required=False)
    structured_output = serializers.BooleanField(required=False)
    extra_body = serializers.DictField(required=False)
    concurrency = serializers.IntegerField(required=False, min_value=1, max_value=1000)
    price_in = Money(required=False)
    price_out = Money(required=False)
    members = serializers.SerializerMethodField(
        help_text="of a panel, the judges that decide together"
    )
    is_gullible = serializers.SerializerMethodField(
        help_text="whether a test call saw it obey an order that stood in an answer; "
        "null: not tried, or not to be told"
    )
    created_at = serializers.DateTimeField(read_only=True)

    def get_is_gullible(self, judge: Judge) -> bool | None:
        return judge.trial["is_gullible"] if judge.trial else None

    def get_members(self, judge: Judge) -> list[str]:
        return [str(it.pk) for it in judge.members.all()] if judge.is_panel else []


@extend_schema_field({"oneOf": [{"const": "all"}, {"type": "array", "items": {"type": "string"}}]})
class AnswersField(serializers.Field):
    """`"all"`, or a list of the ids of answers."""

    def to_internal_value(self, data: Any) -> list[str] | None:
        if data == "all":
            return None
        if isinstance(data, list) and data and all(isinstance(item, str) for item in data):
            return data
        raise serializers.ValidationError('Write "all", or a list of the ids of answers.')

    def to_representation(self, value: Any) -> Any:
        return value


class RunStartSerializer(StrictSerializer):
    judge = serializers.CharField(
        allow_null=True,
        required=False,
        default=None,
        help_text="A judge's id; null grades by the experts' labels.",
    )
    version = serializers.CharField(
        required=False, default="draft", help_text='A version\'s id, or "draft".'
    )
    answers = AnswersField(required=False, default=None)
    repeats = serializers.IntegerField(required=False, default=1, min_value=1, max_value=20)
    criteria_per_call = serializers.IntegerField(
        required=False, default=1, min_value=1, max_value=500
    )
    budget = Money(allow_null=True, required=False, default=None)


class RunResumeSerializer(StrictSerializer):
    budget = Money(
        allow_null=True,
        required=False,
        default=None,
        help_text="Replaces the run's budget; without one that stays.",
    )


class ProgressSerializer(serializers.Serializer):
    total = serializers.IntegerField()
    graded = serializers.IntegerField()
    not_applicable = serializers.IntegerField()
    cannot_assess = serializers.IntegerField()
    failed = serializers.IntegerField()
    cancelled = serializers.IntegerField()
    pending = serializers.IntegerField()
    reused = serializers.IntegerField()


class AnswerScoreSerializer(serializers.Serializer):
    answer = serializers.CharField()
    score = serializers.FloatField(allow_null=True)
    coverage = serializers.FloatField()
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class PanelPartSerializer(serializers.Serializer):
    id = serializers.CharField(help_text="the judge's own run")
    judge = serializers.CharField(source="judge_id")
    status = serializers.ChoiceField(choices=Run.Status.choices)
    calls = serializers.IntegerField()
    cost = Money()


class EstimateSerializer(serializers.Serializer):
    """What was expected before the start; `past_calls` 0: by the prompts' length alone."""

    cells = serializers.IntegerField()
    known = serializers.IntegerField()
    checks = serializers.IntegerField()
    calls = serializers.IntegerField()
    prompt_tokens = serializers.IntegerField()
    completion_tokens = serializers.IntegerField()
    cost = Money(allow_null=True)
    seconds = serializers.FloatField(allow_null=True)
    past_calls = serializers.IntegerField()
    unpriced = serializers.IntegerField(
        default=0, help_text="of a panel, judges whose calls `cost` leaves out: they have no price"
    )


class RunSerializer(serializers.Serializer):
    id = serializers.CharField()
    status = serializers.ChoiceField(choices=Run.Status.choices)
    question = serializers.CharField()
    version = serializers.CharField(allow_null=True)
    document_hash = serializers.CharField()
    judge = serializers.CharField(allow_null=True)
    repeats = serializers.IntegerField()
    criteria_per_call = serializers.IntegerField()
    budget = Money(allow_null=True)
    progress = ProgressSerializer()
    calls = serializers.IntegerField()
    cost = Money()
    estimate = EstimateSerializer(allow_null=True)
    panel = serializers.CharField(allow_null=True, help_text="the run that this is a part of")
    members = PanelPartSerializer(many=True)
    scores = AnswerScoreSerializer(many=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class QuoteSerializer(serializers.Serializer):
    text = serializers.CharField()
    start = serializers.IntegerField(allow_null=True)
    end = serializers.IntegerField(allow_null=True)
    found = serializers.BooleanField()


class GradeSerializer(serializers.Serializer):
    answer = serializers.CharField(source="run_answer.answer_id")
    criterion = serializers.CharField(source="criterion_key")
    repeat = serializers.IntegerField()
    status = serializers.ChoiceField(choices=Status.choices)
    value = Number(allow_null=True)
    level = serializers.CharField()
    reason = serializers.CharField()
    quotes = QuoteSerializer(many=True)
    error = serializers.CharField(allow_null=True)
    attempts = serializers.IntegerField()
    reused = serializers.BooleanField()

    def to_representation(self, instance: Any) -> Any:
        shown = super().to_representation(instance)
        shown["error"] = shown["error"] or None
        shown["level"] = shown["level"] or None
        return shown


class ImportReportSerializer(serializers.Serializer):
    questions = serializers.IntegerField()
    criteria = serializers.IntegerField()
    answers = serializers.IntegerField()
    labels = serializers.IntegerField()
    warnings = serializers.ListField(child=serializers.CharField())
