from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class StrictSerializer(serializers.Serializer):
    """Refuses fields it does not know; read-only ones may be sent back and are left as they are."""

    def to_internal_value(self, data: Any) -> Any:
        values = super().to_internal_value(data)
        unknown = set(data) - set(self.fields)
        if unknown:
            raise serializers.ValidationError(
                {name: ["There is no such field."] for name in sorted(unknown)}
            )
        return values


class Text(serializers.CharField):
    """Text as it was written: nothing is trimmed; blank is allowed unless said otherwise."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"trim_whitespace": False, "allow_blank": True, **kwargs})

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Number(serializers.FloatField):
    """A JSON number, never text or a truth value; whole ones stay whole."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        super().to_internal_value(data)
        return data

    def to_representation(self, value: Any) -> Any:
        return int(value) if float(value).is_integer() else float(value)


@extend_schema_field(OpenApiTypes.NUMBER)
class Money(serializers.DecimalField):
    """An amount of the endpoint's currency: a JSON number, exact to six digits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=14, decimal_places=6, **kwargs)

    def to_representation(self, value: Any) -> Any:
        return float(value)


class Strings(serializers.ListField):
    child = Text(allow_blank=False, max_length=200)


class MessageSerializer(serializers.Serializer):
    """A chat message in the OpenAI shape; other members (name, tool_calls, …) are kept."""

    role = serializers.CharField()
    content = serializers.JSONField(allow_null=True, required=False)

    def to_internal_value(self, data: Any) -> Any:
        super().to_internal_value(data)
        return data

    def to_representation(self, instance: Any) -> Any:
        return instance


class ProblemEntry(serializers.Serializer):
    pointer = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer):
    """RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = ProblemEntry(many=True, required=False)  # type: ignore[assignment]
