"""What scores say about the rubric: whether they follow what the expert expects of the answers.

Order, tiers and bands are measured. Steer tests, exploit probes and lint are not, and the
report says so: it never claims more than "on your samples, as far as tested".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rubric_studio.engine.document.types import Document
from rubric_studio.engine.measuring.bands import Bands, Expectation, measure_bands
from rubric_studio.engine.measuring.order import Order, measure_order
from rubric_studio.engine.measuring.separation import Separation, measure_separation
from rubric_studio.steering.findings import FIX_FIRST, Finding, VerdictsByAnswer, findings_of
from rubric_studio.steering.samples import Sample
from rubric_studio.steering.sentences import bands_sentence, order_sentence, separation_sentence

Verdict = Literal[
    "not_tested", "too_little_data", "steers", "steers_with_warnings", "does_not_steer"
]
# As it should be, look here, stops sign-off, not enough data.
FigureStatus = Literal["ok", "look", "stop", "none"]

MIN_CONCORDANCE = 0.9


@dataclass(frozen=True, slots=True)
class Report:
    """What one run says about its samples. Indices in figures point into `samples`."""

    samples: tuple[Sample, ...]
    order: Order
    separation: Separation
    bands: Bands
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        """Whether better answers score higher, by figure 1; the other figures add warnings."""
        if not any(sample.coverage for sample in self.samples):
            return "not_tested"
        if self.order.needs:
            return "too_little_data"
        if self.order_status == "stop":
            return "does_not_steer"
        statuses = (self.order_status, self.separation_status, self.bands_status)
        warned = any(status in ("look", "stop") for status in statuses)
        return "steers_with_warnings" if warned else "steers"

    @property
    def fix_first(self) -> tuple[Finding, ...]:
        return self.findings[:FIX_FIRST]

    @property
    def order_status(self) -> FigureStatus:
        if self.order.needs or self.order.concordance is None:
            return "none"
        if self.order.concordance < MIN_CONCORDANCE:
            return "stop"
        flawless = self.order.concordance == 1 and self.order.beats_luck
        return "ok" if flawless and not self.order.left_out else "look"

    @property
    def separation_status(self) -> FigureStatus:
        if self.separation.needs:
            return "none"
        return "ok" if all(margin.is_clear for margin in self.separation.margins) else "look"

    @property
    def bands_status(self) -> FigureStatus:
        if self.bands.needs:
            return "none"
        if any(placed.anchor for placed in self.bands.misses):
            return "stop"
        return "look" if self.bands.misses else "ok"

    @property
    def order_sentence(self) -> str:
        return order_sentence(self.order, self.samples)

    @property
    def separation_sentence(self) -> str:
        return separation_sentence(self.separation, self.samples)

    @property
    def bands_sentence(self) -> str:
        return bands_sentence(self.bands, self.samples)


def assess(samples: Sequence[Sample], document: Document, verdicts: VerdictsByAnswer) -> Report:
    """The report on these samples, from their scores, tiers, bands and anchors."""
    scores = [sample.score for sample in samples]
    tiers = [sample.tier for sample in samples]
    order = measure_order(scores, tiers)
    separation = measure_separation(scores, tiers, [sample.noise for sample in samples])
    bands = measure_bands(
        [Expectation(sample.score, sample.band, sample.anchor, sample.tier) for sample in samples]
    )
    findings = findings_of(samples, order, separation, bands, document, verdicts)
    return Report(tuple(samples), order, separation, bands, findings)
