from typing import Any

from rest_framework import serializers

from rubric_studio.api.serializers.strict import (
    MessageSerializer,
    Number,
    StrictSerializer,
    Strings,
    Text,
)
from rubric_studio.engine.document.writing import criterion_json, section_json
from rubric_studio.rubrics.draft import criterion_value, section_value
from rubric_studio.rubrics.models import Criterion, Question, Section, Version


def _keys(section: Section | None) -> dict[Any, str]:
    return {section.pk: section.key} if section else {}


class CollectionSerializer(StrictSerializer):
    id = serializers.CharField(read_only=True)
    slug = serializers.SlugField(max_length=80, required=False)
    name = Text(allow_blank=False, max_length=120)
    description = Text(required=False)
    team = serializers.IntegerField(
        source="team_id", required=False, help_text="Needed only when you write in several teams."
    )
    created_at = serializers.DateTimeField(read_only=True)


class ScoringSerializer(StrictSerializer):
    method = serializers.ChoiceField(choices=Question.Method.choices, required=False)
    floor = Number(required=False)
    pass_mark = Number(required=False)


class QuestionSerializer(StrictSerializer):
    id = serializers.CharField(read_only=True)
    collection = serializers.CharField(source="collection.slug", read_only=True)
    key = serializers.CharField(required=False)
    title = Text(required=False)
    messages = MessageSerializer(many=True)
    reference = Text(allow_null=True, required=False)
    tags = Strings(required=False)
    origin = serializers.ChoiceField(choices=Question.Origin.choices, required=False)
    scoring = ScoringSerializer(required=False, source="*")
    revision = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)

    def to_internal_value(self, data: Any) -> Any:
        values = super().to_internal_value(data)
        scoring = {
            name: values.pop(name) for name in ("method", "floor", "pass_mark") if name in values
        }
        return {**values, "scoring": scoring} if scoring else values


class SectionSerializer(StrictSerializer):
    id = serializers.CharField(read_only=True)
    key = serializers.CharField(required=False)
    title = Text(allow_blank=False)
    parent = serializers.CharField(allow_null=True, required=False)  # type: ignore[assignment]
    weight = Number(required=False)
    cap = Number(allow_null=True, required=False)
    revision = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)

    def to_representation(self, instance: Section) -> Any:
        return {
            "id": str(instance.pk),
            **section_json(section_value(instance, _keys(instance.parent))),
            "revision": instance.revision,
            "created_at": self.fields["created_at"].to_representation(instance.created_at),
        }


class LevelSerializer(StrictSerializer):
    label = Text(allow_blank=False)  # type: ignore[assignment]
    value = Number()
    description = Text(required=False)


class GateSerializer(StrictSerializer):
    cap = Number()


class ExampleSerializer(StrictSerializer):
    answer = Text(allow_blank=False)
    verdict = serializers.CharField()


class CriterionSerializer(StrictSerializer):
    """The document's fields and the revision that the next write must name."""

    id = serializers.CharField(read_only=True)
    key = serializers.CharField(required=False)
    section = serializers.CharField(allow_null=True, required=False)
    text = Text()
    guidance = Text(required=False)
    points = Number()
    levels = LevelSerializer(many=True, allow_null=True, required=False)
    may_not_apply = serializers.BooleanField(required=False)
    gate = GateSerializer(allow_null=True, required=False)
    requires = Strings(required=False)
    guard = serializers.BooleanField(required=False)
    tags = Strings(required=False)
    check = serializers.JSONField(allow_null=True, required=False)
    examples = ExampleSerializer(many=True, required=False)
    source = Text(required=False)  # type: ignore[assignment]
    revision = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)

    def to_representation(self, instance: Criterion) -> Any:
        return {
            "id": str(instance.pk),
            **criterion_json(criterion_value(instance, _keys(instance.section))),
            "revision": instance.revision,
            "created_at": self.fields["created_at"].to_representation(instance.created_at),
        }


class VersionSerializer(StrictSerializer):
    id = serializers.CharField(read_only=True)
    number = serializers.CharField(read_only=True)
    bump = serializers.ChoiceField(
        choices=Version.Bump.choices,
        required=False,
        allow_null=True,
        help_text="To raise the computed bump; it can't be lowered.",
    )
    content_hash = serializers.CharField(read_only=True)
    scoring_hash = serializers.CharField(read_only=True)
    note = Text(allow_blank=False)
    override_reason = Text(
        required=False,
        help_text="Why it is published although its sign-off is open; kept with the open gates.",
    )
    overridden = serializers.ListField(child=serializers.CharField(), read_only=True)
    published_at = serializers.DateTimeField(read_only=True)
    published_by = serializers.CharField(source="published_by.email", default=None, read_only=True)


class DocumentSerializer(serializers.Serializer):
    """The rubric as a value; see the documentation of the document."""

    schema = serializers.CharField()
    question = serializers.JSONField()
    sections = SectionSerializer(many=True)
    criteria = CriterionSerializer(many=True)
    scoring = ScoringSerializer()
