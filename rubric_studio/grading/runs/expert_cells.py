"""The cells of a run whose verdicts are the experts' labels."""

from django.utils.timezone import now

from rubric_studio.engine.document.types import Document
from rubric_studio.grading.answers.editing import answer_hash, content_of
from rubric_studio.grading.labels import Consensus, consensus, labels_of
from rubric_studio.grading.models import Grade, Run, RunAnswer, Status
from rubric_studio.grading.runs.cells import planned_checks
from rubric_studio.grading.runs.reusing import insert_cells

NO_LABEL = "no_label"
NO_LABEL_MESSAGE = "No expert has labelled this cell yet."


def insert_expert_cells(run: Run, document: Document, run_answers: list[RunAnswer]) -> None:
    """Every cell at once; one without a label has no verdict, so the score is an interval.
    What programs decide they decide here too."""
    hashes = {it.answer_id: answer_hash(content_of(it)) for it in run_answers}
    said = consensus(document, labels_of(run.question), hashes)
    Grade.objects.bulk_create(
        _cell(run, run_answer, criterion.key, said.get((run_answer.answer_id, criterion.key)))
        for run_answer in run_answers
        for criterion in document.criteria
        if criterion.check is None
    )
    checks = planned_checks(document, [content_of(it) for it in run_answers])
    insert_cells(run, run.question.collection.team, document, run_answers, checks)


def _cell(run: Run, run_answer: RunAnswer, key: str, said: Consensus | None) -> Grade:
    grade = Grade(run=run, run_answer=run_answer, criterion_key=key, graded_at=now())
    if said is None:
        grade.status = Status.FAILED
        grade.error_code, grade.error = NO_LABEL, NO_LABEL_MESSAGE
        return grade
    grade.status, grade.value, grade.level = said.status, said.value, said.level
    grade.reason = "1 label" if said.labels == 1 else f"{said.labels} labels"
    return grade
