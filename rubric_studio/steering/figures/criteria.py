"""Figure 6: what each criterion does, by itself and to the scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rubric_studio.engine.document.scoring import NotApplicable, Verdict
from rubric_studio.engine.document.types import Json
from rubric_studio.engine.measuring.items import PointsBand, measure_item, met_by_points
from rubric_studio.engine.measuring.redundancy import Redundancy, measure_redundancy
from rubric_studio.engine.measuring.rescoring import Rescoring
from rubric_studio.engine.measuring.weights import Weights, measure_weights
from rubric_studio.steering.drawing.criteria_figure import CriteriaDrawing, draw_criteria
from rubric_studio.steering.figures.alike import ask_alike
from rubric_studio.steering.figures.criteria_rows import Cell, Row, Twins, tier_shares
from rubric_studio.steering.figures.criteria_words import (
    always_met,
    criteria_sentence,
    dead,
    dominates,
    duplicate,
    reversed_sign,
)
from rubric_studio.steering.figures.figure import FigureStatus, Group, interval_json
from rubric_studio.steering.findings import Finding
from rubric_studio.steering.material import Material
from rubric_studio.steering.sentences import counted

# Up to so many answers stand with their verdicts beside each criterion.
MOST_CELLS = 8
# Never and always are named from so many answers on, where 3 in 10 would most likely have shown,
# and where they take so much of all points: of fifty criteria one is met by all eight by luck.
MIN_TO_NAME, MIN_POINTS = 8, 0.05
# Equal verdicts of two criteria say something from here on, where their wordings agree too.
MIN_FOR_TWINS = 5


@dataclass(frozen=True, slots=True)
class CriteriaFigure:
    """`rows` in the rubric's order; `dominant` is the key of a criterion that decides alone.
    `letters` are those of the answers in each row's cells, the best first."""

    number: ClassVar[int] = 6
    key: ClassVar[str] = "criteria"
    name: ClassVar[str] = "What each criterion does"
    group: ClassVar[Group] = "work"

    rows: tuple[Row, ...]
    letters: tuple[str, ...]
    n: int
    left_out: int
    needs: int
    dominant: str | None
    twins: tuple[Twins, ...]
    redundancy: Redundancy
    by_points: tuple[PointsBand, ...]

    @property
    def status(self) -> FigureStatus:
        if self.findings:
            return "look"
        return "none" if self.needs or self.is_flat else "ok"

    @property
    def is_flat(self) -> bool:
        """Whether nothing can be said of weights: no two scores differ."""
        return all(it.weight.effective is None for it in self.rows)

    @property
    def sentence(self) -> str:
        return criteria_sentence(self.rows, self.n, self.needs, self.findings, is_flat=self.is_flat)

    @property
    def n_line(self) -> str:
        said = (
            f"n = {counted(self.n, 'answer')}, {counted(len(self.rows), 'criterion', 'criteria')}"
        )
        return said + (f"; {self.left_out} left out" if self.left_out else "")

    @property
    def findings(self) -> tuple[Finding, ...]:
        deciding = [it for it in self.rows if it.key == self.dominant]
        return (
            *(reversed_sign(it) for it in self.rows if it.item.is_reversed),
            *(dominates(it) for it in deciding),
            *(duplicate(it) for it in self.twins),
            *dead(_worth_naming([it for it in self.rows if it.item.is_dead])),
            *always_met(_worth_naming([it for it in self.rows if it.item.is_always_met])),
        )

    @property
    def drawing(self) -> CriteriaDrawing:
        return draw_criteria(
            self.rows, self.letters, [it.second.key for it in self.twins], self.dominant
        )

    def as_json(self) -> dict[str, Json]:
        return {
            "status": self.status,
            "sentence": self.sentence,
            "n": self.n,
            "left_out": self.left_out,
            "needs": self.needs,
            "criteria": [_json(it) for it in self.rows],
            "duplicates": [
                {
                    "criteria": [it.first.key, it.second.key],
                    "n": it.n,
                    "phi": it.phi,
                    "information": it.information,
                }
                for it in self.twins
            ],
            "internal_redundancy": self.redundancy.internal,
            "met_by_points": [
                {
                    "from": it.low,
                    "to": it.high,
                    "criteria": it.criteria,
                    "met": it.met.hits,
                    "n": it.met.n,
                    "interval": interval_json(it.met.interval),
                }
                for it in self.by_points
            ],
        }


