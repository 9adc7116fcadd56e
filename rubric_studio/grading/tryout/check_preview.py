"""What a check says of the sample answers: tried where it is written, kept nowhere."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rubric_studio.engine.document.types import Json
from rubric_studio.engine.judging.checks import CheckResult, decide
from rubric_studio.grading.answers.editing import content_of
from rubric_studio.grading.answers.passages import Piece, pieces_of
from rubric_studio.grading.answers.pins import pinned_of
from rubric_studio.grading.models import SampleAnswer
from rubric_studio.grading.page.faces import NOT_DECIDED
from rubric_studio.grading.page.table import tier_order
from rubric_studio.rubrics.checks import check_sentence
from rubric_studio.rubrics.drawing.marks import Mark, mark_of
from rubric_studio.rubrics.models import Question

MOST_ANSWERS = 200
LONGEST = 3.0  # seconds: somebody is waiting for the page
LONGEST_SHOWN = 20_000  # letters of an answer
AT_ONCE = 20  # answers whose texts are read together


@dataclass(frozen=True)
class Checked:
    """One answer as the program sees it."""

    answer: SampleAnswer
    result: CheckResult
    points: float
    is_pinned: bool
    starts_tier: bool

    @property
    def mark(self) -> Mark:
        if self.result.status != "graded":
            return NOT_DECIDED
        return mark_of("graded", self.result.value, self.points)

    @property
    def words(self) -> str:
        """Met, Not met, No verdict."""
        return self.mark.words.partition(",")[0].partition(":")[0].capitalize()

    @property
    def why(self) -> str:
        return self.result.reason or self.result.error

    @cached_property
    def pieces(self) -> list[Piece]:
        """The answer's text, what the program found apart."""
        spans = [
            (it.start, it.end)
            for it in self.result.quotes
            if it.start is not None and it.end is not None
        ]
        return pieces_of(self._text[:LONGEST_SHOWN], spans)

    @property
    def is_cut(self) -> bool:
        return len(self._text) > LONGEST_SHOWN

    @cached_property
    def _text(self) -> str:
        return content_of(self.answer).as_text()


@dataclass(frozen=True)
class CheckPreview:
    """`left` answers were not reached in the time that a page may take; `problems` keep the check
    from being tried at all."""

    sentence: str = ""
    checked: Sequence[Checked] = ()
    left: int = 0
    problems: Sequence[str] = ()

    @property
    def shown(self) -> list[Checked]:
        """Those that are told in full."""
        return [it for it in self.checked if it.is_pinned]

    @property
    def met(self) -> int:
        return sum(it.result.value == 1 for it in self.checked)


def preview_check(question: Question, spec: Json, points: float) -> CheckPreview:
    """Decide a spec without problems on the question's answers, the pinned ones first."""
    live = SampleAnswer.objects.live().shown_where_written().filter(question=question)
    light = list(live.defer("text", "messages"))
    pinned = {it.pk for it in pinned_of(light)}
    order = sorted(light, key=lambda it: (it.pk not in pinned, tier_order(it)))
    decided: dict[object, tuple[SampleAnswer, CheckResult]] = {}
    deadline = time.monotonic() + LONGEST
    for answer in _whole(order[:MOST_ANSWERS]):
        decided[answer.pk] = answer, decide(spec, content_of(answer))
        if time.monotonic() > deadline:
            break
    checked: list[Checked] = []
    tier: object = None
    for pk in (it.pk for it in sorted(light, key=tier_order) if it.pk in decided):
        answer, result = decided[pk]
        is_new = not checked or answer.tier != tier
        tier = answer.tier
        checked.append(Checked(answer, result, points, pk in pinned, starts_tier=is_new))
    return CheckPreview(check_sentence(spec), checked, len(light) - len(checked))


def _whole(answers: Sequence[SampleAnswer]) -> Iterator[SampleAnswer]:
    """The answers with their texts, a few at a time: together they may be hundreds of megabytes."""
    for start in range(0, len(answers), AT_ONCE):
        part = answers[start : start + AT_ONCE]
        whole = SampleAnswer.objects.in_bulk([it.pk for it in part])
        yield from (whole[it.pk] for it in part if it.pk in whole)
