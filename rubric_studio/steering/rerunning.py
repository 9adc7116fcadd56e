"""Judging again what a change of the rubric touched."""

from rubric_studio.accounts.models import User
from rubric_studio.errors import DomainError
from rubric_studio.grading.models import Run
from rubric_studio.grading.runs.starting import start_run
from rubric_studio.rubrics.models import Question, Version


class NothingToRepeat(DomainError):
    code = "nothing_to_repeat"
    message = "No judge that is still here has run this question. Start a run and choose one."


def run_to_repeat(question: Question) -> Run | None:
    """The newest run by a judge that is still there."""
    runs = Run.objects.whole().filter(question=question, source=Run.Source.JUDGE)
    return runs.filter(judge__deleted_at=None).select_related("judge").defer("document").first()


def run_again(question: Question, user: User, version: Version | None) -> Run:
    """The newest run once more, on all samples and probes, against the version (None: the draft).

    Verdicts that still hold are copied, so only what changed is judged. Raises NothingToRepeat
    without such a run, and what `start_run` raises.
    """
    last = run_to_repeat(question)
    if last is None:
        raise NothingToRepeat
    return start_run(
        question,
        user,
        judge=last.judge,
        version=version,
        repeats=last.repeats,
        criteria_per_call=last.criteria_per_call,
        budget=last.budget,
    )
