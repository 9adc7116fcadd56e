"""What a draft should have passed before it is published.

What is measured lives above this app, so `settings.SIGN_OFF` names the function that knows.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from rubric_studio.engine.document.types import Document
from rubric_studio.rubrics.models import Question


@dataclass(frozen=True, slots=True)
class SignOff:
    """How a draft stands: `open` names the gates that it has not passed, in their order. Where
    what they rest on is still being measured, all are open and `under_way` is a sentence that
    says so."""

    open: tuple[str, ...]
    under_way: str = ""


def sign_off_of(question: Question, draft: Document) -> SignOff:
    """May send a message to a worker, so call it outside of transactions."""
    ask: Callable[[Question, Document], SignOff] = import_string(settings.SIGN_OFF)
    return ask(question, draft)


def gates_in_words(names: tuple[str, ...]) -> str:
    """Order, Steer tests and Lint."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
