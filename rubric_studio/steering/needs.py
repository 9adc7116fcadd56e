"""What of the listed questions waits for their authors: at most five things, the gravest first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.urls import reverse

from rubric_studio.grading.answers.tier_counts import NONE, TierCounts
from rubric_studio.grading.models import Run
from rubric_studio.rubrics.drawing.bars import TIERS
from rubric_studio.rubrics.models import Question
from rubric_studio.steering.sentences import counted
from rubric_studio.steering.states import NOT_TESTED, State, WorstSwap

SHOWN = 5
Kind = Literal["swap", "run", "answers"]
GRAVEST_FIRST: tuple[Kind, ...] = ("swap", "run", "answers")


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to do, and where: `action` stands on the button that leads to `url`."""

    kind: Kind
    question: Question
    title: str
    why: str
    url: str
    action: str


def needs_of(
    questions: Sequence[Question],
    states: Mapping[UUID, State],
    tiers: Mapping[UUID, TierCounts],
) -> tuple[Need, ...]:
    """All of them, one for a question at most. One query."""
    halted = _halted_runs(questions)
    needs = []
    for question in questions:
        need = (
            _swapped(question, states.get(question.pk, NOT_TESTED))
            or _halted(question, halted.get(question.pk))
            or _short_of_answers(question, tiers.get(question.pk, NONE))
        )
        if need is not None:
            needs.append(need)
    return tuple(sorted(needs, key=lambda it: GRAVEST_FIRST.index(it.kind)))


def _halted_runs(questions: Iterable[Question]) -> dict[UUID, Run]:
    """The newest run of each question where that stopped before every cell had its verdict."""
    newest = (
        Run.objects.whole()
        .filter(question__in=[it.pk for it in questions])
        .order_by("question_id", "-created_at", "-pk")
        .distinct("question_id")
        .only("question_id", "ordinal", "status")
    )
    stopped = (Run.Status.INCOMPLETE, Run.Status.PAUSED_BUDGET)
    return {run.question_id: run for run in newest if run.status in stopped}


def _swapped(question: Question, state: State) -> Need | None:
    if state.swap is None or state.run is None:
        return None
    why = state.swap.sentence
    if state.is_demo:
        why = f"Judged by the demo judge, whose verdicts are near chance. {why}"
    report = f"{reverse('steering', args=[question.pk])}?run={state.run.pk}"
    title = f"“{question.heading}” puts {_tiers(state.swap)}"
    return Need("swap", question, title, why, report, "Open report")


def _tiers(swap: WorstSwap) -> str:
    """A weak answer above an acceptable one."""
    worse, better = TIERS.get(swap.worse_tier or 0), TIERS.get(swap.better_tier or 0)
    if worse is None or better is None:
        return f"an answer of tier {swap.worse_tier} above one of tier {swap.better_tier}"
    return f"{_article(worse)} answer above {_article(better)} one"


def _article(name: str) -> str:
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _halted(question: Question, run: Run | None) -> Need | None:
    if run is None:
        return None
    title = f"Run {run.ordinal} of “{question.heading}”"
    if run.status == Run.Status.PAUSED_BUDGET:
        title += " has used up its budget"
        why = "What was graded is kept. Give it more, or cancel it."
        return Need("run", question, title, why, run.get_absolute_url(), "Open run")
    title += " has cells without a verdict"
    why = "The judge failed there, or could not tell. Scores stay open until they have one."
    return Need("run", question, title, why, run.get_absolute_url(), "Open run")


def _short_of_answers(question: Question, counts: TierCounts) -> Need | None:
    """A question without any answer has not come that far: it needs nothing yet."""
    if not counts.total or not counts.needed:
        return None
    more = counted(counts.needed, "more answer")
    title = f"“{question.heading}” needs {more} before its order can be tested"
    so_far = counted(counts.tiered, "answer")
    if counts.rest:
        so_far += f" with a tier, {counts.rest} without"
    why = f"{so_far} so far; five are the least, six to eight in three tiers are better."
    return Need(
        "answers", question, title, why, reverse("answers", args=[question.pk]), "Add answers"
    )