def measure(material: Material) -> CriteriaFigure:
    samples = sorted(material.samples, key=lambda it: (-(it.tier or 0), it.letter))
    verdicts = [material.verdicts.get(it.id, {}) for it in samples]
    tiers = [it.tier for it in samples]
    weights = measure_weights(material.document, verdicts)
    columns = [
        [_value(it.get(criterion.key)) for it in verdicts]
        for criterion in material.document.criteria
    ]
    rests = _rests(Rescoring(material.document, verdicts), len(samples))
    shown = range(len(samples)) if len(samples) <= MOST_CELLS else range(0)
    rows = []
    for place, criterion in enumerate(material.document.criteria):
        item = measure_item(
            columns[place],
            tiers,
            float(criterion.points),
            index=place,
            guard=criterion.guard,
            rest=rests[place],
        )
        cells = tuple(_cell(verdicts[it].get(criterion.key)) for it in shown)
        weight, shares = weights.weights[place], tier_shares(columns[place], tiers)
        rows.append(Row(place + 1, criterion.key, criterion.text, item, weight, cells, shares))
    redundancy = measure_redundancy(columns, tiers)
    return CriteriaFigure(
        rows=tuple(rows),
        letters=tuple(samples[it].letter for it in shown),
        n=weights.n,
        left_out=weights.left_out,
        needs=weights.needs,
        dominant=_dominant(weights, rows),
        twins=_twins(redundancy, rows),
        redundancy=redundancy,
        by_points=met_by_points([it.item for it in rows]),
    )


def _value(verdict: Verdict | None) -> float | None:
    return None if verdict is None or isinstance(verdict, NotApplicable) else float(verdict)


def _cell(verdict: Verdict | None) -> Cell:
    if verdict is None:
        return Cell("failed")
    if isinstance(verdict, NotApplicable):
        return Cell("not_applicable")
    return Cell("graded", float(verdict))


def _rests(rescoring: Rescoring, answers: int) -> list[list[float | None]]:
    """For each criterion, by answer, the score that all others give before caps and gates."""
    given = rescoring.contributions()
    scores = given.sum(axis=1)
    rests: list[list[float | None]] = []
    for place in range(len(rescoring.criteria)):
        rest: list[float | None] = [None] * answers
        for row, answer in enumerate(rescoring.complete):
            rest[answer] = float(scores[row] - given[row, place])
        rests.append(rest)
    return rests


def _dominant(weights: Weights, rows: Sequence[Row]) -> str | None:
    most = weights.dominant
    return None if most is None else rows[most.index].key


def _worth_naming(rows: Sequence[Row]) -> list[Row]:
    """Those from enough answers, where together they carry enough of the points."""
    known = [it for it in rows if it.item.n >= MIN_TO_NAME]
    share = sum(it.weight.nominal or 0.0 for it in known)
    return known if share >= MIN_POINTS else []


def _twins(redundancy: Redundancy, rows: Sequence[Row]) -> tuple[Twins, ...]:
    """Pairs that pay for the same: by their verdicts alone where these are many and go together
    within the tiers too, else where they read alike as well. Of three that go together each later
    one is named once."""
    found, named = [], set()
    for pair in redundancy.pairs:
        first, second = rows[pair.first], rows[pair.second]
        by_verdicts = pair.stands_out and not redundancy.needs
        alike = pair.n >= MIN_FOR_TWINS and ask_alike(first.text, second.text)
        if not by_verdicts and not alike:
            continue
        if second.key not in named and first.item.points * second.item.points > 0:
            named.add(second.key)
            found.append(Twins(first, second, pair.n, pair.phi, pair.information))
    return tuple(found)


def _json(row: Row) -> dict[str, Json]:
    item, weight, ends = row.item, row.weight, row.item.discrimination
    return {
        "criterion": row.key,
        "points": item.points,
        "n": item.n,
        "left_out": item.left_out,
        "mean": item.mean,
        "met": item.met.hits,
        "interval": interval_json(item.met.interval),
        "entropy": item.entropy,
        "discrimination": None if ends is None else ends.d,
        "by_tier": [{"tier": it.tier, "mean": it.mean, "n": it.n} for it in row.tiers],
        "item_rest": item.rest,
        "nominal_weight": weight.nominal,
        "effective_weight": weight.effective,
        "order_shift_without": weight.order_shift,
        "score_shift_without": weight.score_shift,
        "never_met": item.is_dead,
        "always_met": item.is_always_met,
        "reversed": item.is_reversed,
        "guard": item.guard,
    }
