"""What to do first where there is too little to say: the nearest way to an order."""

from dataclasses import dataclass

from django.urls import reverse

from rubric_studio.accounts.access import MAY_LABEL
from rubric_studio.grading.models import Run
from rubric_studio.rubrics.models import Question
from rubric_studio.steering.actions import Way
from rubric_studio.steering.assessment import Report
from rubric_studio.steering.samples import VerdictsFrom
from rubric_studio.steering.sentences import counted


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    why: str
    way: Way
    figure: int | None = 1


@dataclass(frozen=True)
class Waiting:
    """What stands between a run and its order. `elsewhere`: answers with a tier that it did not
    take."""

    report: Report
    question: Question
    run: Run
    verdicts_from: VerdictsFrom
    elsewhere: int
    role: str | None

    @property
    def is_by_labels(self) -> bool:
        return self.verdicts_from != "run" or self.run.source == Run.Source.EXPERTS

    @property
    def unranked(self) -> int:
        """Answers with a score and without a tier."""
        samples = self.report.order.samples
        return sum(it.tier is None and it.score is not None for it in samples)

    def way_to_labels(self) -> Way:
        if self.role in MAY_LABEL:
            return Way("Label them", self.page("labelling"))
        return Way("Open grades", f"{self.page('grade')}?run={self.run.pk}")

    def page(self, name: str) -> str:
        return reverse(name, args=[self.question.pk])


def first_step(waiting: Waiting) -> Step | None:
    """None where the order can be judged. What was begun comes before what is new."""
    order = waiting.report.order.measured
    if waiting.report.verdict == "not_tested":
        return _without_verdicts(waiting)
    if not order.needs:
        return None
    if order.left_out:
        return _incomplete(waiting, order.left_out)
    if waiting.elsewhere:
        others = counted(waiting.elsewhere, "other answer")
        is_not = "is" if waiting.elsewhere == 1 else "are"
        return Step(
            f"Run {counted(waiting.elsewhere, 'more ranked answer')}",
            f"{others} with a tier {is_not} not in this run.{_besides(order.needs, waiting)}",
            Way("Run them too", waiting.page("grade")),
        )
    if waiting.unranked:
        return _unranked(waiting, waiting.unranked)
    more = counted(order.needs, "more ranked answer")
    why = (
        "5 answers in 2 tiers are the least; 6 to 8 in 3 tiers are better, a near miss among them."
    )
    if order.tiers == 1 and order.n > 1:
        more = counted(order.needs, "answer of another tier", "answers, not all of the same tier")
        why = f"All {order.n} that count are in one tier, so none can be better than another."
    return Step(f"Add {more}", why, Way("Open answers", waiting.page("answers")))


def _without_verdicts(waiting: Waiting) -> Step:
    if waiting.is_by_labels:
        return Step(
            "Label the answers",
            "A label counts while the criterion’s wording and the answer are as they were when it"
            " was given.",
            waiting.way_to_labels(),
            figure=None,
        )
    return Step(
        "Get verdicts",
        "Wait for the run, resume it, or start another.",
        Way("Open the run", f"{waiting.page('grade')}?run={waiting.run.pk}"),
        figure=None,
    )


def _incomplete(waiting: Waiting, left_out: int) -> Step:
    answers = counted(left_out, "ranked answer")
    has = "It has" if left_out == 1 else "They have"
    counts = "it counts" if left_out == 1 else "each counts"
    if waiting.is_by_labels:
        return Step(
            f"Finish labelling {answers}",
            f"{has} no complete score: {counts} once every criterion that a person decides has a"
            " label.",
            waiting.way_to_labels(),
        )
    if waiting.run.is_live:
        return Step(
            f"Wait for {answers}",
            f"{has} no complete score yet, and the run is not finished.",
            Way("Watch the run", waiting.run.get_absolute_url()),
        )
    return Step(
        f"Get the missing verdicts of {answers}",
        f"{has} no complete score: the judge failed on a criterion, or could not tell.",
        Way("Open the run", waiting.run.get_absolute_url()),
    )


def _unranked(waiting: Waiting, many: int) -> Step:
    answers = counted(many, "answer of this run", "answers of this run")
    has = "It has a score" if many == 1 else "They have scores"
    return Step(
        f"Say which tier {answers} {'is' if many == 1 else 'are'} in",
        f"{has} and no tier. What is stated now is marked as stated with the scores known."
        f"{_besides(waiting.report.order.measured.needs, waiting, many)}",
        Way("Open answers", waiting.page("answers")),
    )


def _besides(needs: int, waiting: Waiting, offered: int | None = None) -> str:
    """How many more are needed even then."""
    left = needs - (waiting.elsewhere if offered is None else offered)
    if left <= 0:
        return ""
    return f" {left} more {'is' if left == 1 else 'are'} needed besides."
