"""Which gates a draft has yet to pass before it is published."""

from rubric_studio.engine.document.types import Document
from rubric_studio.rubrics.models import Question
from rubric_studio.steering.assessment import GATE_NAMES, SIGN_OFF
from rubric_studio.steering.drafts import tested_draft


def open_gates(question: Question, draft: Document) -> tuple[str, ...]:
    """Their names in order; all of them while no finished run has tried the draft as it is."""
    tested = tested_draft(question, draft)
    if tested is None:
        return tuple(GATE_NAMES[key][1] for key in SIGN_OFF)
    return tuple(it.name for it in tested.open_gates)
