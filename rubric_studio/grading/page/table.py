"""What the grading page's table is made of: heads of answers, rows of criteria, sections."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from rubric_studio.engine.document.scoring import NotApplicable, Score, Scorer, ScoreUndefined
from rubric_studio.engine.measuring.repeatability import Repeatability
from rubric_studio.grading.models import SampleAnswer
from rubric_studio.grading.scores import AnswerVerdicts
from rubric_studio.rubrics.outline import Entry


@dataclass(frozen=True)
class Column:
    """One answer with its score; `under` says how the score stands to what was expected."""

    answer: SampleAnswer
    starts_tier: bool
    score: Score | None
    under: str

    @property
    def is_off(self) -> bool:
        """Outside the band that was stated."""
        return self.under in ("above band", "below band")


@dataclass(frozen=True)
class Row:
    """`flips` is there where repeats of a cell differ."""

    entry: Entry
    cells: Sequence[SafeString]
    flips: Repeatability | None = None


@dataclass(frozen=True)
class Group:
    """A section with the points that each answer earns in it (answer's letter, points)."""

    key: str
    title: str
    depth: int
    rows: Sequence[Row]
    sums: Sequence[tuple[str, str]]


def tier_order(answer: SampleAnswer) -> tuple[bool, int, int]:
    """Strong answers first, those without a tier last."""
    return answer.tier is None, -(answer.tier or 0), answer.ordinal


def score_or_none(scorer: Scorer, verdicts: AnswerVerdicts) -> Score | None:
    """None where nothing can be scored."""
    try:
        return scorer.score(verdicts)
    except ScoreUndefined:
        return None


def standing(answer: SampleAnswer, score: Score | None, total: int) -> str:
    """How a score stands to the band that was stated, or how much of it there is."""
    if score is None:
        return "no score"
    if score.value is None:
        return f"{total - len(score.missing)} of {total}"
    if answer.band is None:
        return ""
    low, high = answer.band
    value = float(score.value)
    return "below band" if value < low else "above band" if value > high else "in band"


def is_flat(key: str, tiers: list[list[AnswerVerdicts]]) -> bool:
    """Whether the mean verdict is the same in every tier."""
    means = []
    for tier in tiers:
        values = [it[key] for it in tier if key in it]
        numbers = [float(it) for it in values if not isinstance(it, NotApplicable)]
        if not numbers:
            return False
        means.append(sum(numbers) / len(numbers))
    return max(means) - min(means) < 1e-9
