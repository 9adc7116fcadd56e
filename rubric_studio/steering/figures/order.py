"""Figure 1: whether better answers score higher."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from rubric_studio.engine.document.scoring import NotApplicable, Verdict
from rubric_studio.engine.document.types import Document, Json
from rubric_studio.engine.measuring.order import Order, Pair, measure_order
from rubric_studio.steering.drawing.order_figure import OrderDrawing, draw_order
from rubric_studio.steering.experts import NOBODY, Experts, experts_of
from rubric_studio.steering.figures.figure import FigureStatus, Group, interval_json
from rubric_studio.steering.figures.swaps import Blamed, Swap, findings_of
from rubric_studio.steering.findings import Finding
from rubric_studio.steering.lateness import late_json, late_words
from rubric_studio.steering.material import Material
from rubric_studio.steering.samples import Sample
from rubric_studio.steering.sentences import (
    counted,
    held_out_sentence,
    order_sentence,
)

MIN_CONCORDANCE = 0.9


@dataclass(frozen=True, slots=True)
class OrderFigure:
    """Indices in `measured` point into `samples`; `swaps` are its inversions, the worst first.
    `held_out` is the order of the answers that were set aside, None where none is; it takes no part
    in the rest."""

    number: ClassVar[int] = 1
    key: ClassVar[str] = "order"
    name: ClassVar[str] = "Order recovered"
    group: ClassVar[Group] = "order"

    measured: Order
    samples: tuple[Sample, ...]
    swaps: tuple[Swap, ...]
    held_out: Order | None = None
    set_aside: int = 0
    experts: Experts = NOBODY

    @property
    def status(self) -> FigureStatus:
        order = self.measured
        if order.needs or order.concordance is None:
            return "none"
        if order.concordance < MIN_CONCORDANCE:
            return "stop"
        flawless = order.concordance == 1 and order.beats_luck and not self.fails_held_out
        return "ok" if flawless and not order.left_out else "look"

    @property
    def sentence(self) -> str:
        said = order_sentence(self.measured, self.samples)
        if self.held_out is None:
            return said
        return f"{said} {held_out_sentence(self.held_out, self.set_aside)}"

    @property
    def fails_held_out(self) -> bool:
        """Whether the answers that were set aside are enough to tell, and not in order."""
        held = self.held_out
        if held is None or held.needs or held.concordance is None:
            return False
        return held.concordance < MIN_CONCORDANCE

    @property
    def n_line(self) -> str:
        order = self.measured
        said = f"n = {counted(order.n, 'answer')}, {counted(order.pairs, 'pair')}"
        if not order.needs and order.p is not None:
            said += f", exact p {'below 0.001' if order.p < 0.001 else f'= {order.p:.3f}'}"
        elif not order.needs and order.interval:
            said += f", 95 % interval {order.interval.low:.2f} to {order.interval.high:.2f}"
        said += f"; {order.left_out} left out" if order.left_out else ""
        return said + late_words(self.ranked)

    @property
    def ranked(self) -> tuple[Sample, ...]:
        return tuple(it for it in self.samples if it.tier is not None)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(findings_of(self.swaps))

    @property
    def drawing(self) -> OrderDrawing:
        return draw_order(self.measured, self.samples)

    def as_json(self) -> dict[str, Json]:
        order = self.measured
        return {
            "status": self.status,
            "sentence": self.sentence,
            "n": order.n,
            "left_out": order.left_out,
            "needs": order.needs,
            "needs_to_beat_luck": order.needs_to_beat_luck,
            "tiers": order.tiers,
            "pairs": order.pairs,
            "concordance": order.concordance,
            "strict_accuracy": order.strict,
            "tau_b": order.tau_b,
            "chance": order.chance,
            "p": order.p,
            "interval": interval_json(order.interval),
            "inversions": [self._pair(it) for it in order.inversions],
            "ties": [self._pair(it) for it in order.ties],
            "late": late_json(self.ranked),
            "held_out": self._held_out(),
            **self.experts.as_json(),
        }

    def _held_out(self) -> dict[str, Json] | None:
        held = self.held_out
        if held is None:
            return None
        return {
            "answers": self.set_aside,
            "n": held.n,
            "needs": held.needs,
            "pairs": held.pairs,
            "concordance": held.concordance,
            "p": held.p,
            "interval": interval_json(held.interval),
        }

    def _pair(self, pair: Pair) -> dict[str, Json]:
        better, worse = self.samples[pair.better], self.samples[pair.worse]
        return {"better": better.id, "worse": worse.id, "gap": pair.gap}


def measure(material: Material) -> OrderFigure:
    samples = material.samples
    order = measure_order([it.score for it in samples], [it.tier for it in samples])
    swaps = tuple(_swap(pair, material) for pair in order.inversions)
    apart = material.held_out
    held_out = None
    if apart:
        held_out = measure_order([it.score for it in apart], [it.tier for it in apart])
    return OrderFigure(order, samples, swaps, held_out, len(apart), experts_of(material))


def _swap(pair: Pair, material: Material) -> Swap:
    better, worse = material.samples[pair.better], material.samples[pair.worse]
    verdicts = material.verdicts
    key = blamed_criterion(
        material.document, verdicts.get(better.id, {}), verdicts.get(worse.id, {})
    )
    blamed = None
    if key is not None:
        blamed = Blamed(key, material.numbers[key], material.document.criterion(key).text)
    return Swap(better, worse, pair.gap, blamed)


def blamed_criterion(
    document: Document, better: Mapping[str, Verdict], worse: Mapping[str, Verdict]
) -> str | None:
    """The criterion whose verdicts favour the worse answer by most points, or None."""
    favours = [
        (float(it.points) * (_value(worse, it.key) - _value(better, it.key)), it.key)
        for it in document.criteria
        if it.key in better and it.key in worse
    ]
    most, key = max(favours, key=lambda it: it[0], default=(0.0, ""))
    return key if most > 0 else None


def _value(verdicts: Mapping[str, Verdict], key: str) -> float:
    verdict = verdicts[key]
    return 0.0 if isinstance(verdict, NotApplicable) else float(verdict)
