"""What a run is pinned to before it starts, and what it refuses."""

from decimal import Decimal

from rubric_studio.engine.document.reading import read_document
from rubric_studio.engine.document.strict_json import loads
from rubric_studio.engine.document.types import Document
from rubric_studio.errors import DomainError
from rubric_studio.grading.judges.endpoints import endpoint_of
from rubric_studio.grading.judges.panels import judges_of, share_of
from rubric_studio.grading.models import Judge, Run, SampleAnswer
from rubric_studio.grading.runs.spending import exact
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.models import Question, Version

MOST_CELLS = 100_000
MOST_REPEATS = 9
MOST_CRITERIA_PER_CALL = 20
BUDGET_TOO_SMALL = "A budget must be above 0. Leave it empty for none."


class RunRefused(DomainError):
    code = "run_refused"


def document_of(run: Run) -> Document:
    """The document that the run was pinned to."""
    return read_document(loads(bytes(run.document)))


def pinned_document(question: Question, version: Version | None) -> Document:
    if version is None:
        document = draft_document(question)
    else:
        if version.question_id != question.pk:
            raise RunRefused("This version belongs to another question.")
        document = read_document(loads(bytes(version.document)))
    if not document.criteria:
        raise RunRefused("Add a criterion before you grade.")
    return document


def chosen_answers(question: Question, answers: list[SampleAnswer] | None) -> list[SampleAnswer]:
    if answers is None:
        answers = list(SampleAnswer.objects.live().filter(question=question))
    if any(answer.question_id != question.pk for answer in answers):
        raise RunRefused("An answer belongs to another question. Choose answers of this one.")
    unique = {answer.pk: answer for answer in answers}
    if not unique:
        raise RunRefused("Add a sample answer before you grade.")
    return sorted(unique.values(), key=lambda answer: answer.ordinal)


def refuse_bounds(
    document: Document, answers: int, repeats: int, criteria_per_call: int, judges: int = 1
) -> None:
    if not 1 <= repeats <= MOST_REPEATS:
        raise RunRefused(f"Choose 1 to {MOST_REPEATS} repeats.")
    if not 1 <= criteria_per_call <= MOST_CRITERIA_PER_CALL:
        raise RunRefused(f"Choose 1 to {MOST_CRITERIA_PER_CALL} criteria per call.")
    cells = answers * len(document.criteria) * repeats * judges
    if cells > MOST_CELLS:
        raise RunRefused(
            f"That is {cells:,} cells; a run holds at most {MOST_CELLS:,}. Choose fewer answers."
        )


def refuse_judge(judge: Judge | None, budget: Decimal | None) -> None:
    if budget is not None and budget <= 0:
        raise RunRefused(BUDGET_TOO_SMALL)
    if judge is None:
        return
    if judge.deleted_at is not None:
        raise RunRefused(f"{judge.name} was taken out. Choose another judge.")
    if judge.is_panel:
        _refuse_members(judge, budget)
        return
    endpoint_of(judge)
    if budget is not None and not (judge.price_in or judge.price_out):
        raise RunRefused(
            f"{judge.name} has no prices, so a budget can't be kept. Give its prices per million "
            "tokens on the page of judges, or leave the budget empty."
        )


def refuse_budget(run: Run, budget: Decimal | None) -> None:
    """Raise where a run that stopped would stop again at once with this in place of its budget.

    A budget is for the whole run: who takes it for money on top of the old one would wait in vain.
    """
    if budget is None:
        return
    stopped_at = run.budget if run.status == Run.Status.PAUSED_BUDGET else None
    least = max(run.cost, stopped_at or run.cost)
    if budget <= least:
        raise RunRefused(
            f"{exact(budget)} is not enough: {exact(run.cost)} is spent already"
            + (f" of the {exact(stopped_at)} at which this run stopped" if stopped_at else "")
            + f". A budget is for the whole run; give more than {exact(least)}."
        )


def _refuse_members(panel: Judge, budget: Decimal | None) -> None:
    members = judges_of(panel)
    share = share_of(budget, len(members))
    if share == 0:
        raise RunRefused("Shared among the panel's judges, this budget is nothing. Give more.")
    for member in members:
        refuse_judge(member, share)
