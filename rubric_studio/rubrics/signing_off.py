"""What a draft should have passed before it is published.

What is measured lives above this app, so `settings.SIGN_OFF` names the function that knows.
"""

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from rubric_studio.engine.document.types import Document
from rubric_studio.rubrics.models import Question

# Takes a question and its draft; gives the names of the gates that are not passed.
OpenGates = Callable[[Question, Document], tuple[str, ...]]


def open_gates(question: Question, draft: Document) -> tuple[str, ...]:
    """The gates that this draft has not passed, by name, in their order; () when all are."""
    ask: OpenGates = import_string(settings.SIGN_OFF)
    return ask(question, draft)


def gates_in_words(names: tuple[str, ...]) -> str:
    """Order, Steer tests and Lint."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
