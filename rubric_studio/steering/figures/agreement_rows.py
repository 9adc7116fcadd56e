"""Judge's verdicts beside experts' labels, cell by cell, as figure 8 counts them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import floor

from rubric_studio.engine.document.scoring import NotApplicable, Verdict
from rubric_studio.engine.measuring.agreement import Confusion, confusion
from rubric_studio.engine.measuring.items import MET
from rubric_studio.engine.measuring.multiplicity import RATE, chance_of_at_least, stand_out
from rubric_studio.steering.material import GivenLabel, Material
from rubric_studio.steering.samples import Sample

MIN_RAW = 0.8
MAX_BIAS = 0.1
# One more wrong credit than wrong refusal may be chance.
MIN_EXCESS = 2
MOST_WRONG = 8
# More labels than these nobody gives to be sure of one criterion.
MOST_ASKED = 20


@dataclass(frozen=True, slots=True)
class Wrong:
    """An answer on which the judge and an expert differ; `accepts` when the judge said met."""

    answer: str
    letter: str
    accepts: bool


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One criterion: `judge` against each expert's label, `experts` each two with each other.
    `wrong` are the answers with a difference, `wrong_count` how many there are. `stands_out` and
    `experts_stand_out`: they differ more on it than on the rest, beyond what luck makes of the
    unluckiest of so many criteria. `more` labels would tell whether what looks credited wrongly
    is; 0 where it does not look so, is certain, or labels are not what is missing."""

    key: str
    number: int
    text: str
    judge: Confusion
    experts: Confusion
    wrong: tuple[Wrong, ...]
    wrong_count: int
    stands_out: bool = False
    experts_stand_out: bool = False
    more: int = 0

    @property
    def is_low(self) -> bool:
        """Whether judge and experts agree less often than they should, and not by luck."""
        return self.stands_out and _is_below(self.judge)

    @property
    def experts_differ(self) -> bool:
        return self.experts_stand_out and _is_below(self.experts)

    @property
    def may_be_low(self) -> bool:
        """Whether they agree less often than they should, by luck or not."""
        return _is_below(self.judge)

    @property
    def over_credits(self) -> bool:
        return self.is_low and _leans(self.judge) > MAX_BIAS

    @property
    def under_credits(self) -> bool:
        return self.is_low and -_leans(self.judge) > MAX_BIAS

    @property
    def is_flagged(self) -> bool:
        return self.is_low or self.experts_differ

    @property
    def leans_to_met(self) -> bool:
        return _leans(self.judge) > 0

    @property
    def looks_wrong(self) -> bool:
        """Whether the judge leans on it as it must not, be that by luck or not."""
        low = (self.judge.raw.share or 0.0) < MIN_RAW
        return low and abs(_leans(self.judge)) > MAX_BIAS


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
    shares = [_by_cell(by_criterion[it.key]) for it in compared]
    judge = _lucks([it.judge for it in compared], shares)
    between = [_by_cell_between(by_criterion[it.key]) for it in compared]
    experts = _lucks([it.experts for it in compared], between)
    free = [_unlabelled(material, it.key, by_criterion[it.key]) for it in compared]
    more = _labels_to_tell(compared, shares, judge, free)
    flagged = (
        replace(row, stands_out=far, experts_stand_out=apart, more=0 if far else missing)
        for row, far, apart, missing in zip(
            compared, stand_out(judge), stand_out(experts), more, strict=True
        )
    )
    return tuple(sorted(flagged, key=_least_agreed_first))


def _labels_to_tell(
    rows: Sequence[AgreementRow],
    shares: Sequence[Sequence[float]],
    lucks: Sequence[float | None],
    unlabelled: Sequence[int],
) -> list[int]:
    """Of each criterion that looks wrong, labels on answers without one until it can be judged;
    where it can, until it would stand out if these go the same way. 0 where there are not so many
    answers: then labels are not what is missing."""
    known = sum(it is not None for it in lucks)
    found = []
    for row, cells, usual, free in zip(
        rows, shares, _usual([it.judge for it in rows]), unlabelled, strict=True
    ):
        more = 0
        if row.looks_wrong and row.judge.needs <= free:
            more = row.judge.needs or _until_certain(cells, usual, known, min(free, MOST_ASKED))
        found.append(more)
    return found


def _until_certain(cells: Sequence[float], usual: float, known: int, most: int) -> int:
    """More cells, of which as large a share differs, until luck does so no more than it may among
    `known` criteria; 0 where that is not reached."""
    often = sum(cells) / len(cells)
    for more in range(1, most + 1):
        many = len(cells) + more
        luck = chance_of_at_least(floor(often * many + 1e-9), [usual] * many)
        if luck * known <= RATE:
            return more
    return 0


def _unlabelled(material: Material, key: str, cells: Iterable[Cell]) -> int:
    """Answers on which the judge said met or unmet, and nobody has given a label that counts."""
    labelled = {it.answer for it in cells}
    return sum(
        it.id not in labelled and _judge(material, it.id, key) is not None
        for it in material.samples
    )


def _usual(counts: Sequence[Confusion]) -> list[float]:
    """How often the two differ on all other criteria, at most as often as is let through."""
    wrong, many = sum(it.fp + it.fn for it in counts), sum(it.n for it in counts)
    # One more of each (Laplace), so that a rest without a difference does not say never.
    elsewhere = ((wrong - own.fp - own.fn + 1) / (many - own.n + 2) for own in counts)
    return [min(it, 1 - MIN_RAW) for it in elsewhere]


def _lucks(counts: Sequence[Confusion], shares: Sequence[Sequence[float]]) -> list[float | None]:
    """Of each criterion the chance that it is differed on as often by luck: in as many cells, where
    the two differ as often as on all other criteria, but at most as often as is let through.

    Verdicts of several experts on one cell are alike, so cells are counted and not pairs.
    """
    found: list[float | None] = []
    for own, cells, usual in zip(counts, shares, _usual(counts), strict=True):
        if own.needs:
            found.append(None)
            continue
        found.append(chance_of_at_least(floor(sum(cells) + 1e-9), [usual] * len(cells)))
    return found


def _by_cell(cells: Iterable[Cell]) -> list[float]:
    """Of each cell the share of experts who differ from the judge."""
    pairs = [it for cell in cells if (it := judge_pairs(cell))]
    return [sum(judge != expert for judge, expert in it) / len(it) for it in pairs]


def _by_cell_between(cells: Iterable[Cell]) -> list[float]:
    """Of each cell the share of two experts who differ."""
    found = []
    for cell in cells:
        said = [value >= MET for _, value in cell.experts]
        pairs = len(said) * (len(said) - 1)
        if pairs:
            found.append(2 * said.count(True) * said.count(False) / pairs)
    return found


def _is_below(counts: Confusion) -> bool:
    return not counts.needs and (counts.raw.share or 0.0) < MIN_RAW


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
