"""Which gates a draft has yet to pass before it is published."""

from rubric_studio.engine.document.types import Document
from rubric_studio.rubrics.models import Question
from rubric_studio.rubrics.signing_off import SignOff
from rubric_studio.steering.assessment import GATE_NAMES, SIGN_OFF
from rubric_studio.steering.drafts import tested_draft


def sign_off_of(question: Question, draft: Document) -> SignOff:
    """All gates are open while no finished run has tried the draft as it is, and while a worker
    still measures the report of that run."""
    tested = tested_draft(question, draft)
    if tested is None:
        return SignOff(tuple(GATE_NAMES[key][1] for key in SIGN_OFF))
    # What a run that does not count would say changes nothing, so nobody waits for it.
    waits = tested.may_count and not tested.is_current
    return SignOff(tuple(it.name for it in tested.open_gates), tested.under_way if waits else "")
