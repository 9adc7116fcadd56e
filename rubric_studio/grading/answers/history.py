"""Every state of a sample answer that was acknowledged, append-only like the rubric's own."""

from collections.abc import Iterable
from typing import Any

from rubric_studio.accounts.models import User
from rubric_studio.grading.models import SampleAnswer
from rubric_studio.rubrics.models import Revision

KEPT = ("name", "text", "messages", "origin", "model", "tier", "band", "anchor", "is_held_out")
BATCH = 500


def record_answers(
    answers: Iterable[SampleAnswer], user: User | None, action: Revision.Action
) -> None:
    """One revision row for each answer as it stands now, under its present revision number."""
    rows = [
        Revision(
            question_id=answer.question_id,
            subject=Revision.Subject.ANSWER,
            subject_key=str(answer.pk),
            number=answer.revision,
            action=action,
            content=_content(answer),
            author=user,
        )
        for answer in answers
    ]
    Revision.objects.bulk_create(rows, batch_size=BATCH)


def _content(answer: SampleAnswer) -> dict[str, Any]:
    return {name: getattr(answer, name) for name in KEPT}
