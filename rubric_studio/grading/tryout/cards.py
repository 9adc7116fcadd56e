"""What a try shows of one answer: a verdict or why there is none, and what one thinks of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from rubric_studio.accounts.models import User
from rubric_studio.engine.document.types import Criterion
from rubric_studio.engine.judging.outcome import Cell, Outcome
from rubric_studio.engine.judging.prompt import CANNOT_ASSESS, MET, NOT_APPLICABLE, UNMET
from rubric_studio.grading.answers.editing import answer_hash, content_of
from rubric_studio.grading.labels import labels_of
from rubric_studio.grading.models import Grade, Label, SampleAnswer, Status
from rubric_studio.grading.page.faces import label_mark
from rubric_studio.grading.runs.spending import money
from rubric_studio.grading.tryout.trial import Trial
from rubric_studio.rubrics.drawing.marks import Mark, mark_of

WORDS = {
    MET: "Met",
    UNMET: "Not met",
    NOT_APPLICABLE: "Not applicable",
    CANNOT_ASSESS: "Cannot tell",
}


@dataclass(frozen=True)
class Opinion:
    """What one can say to a verdict: that it is right, or which other one is. `judged` is the
    judge's verdict and `own` one's own, as `set_label` takes them; "" for none."""

    criterion: Criterion
    answer: SampleAnswer
    judged: str
    label: Label | None

    @property
    def own(self) -> str:
        return word_of(self.label.status, self.label.value, self.label.level) if self.label else ""

    @property
    def own_words(self) -> str:
        return WORDS.get(self.own, self.own).lower() if self.own in WORDS else self.own

    @property
    def own_mark(self) -> Mark | None:
        return label_mark(self.label, self.criterion.points) if self.label else None

    @property
    def agrees(self) -> bool:
        return self.own == self.judged

    @property
    def others(self) -> list[tuple[str, str]]:
        """The verdicts that one may hold against it, with their words."""
        levels = [it.label for it in self.criterion.levels or ()]
        allowed = levels or [MET, UNMET]
        if self.criterion.may_not_apply:
            allowed = [*allowed, NOT_APPLICABLE]
        return [(it, WORDS.get(it, it)) for it in allowed if it != self.judged]


@dataclass(frozen=True)
class Card:
    """One answer of a try. `status` "pending" waits for the judge; "failed" is no verdict."""

    criterion: Criterion
    answer: SampleAnswer
    status: str
    value: float | None = None
    level: str = ""
    reason: str = ""
    quotes: Sequence[tuple[str, bool]] = ()  # and whether the answer holds it
    error: str = ""
    tokens: int = 0
    seconds: float = 0.0
    is_known: bool = False
    label: Label | None = None

    @property
    def is_pending(self) -> bool:
        return self.status == Status.PENDING

    @property
    def is_failed(self) -> bool:
        return self.status == Status.FAILED

    @property
    def mark(self) -> Mark:
        status = "judging" if self.is_pending else str(self.status)
        return mark_of(status, self.value, self.criterion.points)

    @property
    def words(self) -> str:
        """Met, Partly 0.5, Not met; the level's name where there are levels."""
        if self.is_pending:
            return "Judging"
        if self.is_failed:
            return "No verdict"
        word = word_of(self.status, self.value, self.level)
        return WORDS.get(word, word)

    @property
    def opinion(self) -> Opinion:
        judged = word_of(self.status, self.value, self.level)
        return Opinion(self.criterion, self.answer, judged, self.label)

    @property
    def quote(self) -> str:
        """The first that the answer really holds."""
        return next((text for text, found in self.quotes if found), "")

    @property
    def invented(self) -> list[str]:
        return [text for text, found in self.quotes if not found]


@dataclass(frozen=True)
class Bill:
    """What a try came to: calls made, money (None: the judge did not say how many tokens it took)
    and the longest wait."""

    trial: Trial
    cards: Sequence[Card]
    cost: Decimal | None

    @property
    def asked(self) -> int:
        return sum(not it.is_known for it in self.cards)

    @property
    def known(self) -> int:
        return len(self.cards) - self.asked

    @property
    def seconds(self) -> float:
        return max((it.seconds for it in self.cards), default=0.0)

    @property
    def price(self) -> str:
        judge = self.trial.judge
        if not (judge.price_in or judge.price_out):
            return ""
        return "cost unknown" if self.cost is None else money(self.cost)


@dataclass
class Cards:
    """The cards of one try, by one person."""

    trial: Trial
    user: User

    @cached_property
    def labels(self) -> Mapping[UUID, Label]:
        """One's own labels under this wording and these texts, by answer."""
        own = labels_of(self.trial.question).filter(author=self.user, imported_from="")
        hashes = {it.pk: answer_hash(content_of(it)) for it in self.trial.answers}
        found = own.filter(criterion_key=self.trial.key, answer__in=list(hashes))
        return {
            it.answer_id: it
            for it in found
            if not it.is_stale(self.trial.wording, hashes[it.answer_id])
        }

    def waiting(self, answer: SampleAnswer) -> Card:
        return Card(self.trial.criterion, answer, Status.PENDING)

    def of_grade(self, answer: SampleAnswer, grade: Grade) -> Card:
        """A verdict that an earlier run has already paid for."""
        return Card(
            self.trial.criterion,
            answer,
            grade.status,
            self._value(grade.value, grade.level),
            grade.level,
            grade.reason,
            tuple((str(it["text"]), bool(it["found"])) for it in grade.quotes),
            is_known=True,
            label=self.labels.get(answer.pk),
        )

    def of_outcome(self, cell: Cell, outcome: Outcome) -> Card:
        """What the judge said just now, or why it said nothing."""
        answer = next(it for it in self.trial.answers if it.pk == cell.key)
        criterion, tokens = self.trial.criterion, outcome.prompt_tokens + outcome.completion_tokens
        if outcome.status != "judged":
            return Card(
                criterion,
                answer,
                Status.FAILED,
                error=outcome.error,
                tokens=tokens,
                seconds=outcome.seconds,
            )
        decision = outcome.decisions[criterion.key]
        return Card(
            criterion,
            answer,
            decision.status,
            decision.value,
            decision.level or "",
            decision.reason,
            tuple((it.text, it.found) for it in outcome.quotes.get(criterion.key, ())),
            tokens=tokens,
            seconds=outcome.seconds,
            label=self.labels.get(answer.pk),
        )

    def _value(self, value: float | None, level: str) -> float | None:
        """The level was chosen, not its value: that may be another one by now."""
        values = {it.label: float(it.value) for it in self.trial.criterion.levels or ()}
        return values.get(level, value) if level else value


def word_of(status: str, value: float | None, level: str) -> str:
    """The verdict as `set_label` takes it; "" for none."""
    if status in (Status.NOT_APPLICABLE, Status.CANNOT_ASSESS):
        return str(status)
    if status != Status.GRADED or value is None:
        return ""
    return level or (MET if value >= 0.5 else UNMET)


def cost_of(outcomes: Iterable[Outcome]) -> Decimal | None:
    """What they cost together; None where one of them can't be told."""
    costs = [it.cost for it in outcomes if it.calls]
    known = [it for it in costs if it is not None]
    return sum(known, Decimal(0)) if len(known) == len(costs) else None
