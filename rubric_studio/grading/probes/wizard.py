"""The steps of the wizard: which criterion, which edit, what it should change."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rubric_studio.engine.document.types import Criterion, Document
from rubric_studio.engine.measuring.steering_edits import MIN_EDITS
from rubric_studio.engine.probing.edits import Change
from rubric_studio.engine.probing.made import Made
from rubric_studio.grading.models import Probe, SampleAnswer
from rubric_studio.grading.probes.keeping import DOWN, UP
from rubric_studio.grading.probes.stating import (
    GradedBase,
    edits_for,
    graded_base,
    steady_forms,
)
from rubric_studio.rubrics.draft import draft_document

# In place of a criterion's key: an edit that should change nothing.
STEADY = "nothing"


@dataclass(frozen=True)
class Row:
    """A criterion with what the newest run said of the answer, the steer tests it has already, and
    what is ticked for it."""

    number: int
    criterion: Criterion
    says: str
    tests: int
    ticked: str

    @property
    def needs(self) -> int:
        return max(MIN_EDITS - self.tests, 0)


@dataclass(frozen=True)
class Offer:
    """An edit made by rule; `number` chooses it."""

    number: int
    made: Made
    change: Change | None
    is_chosen: bool


@dataclass(frozen=True)
class Step:
    """Where somebody stands. `key` is "" before a criterion is chosen."""

    answer: SampleAnswer
    document: Document
    base: GradedBase
    key: str
    chosen: str

    @cached_property
    def offers(self) -> Sequence[Offer]:
        if self.key == STEADY:
            pairs: list[tuple[Made, Change | None]] = [
                (it, None) for it in steady_forms(self.answer)
            ]
        elif self.key and self.answer.text is not None:
            edits = edits_for(self.answer, self.document, self.key, self.base)
            pairs = [(it.made, it.change) for it in edits]
        else:
            pairs = []
        return [
            Offer(number, made, change, str(number) == (self.chosen or "1"))
            for number, (made, change) in enumerate(pairs, start=1)
        ]

    @property
    def offer(self) -> Offer | None:
        return next((it for it in self.offers if it.is_chosen), None)

    @property
    def text(self) -> str:
        """What stands in the editor at first."""
        return self.offer.made.text if self.offer else self.answer.text or ""

    @property
    def criterion(self) -> Criterion | None:
        return None if self.key in ("", STEADY) else self.document.criterion(self.key)

    @property
    def number(self) -> int:
        keys = [it.key for it in self.document.criteria]
        return keys.index(self.key) + 1 if self.key in keys else 0

    @property
    def change(self) -> Change:
        """What an edit by hand would do: take away what is there, or add what is not."""
        if self.offer and self.offer.change:
            return self.offer.change
        return DOWN if self.base.says(self.key) in ("true", "in part") else UP

    @property
    def preset(self) -> dict[str, str]:
        """The tick that stands there at first: that of the criterion itself."""
        return {self.key: self.change} if self.criterion else {}

    def rows(self, ticked: Mapping[str, str]) -> list[Row]:
        """Every criterion, in the document's order. One query."""
        return [
            Row(
                number,
                it,
                self.base.says(it.key),
                self._tests[it.key],
                ticked.get(it.key, ""),
            )
            for number, it in enumerate(self.document.criteria, start=1)
        ]

    @cached_property
    def _tests(self) -> Counter[str]:
        found = Probe.objects.live().filter(answer__question=self.answer.question_id)
        stated = found.filter(kind=Probe.Kind.STEER).values_list("expected", flat=True)
        return Counter(key for expected in stated for key in expected)

    @cached_property
    def invariants(self) -> int:
        """Edits that should change nothing which the question has already."""
        found = Probe.objects.live().filter(answer__question=self.answer.question_id)
        return found.filter(kind=Probe.Kind.INVARIANT).count()


def step_of(answer: SampleAnswer, key: str, chosen: str) -> Step:
    """A key that is no criterion's (any more) leads back to the choice."""
    document = draft_document(answer.question)
    known = key == STEADY or any(it.key == key for it in document.criteria)
    return Step(answer, document, graded_base(answer), key if known else "", chosen)
