"""Judge's verdicts beside experts' labels, cell by cell, as figure 8 counts them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from rubric_studio.engine.document.scoring import NotApplicable, Verdict
from rubric_studio.engine.measuring.agreement import Confusion, confusion
from rubric_studio.engine.measuring.items import MET
from rubric_studio.steering.material import GivenLabel, Material
from rubric_studio.steering.samples import Sample

MIN_RAW = 0.8
MAX_BIAS = 0.1
# One more wrong credit than wrong refusal may be chance.
MIN_EXCESS = 2
MOST_WRONG = 8


@dataclass(frozen=True, slots=True)
class Wrong:
    """An answer on which the judge and an expert differ; `accepts` when the judge said met."""

    answer: str
    letter: str
    accepts: bool


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One criterion: `judge` against each expert's label, `experts` each two with each other.
    `wrong` are the answers with a difference, `wrong_count` how many there are."""

    key: str
    number: int
    text: str
    judge: Confusion
    experts: Confusion
    wrong: tuple[Wrong, ...]
    wrong_count: int

    @property
    def is_low(self) -> bool:
        """Whether judge and experts agree less often than they should."""
        return not self.judge.needs and (self.judge.raw.share or 0.0) < MIN_RAW

    @property
    def experts_differ(self) -> bool:
        return not self.experts.needs and (self.experts.raw.share or 0.0) < MIN_RAW

    @property
    def over_credits(self) -> bool:
        return self.is_low and _leans(self.judge) > MAX_BIAS

    @property
    def under_credits(self) -> bool:
        return self.is_low and -_leans(self.judge) > MAX_BIAS

    @property
    def is_flagged(self) -> bool:
        return self.is_low or self.experts_differ


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that somebody labelled. `judge` is None where the judge gave no met or unmet."""

    answer: str
    criterion: str
    judge: bool | None
    experts: tuple[tuple[str, float], ...]  # rater, value


def is_met(verdict: Verdict | None) -> bool | None:
    """None for no verdict and for not applicable: neither is met or unmet."""
    if verdict is None or isinstance(verdict, NotApplicable):
        return None
    return verdict >= MET


def labelled_cells(material: Material) -> tuple[Cell, ...]:
    """The cells of ordinary answers with a label that counts: not stale, met or unmet or a level,
    on a criterion that a judge decides. Of one expert's several labels the last one counts."""
    ordinary = {it.id for it in material.samples}
    judged = {it.key for it in material.document.criteria if it.check is None}
    by_cell: defaultdict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for label in material.labels:
        if counts(label) and label.answer in ordinary and label.criterion in judged:
            assert label.value is not None
            by_cell[label.answer, label.criterion][label.rater] = label.value
    return tuple(
        Cell(answer, criterion, _judge(material, answer, criterion), tuple(given.items()))
        for (answer, criterion), given in by_cell.items()
    )


def counts(label: GivenLabel) -> bool:
    return label.status == "graded" and not label.is_stale and label.value is not None


def rows_of(material: Material, cells: Iterable[Cell]) -> tuple[AgreementRow, ...]:
    """A row for each criterion with something to compare, the least agreed on first."""
    by_criterion: defaultdict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        by_criterion[cell.criterion].append(cell)
    samples = {it.id: it for it in material.samples}
    rows = [
        _row(criterion.key, number, criterion.text, by_criterion[criterion.key], samples)
        for number, criterion in enumerate(material.document.criteria, start=1)
        if criterion.key in by_criterion
    ]
    compared = [it for it in rows if it.judge.n or it.experts.n]
    return tuple(sorted(compared, key=_least_agreed_first))


def judge_pairs(cell: Cell) -> list[tuple[bool, bool]]:
    if cell.judge is None:
        return []
    return [(cell.judge, value >= MET) for _, value in cell.experts]


def _judge(material: Material, answer: str, criterion: str) -> bool | None:
    if not material.by_judge:
        return None
    return is_met(material.judged.get(answer, {}).get(criterion))


def _row(
    key: str, number: int, text: str, cells: list[Cell], samples: dict[str, Sample]
) -> AgreementRow:
    between = [
        (first >= MET, second >= MET)
        for cell in cells
        for (_, first), (_, second) in combinations(cell.experts, 2)
    ]
    wrong = [
        Wrong(cell.answer, samples[cell.answer].letter, cell.judge)
        for cell in cells
        if cell.judge is not None and any(it != cell.judge for _, it in judge_pairs(cell))
    ]
    judge = confusion(pair for cell in cells for pair in judge_pairs(cell))
    return AgreementRow(
        key, number, text, judge, confusion(between), tuple(wrong[:MOST_WRONG]), len(wrong)
    )


def _leans(judge: Confusion) -> float:
    """The bias, or 0 where one verdict makes it."""
    return judge.bias or 0.0 if abs(judge.fp - judge.fn) >= MIN_EXCESS else 0.0


def _least_agreed_first(row: AgreementRow) -> tuple[bool, bool, float, int]:
    share = row.judge.raw.share
    if share is None:
        share = row.experts.raw.share or 0.0
    return not row.is_flagged, bool(row.judge.needs), share, row.number
