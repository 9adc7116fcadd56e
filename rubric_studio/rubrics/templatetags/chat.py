"""{% load chat %}: messages and other JSON as text on a page."""

import json
from typing import Any

from django import template

register = template.Library()


@register.filter
def message_text(message: Any) -> str:
    """What a chat message says: its text, or its parts one below the other."""
    content = message.get("content") if isinstance(message, dict) else message.content
    if isinstance(content, list):
        return "\n\n".join(_part(part) for part in content)
    return _part(content)


@register.filter
def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _part(part: Any) -> str:
    if part is None:
        return ""
    if isinstance(part, str):
        return part
    if isinstance(part, dict) and isinstance(part.get("text"), str):
        return str(part["text"])
    return as_json(part)
