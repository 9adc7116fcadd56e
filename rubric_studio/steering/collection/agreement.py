"""Judges against experts over all questions of a collection."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from rubric_studio.engine.measuring.agreement import Confusion, confusion
from rubric_studio.engine.measuring.intervals import Interval
from rubric_studio.engine.measuring.pooling import Pooled, PooledAlpha, pool, pool_alpha
from rubric_studio.engine.measuring.standing import (
    Against,
    RaterPair,
    Standing,
    against_others,
    ceiling,
    rater_pairs,
    standing,
)
from rubric_studio.grading.models import SampleAnswer
from rubric_studio.steering.collection.cells import Asked, Cell, CollectionCells, JudgeCells

Pair = tuple[Cell, bool, bool]  # the judge's verdict, an expert's


@dataclass(frozen=True, slots=True)
class WrongCell:
    """Where the judge and `against` of `labels` experts differ."""

    answer: SampleAnswer
    accepts: bool
    against: int
    labels: int


@dataclass(frozen=True, slots=True)
class CriterionErrors:
    """A criterion on which a judge can be set beside experts; `run` is where its cells are."""

    asked: Asked
    heading: str
    run: UUID
    counts: Confusion
    wrong: tuple[WrongCell, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A judge's agreement on one kind of cells: of one source, or of one sign of points."""

    name: str
    pooled: Pooled


@dataclass(frozen=True, slots=True)
class JudgeAgreement:
    """One judge against the experts' labels on the cells that both know.

    `spread` is the largest bias of a source less the smallest (ProfBench's Bias-Index, arXiv
    2510.18941), from sources with 30 pairs or more; None with fewer than two of them.
    """

    cells: JudgeCells
    pooled: Pooled
    standing: Standing
    sources: tuple[Part, ...]
    signs: tuple[Part, ...]
    spread: float | None

    @property
    def name(self) -> str:
        return self.cells.judge.name

    @property
    def cost_per_thousand(self) -> Decimal | None:
        """Money for 1,000 verdicts; None where nothing was asked, or nothing was paid."""
        if not self.cells.paid or not self.cells.cost:
            return None
        return 1000 * self.cells.cost / self.cells.paid


@dataclass(frozen=True, slots=True)
class CollectionAgreement:
    """`raters` are the experts, each against the others; `pairs` every two of them, `judge_pairs`
    every two judges. `ceiling` is the range of the experts' kappas, None where no two share 30
    cells. `unused` labels stand beside no judge's verdict on the same wording. `left` are labels
    of not applicable or cannot tell."""

    questions: int
    labelled_questions: int
    labelled_answers: int
    experts: int
    labels: int
    left: int
    unused: int
    alpha: PooledAlpha
    raters: tuple[Against, ...]
    pairs: tuple[RaterPair, ...]
    ceiling: Interval | None
    judges: tuple[JudgeAgreement, ...]
    judge_pairs: tuple[RaterPair, ...]

    def judge(self, pk: str) -> JudgeAgreement | None:
        """The one with that id, or the first."""
        chosen = [it for it in self.judges if str(it.cells.judge.pk) == pk]
        return next(iter([*chosen, *self.judges]), None)


def measure_collection(cells: CollectionCells) -> CollectionAgreement:
    """Judges with most labels to go by first. Two verdicts are compared only where both read the
    same wording and the same text, so stale labels compare with nothing but each other."""
    experts = cells.experts_met
    named = _named(cells, experts)
    pairs = rater_pairs(named)
    judges = [_judge(cells, it, experts) for it in cells.judges]
    met = distinct((it.judge.name, it.met) for it in cells.judges)
    known = {cell for it in cells.judges for cell in it.met}
    given = [cell for own in experts.values() for cell in own]
    answers = {cell.answer for cell in given}
    return CollectionAgreement(
        questions=len(cells.questions),
        labelled_questions=len({cells.answers[it].question_id for it in answers}),
        labelled_answers=len(answers),
        experts=len(experts),
        labels=cells.labels,
        left=cells.labels - len(given),
        unused=sum(cell not in known for cell in given),
        alpha=_alpha(cells),
        raters=tuple(
            it for name, own in named.items() if (it := against_others(name, own, named)).counts.n
        ),
        pairs=pairs,
        ceiling=ceiling(tuple(it for it in pairs if not it.counts.needs_for_kappa)),
        judges=tuple(sorted(judges, key=lambda it: (-it.pooled.counts.n, it.name))),
        judge_pairs=rater_pairs(met),
    )


