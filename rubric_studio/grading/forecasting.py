"""What a run would be, said before it starts."""

from dataclasses import dataclass

from rubric_studio.grading.answers import content_of
from rubric_studio.grading.cells import planned_cells
from rubric_studio.grading.endpoints import identity_of
from rubric_studio.grading.models import Judge, SampleAnswer
from rubric_studio.grading.pinning import chosen_answers, pinned_document, refuse_bounds
from rubric_studio.grading.reusing import known_grades
from rubric_studio.rubrics.models import Question, Version


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a run would be: its cells, and those that need no call because they are known."""

    cells: int
    known: int

    @property
    def to_judge(self) -> int:
        return self.cells - self.known


def forecast(
    question: Question,
    *,
    judge: Judge | None,
    version: Version | None,
    answers: list[SampleAnswer] | None = None,
    repeats: int = 1,
    criteria_per_call: int = 1,
) -> Forecast:
    """What `start_run` would have to judge. Raises RunRefused for what it would refuse."""
    document = pinned_document(question, version)
    chosen = chosen_answers(question, answers)
    refuse_bounds(document, len(chosen), repeats, criteria_per_call)
    if judge is None:
        cells = len(chosen) * len(document.criteria)
        return Forecast(cells, cells)
    planned = planned_cells(
        document,
        [content_of(it) for it in chosen],
        identity_of(judge),
        repeats,
        criteria_per_call,
    )
    fingerprints = [cell.fingerprint for own in planned for cell in own]
    known = known_grades(question.collection.team, fingerprints)
    return Forecast(len(fingerprints), sum(it in known for it in fingerprints))
