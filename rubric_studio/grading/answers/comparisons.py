"""'This answer is better than that one', chosen blind to scores."""

from rubric_studio.accounts.models import User
from rubric_studio.errors import DomainError
from rubric_studio.grading.models import Comparison, SampleAnswer


class ComparisonRefused(DomainError):
    code = "comparison_refused"
    message = "Compare two different answers of the same question."


def compare_answers(
    better: SampleAnswer, worse: SampleAnswer, user: User, *, is_tie: bool = False
) -> Comparison:
    """Keeps the choice. A later choice of the same pair is another row: nothing is overwritten."""
    if better.pk == worse.pk or better.question_id != worse.question_id:
        raise ComparisonRefused
    return Comparison.objects.create(
        question_id=better.question_id, better=better, worse=worse, is_tie=is_tie, author=user
    )
