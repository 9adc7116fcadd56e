"""Runs on poor data as they come out of the database: whatever cells, expectations and rubric."""

from dataclasses import dataclass

from tests.cast import make_answer, make_rubric
from tests.steering.graded import make_judge_row

CELLS = {
    "1": {"status": "graded", "value": 1.0},
    "0": {"status": "graded", "value": 0.0},
    "h": {"status": "graded", "value": 0.5},
    "-": {"status": "not_applicable"},
    "?": {"status": "cannot_assess"},
    "!": {"status": "failed"},
    ".": {"status": "pending"},
}
LEVELS = [{"label": it, "value": at / 2} for at, it in enumerate(["none", "half", "all"])]


@dataclass(frozen=True)
class Poor:
    """`rows` holds a pair for each answer: what is stated of it, and its cells, one a criterion;
    several words are several repeats."""

    rows: tuple = ()
    criteria: tuple = ()
    status: str = "done"
    source: str = "judge"


def rubric_of(*points, **fields):
    """Criteria with these points and the same further fields."""
    return tuple(
        {"text": f"Names sign {n}.", "points": it, **fields} for n, it in enumerate(points)
    )


def ranked(tiers, cells):
    """Rows of answers with these tiers; a space parts the answers' cells, a bar their repeats."""
    return tuple(
        ({"tier": tier}, given.replace("|", " "))
        for tier, given in zip(tiers, cells.split(), strict=True)
    )


def grade(team, poor):
    """The question and its run."""
    from rubric_studio.engine.document.canonical import canonical_bytes, content_hash
    from rubric_studio.engine.document.writing import document_json
    from rubric_studio.grading.models import Grade, Run
    from rubric_studio.rubrics.draft import draft_document

    question = make_rubric(team, *poor.criteria)
    document = draft_document(question)
    run = Run.objects.create(
        question=question,
        ordinal=1000,
        judge=make_judge_row(team) if poor.source == "judge" else None,
        source=poor.source,
        document=canonical_bytes(document_json(document)),
        document_hash=content_hash(document),
        repeats=max([len(cells.split()) for _, cells in poor.rows], default=1),
        status=poor.status,
    )
    grades = []
    for number, (fields, cells) in enumerate(poor.rows):
        answer = make_answer(question, f"Answer number {number}.", **fields)
        grades += _grades(run, document, answer, number, cells)
    Grade.objects.bulk_create(grades)
    return question, run


def _grades(run, document, answer, number, cells):
    from rubric_studio.grading.models import Grade, RunAnswer

    pinned = RunAnswer.objects.create(
        run=run, answer=answer, ordinal=number, text=answer.text, messages=answer.messages
    )
    for repeat, word in enumerate(cells.split()):
        for criterion, cell in zip(document.criteria, word, strict=True):
            yield Grade(
                run=run,
                run_answer=pinned,
                criterion_key=criterion.key,
                repeat=repeat,
                fingerprint="0" * 64,
                **CELLS[cell],
            )