def criterion_errors(cells: CollectionCells, judge: JudgeCells) -> tuple[CriterionErrors, ...]:
    """The criteria with labels to set this judge beside, most verdicts against experts first."""
    by_criterion: defaultdict[tuple[UUID, str], list[Pair]] = defaultdict(list)
    for pair in _pairs(judge, cells.experts_met):
        cell = pair[0]
        by_criterion[cells.answers[cell.answer].question_id, cell.criterion].append(pair)
    found = [
        _errors(cells, judge, cells.criteria[place], pairs) for place, pairs in by_criterion.items()
    ]
    return tuple(sorted(found, key=_most_wrong_first))


def _judge(
    cells: CollectionCells, judge: JudgeCells, experts: Mapping[str, Mapping[Cell, bool]]
) -> JudgeAgreement:
    pairs = _pairs(judge, experts)
    sources = _parts(cells, pairs, lambda it: source_of(cells.answers[it.answer]))
    signs = _parts(cells, pairs, lambda it: _sign(cells, it))
    biases = [
        it.pooled.counts.bias or 0.0 for it in sources if not it.pooled.counts.needs_for_kappa
    ]
    named = _named(cells, experts)
    return JudgeAgreement(
        cells=judge,
        pooled=_pool(cells, pairs),
        standing=standing(judge.judge.name, judge.met, named),
        sources=sources,
        signs=signs,
        spread=max(biases) - min(biases) if len(biases) > 1 else None,
    )


def _pairs(judge: JudgeCells, experts: Mapping[str, Mapping[Cell, bool]]) -> list[Pair]:
    return [
        (cell, judge.met[cell], said)
        for own in experts.values()
        for cell, said in own.items()
        if cell in judge.met
    ]


def _pool(cells: CollectionCells, pairs: list[Pair]) -> Pooled:
    answers = [cell.answer for cell, _, _ in pairs]
    questions = [cells.answers[it].question_id for it in answers]
    return pool([it[1] for it in pairs], [it[2] for it in pairs], questions, answers)


def _parts(
    cells: CollectionCells, pairs: list[Pair], name: Callable[[Cell], str]
) -> tuple[Part, ...]:
    """The pairs by what `name` makes of their cells, the largest part first."""
    parts: defaultdict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        parts[name(pair[0])].append(pair)
    found = (Part(name, _pool(cells, given)) for name, given in parts.items())
    return tuple(sorted(found, key=lambda it: (-it.pooled.counts.n, it.name)))


def source_of(answer: SampleAnswer) -> str:
    """Model gpt-x, or Expert, Synthetic, Model where no name is known."""
    kind = SampleAnswer.Origin(answer.origin).label
    return f"{kind} {answer.model}" if answer.model else kind


def _sign(cells: CollectionCells, cell: Cell) -> str:
    asked = cells.criteria[cells.answers[cell.answer].question_id, cell.criterion]
    return "Rewards" if asked.points >= 0 else "Penalties"


def _alpha(cells: CollectionCells) -> PooledAlpha:
    by_cell: defaultdict[Cell, list[float]] = defaultdict(list)
    for own in cells.experts.values():
        for cell, value in own.items():
            by_cell[cell].append(value)
    answers = [cell.answer for cell in by_cell]
    questions = [cells.answers[it].question_id for it in answers]
    return pool_alpha([*by_cell.values()], questions, answers)


def _named(
    cells: CollectionCells, experts: Mapping[str, Mapping[Cell, bool]]
) -> dict[str, Mapping[Cell, bool]]:
    return distinct((cells.names[rater], given) for rater, given in experts.items())


def distinct(
    raters: Iterable[tuple[str, Mapping[Cell, bool]]],
) -> dict[str, Mapping[Cell, bool]]:
    """By name; two raters of one name are told apart by a number."""
    named: dict[str, Mapping[Cell, bool]] = {}
    for name, given in sorted(raters, key=lambda it: it[0]):
        unlike, number = name, 1
        while unlike in named:
            number += 1
            unlike = f"{name} ({number})"
        named[unlike] = given
    return named


def _errors(
    cells: CollectionCells, judge: JudgeCells, asked: Asked, pairs: Iterable[Pair]
) -> CriterionErrors:
    by_cell: defaultdict[Cell, list[bool]] = defaultdict(list)
    counts = Confusion(0, 0, 0, 0)
    for cell, said, expert in pairs:
        counts += confusion([(said, expert)])
        by_cell[cell].append(expert)
    wrong = [
        WrongCell(cells.answers[cell.answer], judge.met[cell], against, len(given))
        for cell, given in by_cell.items()
        if (against := sum(it != judge.met[cell] for it in given))
    ]
    return CriterionErrors(
        asked=asked,
        heading=cells.questions[asked.question].heading,
        run=judge.runs[asked.question],
        counts=counts,
        wrong=tuple(sorted(wrong, key=lambda it: it.answer.ordinal)),
    )


def _most_wrong_first(row: CriterionErrors) -> tuple[int, int, str, int]:
    wrong = row.counts.fp + row.counts.fn
    return -wrong, row.counts.n, row.heading, row.asked.number
