"""Figure 10: what answers that were made to fool the rubric gain by it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from rubric_studio.engine.document.types import Json
from rubric_studio.engine.measuring.probes import HACKABLE_GAIN, FamilyGain, ProbeGains
from rubric_studio.engine.probing.families import BY_KEY
from rubric_studio.rubrics.drawing.numbers import score
from rubric_studio.steering.drawing.probe_figure import ProbeDrawing, draw_probes
from rubric_studio.steering.figures.figure import FigureStatus, Group, interval_json
from rubric_studio.steering.findings import Finding
from rubric_studio.steering.material import Material
from rubric_studio.steering.probe_results import HALF, Fooled, ProbeRef, exploits_of, must_fall
from rubric_studio.steering.sentences import counted
from rubric_studio.steering.steer_results import Named, named_criteria

LEAST_FOOLED = 2  # probes of a family, before a criterion alone is a finding


@dataclass(frozen=True, slots=True)
class ProbesFigure:
    """Indices in `measured` point into `probes`; `criteria` are those that were fooled."""

    number: ClassVar[int] = 10
    key: ClassVar[str] = "probes"
    name: ClassVar[str] = "Exploit probes"
    group: ClassVar[Group] = "moves"

    measured: ProbeGains
    probes: tuple[ProbeRef, ...]
    fooled: tuple[Fooled, ...]
    criteria: tuple[Named, ...]

    @property
    def hackable(self) -> tuple[FamilyGain, ...]:
        found = self.measured
        return tuple(it for it in (*found.families, *found.content_free) if it.is_hackable)

    @property
    def status(self) -> FigureStatus:
        if not self.measured.n:
            return "none"
        if self.hackable:
            return "stop"
        suspect = any(it.is_suspect for it in self.measured.families)
        return "look" if suspect or self.findings else "ok"

    @property
    def sentence(self) -> str:
        return _sentence(self)

    @property
    def n_line(self) -> str:
        bases = len({it.base for it in self.probes if it.base})
        said = f"n = {counted(self.measured.n, 'probe')} on {counted(bases, 'answer')}"
        if self.measured.left_out:
            said += f"; {self.measured.left_out} left out: no complete score, or none of its answer"
        return said

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(self._findings())

    @property
    def drawing(self) -> ProbeDrawing:
        return draw_probes(self.measured, self.probes, self.fooled, self.criteria)

    def named(self, key: str) -> Named:
        return next(it for it in self.criteria if it.key == key)

    def as_json(self) -> dict[str, Json]:
        found = self.measured
        worst = found.worst
        return {
            "status": self.status,
            "sentence": self.sentence,
            "n": found.n,
            "left_out": found.left_out,
            "needs": found.needs,
            "worst": worst.family if worst else None,
            "families": [self._family(it) for it in (*found.families, *found.content_free)],
        }

    def _family(self, it: FamilyGain) -> dict[str, Json]:
        return {
            "family": it.family,
            "content_free": it.is_content_free,
            "n": it.n,
            "gain": it.gain,
            "worst_gain": it.worst,
            "interval": interval_json(it.interval),
            "highest_score": it.highest,
            "tier_jumps": it.jumps.hits,
            "tier_jumps_of": it.jumps.n,
            "hackable": it.is_hackable,
            "probe": self.probes[it.worst_index].id,
            "fooled": [
                {
                    "criterion": fooled.criterion,
                    "probes": fooled.hits,
                    "of": fooled.tried,
                    "words": list(fooled.words),
                    "probe": fooled.probe,
                }
                for fooled in self.fooled
                if fooled.family == it.family
            ],
        }

    def _findings(self) -> Iterator[Finding]:
        gains = {it.family: it for it in (*self.measured.families, *self.measured.content_free)}
        for fooled in self.fooled:
            family = gains.get(fooled.family)
            if family is None:
                continue
            if fooled.family == HALF:
                yield self._half(fooled)
            elif must_fall(fooled.family):
                if fooled.hits >= LEAST_FOOLED and 2 * fooled.hits >= fooled.tried:
                    yield self._kept(fooled)
            elif _counts(fooled, family):
                yield self._stuffed(fooled)

    def _half(self, fooled: Fooled) -> Finding:
        criterion = self.named(fooled.criterion)
        return Finding(
            kind="compound",
            figure=10,
            title=f"Split criterion {criterion.number} in two",
            sentence=f"It asks two things and is credited for one of them:"
            f" {fooled.hits} of {counted(fooled.tried, 'probe')} with one half alone got it.",
            criterion=fooled.criterion,
            probe=fooled.probe,
            action="split",
            weight=abs(criterion.points),
        )

    def _kept(self, fooled: Fooled) -> Finding:
        criterion = self.named(fooled.criterion)
        does = (
            "the fact is turned into its opposite"
            if fooled.family == "confident_wrong"
            else "the sentence that says it is taken out"
        )
        return Finding(
            kind="over_credit",
            figure=10,
            title=f"Reword criterion {criterion.number}",
            sentence=f"It keeps its credit when {does}:"
            f" {fooled.hits} of {counted(fooled.tried, 'probe')}.",
            criterion=fooled.criterion,
            probe=fooled.probe,
            action="reword",
            weight=abs(criterion.points) * fooled.hits,
        )

    def _stuffed(self, fooled: Fooled) -> Finding:
        criterion = self.named(fooled.criterion)
        sentence = (
            f"{_title(fooled.family)} fools it in {fooled.hits} of {counted(fooled.tried, 'probe')}"
        )
        if fooled.words:
            sentence += f", by “{'”, “'.join(fooled.words)}”"
        return Finding(
            kind="stuffable",
            figure=10,
            title=f"Reword criterion {criterion.number}",
            sentence=f"{sentence}.",
            criterion=fooled.criterion,
            probe=fooled.probe,
            action="reword",
            weight=abs(criterion.points) * fooled.hits,
        )


def measure(material: Material) -> ProbesFigure:
    found = exploits_of(material)
    known = named_criteria(material)
    fooled = tuple(known[key] for key in dict.fromkeys(it.criterion for it in found.fooled))
    return ProbesFigure(found.measured, found.refs, found.fooled, fooled)


def _counts(fooled: Fooled, family: FamilyGain) -> bool:
    """Whether a fooled criterion is worth repairing: its family pays, or it was fooled twice."""
    if fooled.family == "truncation":
        return False  # what is left cannot have been put in to fool
    pays = family.worst is not None and family.worst > HACKABLE_GAIN
    return family.is_hackable or pays or fooled.hits >= LEAST_FOOLED


def _title(family: str) -> str:
    return BY_KEY[family].title if family in BY_KEY else "A probe"


def _numbers(figure: ProbesFigure, family: str) -> str:
    """criteria 11, 20 and 24: at most four by number."""
    numbers = [
        f"{figure.named(it.criterion).number}" for it in figure.fooled if it.family == family
    ][:4]
    if len(numbers) < 2:
        return f"criterion {numbers[0]}" if numbers else ""
    return f"criteria {', '.join(numbers[:-1])} and {numbers[-1]}"


def _sentence(figure: ProbesFigure) -> str:
    found = figure.measured
    if not figure.probes:
        return "No probe is graded yet: nobody knows what an answer gets that only looks good."
    if not found.n:
        return "No probe can be compared yet: they, or their answers, have no complete score."
    free = next((it for it in found.content_free if it.is_hackable), None)
    worst = found.worst
    if worst is not None and worst.gain is not None and worst.is_suspect:
        title = _title(worst.family)
        said = f"{title} gains {score(worst.gain)} on average"
        if worst.n == 1:
            said = f"{title} gains {score(worst.gain)} in the one probe of it"
        fooled = _numbers(figure, worst.family)
        said += f". It fools {fooled}." if fooled else "."
        if worst.needs and not worst.is_hackable:
            said += f" {counted(worst.needs, 'more probe')} would show whether that is luck."
        return said
    if free is not None:
        fooled = _numbers(figure, free.family)
        said = f"An answer without content ({_title(free.family).lower()}) scores"
        return f"{said} {score(free.highest)}" + (f": it fools {fooled}." if fooled else ".")
    if found.families:
        return f"No trick pays: the best of {counted(found.n, 'probe')} gains {_best(found)}."
    return f"Answers without content get next to nothing: {counted(found.n, 'probe')} tried."


def _best(found: ProbeGains) -> str:
    best = max((it.worst for it in found.families if it.worst is not None), default=0.0)
    return "nothing" if best <= 0 else score(best)
