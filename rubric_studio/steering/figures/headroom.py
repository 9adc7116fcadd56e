"""Figure 12: how much room is left, and whether labels and choices still speak of this rubric."""

from collections import Counter
from dataclasses import dataclass
from typing import ClassVar

from rubric_studio.engine.document.types import Json
from rubric_studio.engine.measuring.headroom import (
    Headroom,
    WithoutRubric,
    measure_headroom,
    measure_without_rubric,
)
from rubric_studio.rubrics.drawing.numbers import score
from rubric_studio.steering.drawing.axis import Axis
from rubric_studio.steering.figures.figure import FigureStatus, Group, interval_json
from rubric_studio.steering.findings import Finding
from rubric_studio.steering.material import Material
from rubric_studio.steering.samples import Sample
from rubric_studio.steering.sentences import counted, listed, quoted

MOST_NAMED = 4
# Rubric and people put fewer pairs the same way than this: something is not in the rubric.
MIN_AGREED = 0.8


@dataclass(frozen=True, slots=True)
class StaleOn:
    """A criterion and how many labels on it are stale."""

    key: str
    number: int
    text: str
    labels: int


@dataclass(frozen=True, slots=True)
class Freshness:
    """Labels on the run's cells; `stale` ones were given under another wording or text, on these
    criteria, the one with most first."""

    current: int
    stale: int
    on: tuple[StaleOn, ...]

    @property
    def total(self) -> int:
        return self.current + self.stale

    @property
    def most(self) -> StaleOn | None:
        """The criterion that has more of the stale labels than all others together."""
        return self.on[0] if self.on and 2 * self.on[0].labels > self.stale else None


@dataclass(frozen=True, slots=True)
class HeadroomFigure:
    """Indices in `without_rubric` point into `samples`."""

    number: ClassVar[int] = 12
    key: ClassVar[str] = "headroom"
    name: ClassVar[str] = "Headroom and freshness"
    group: ClassVar[Group] = "trust"

    room: Headroom
    freshness: Freshness
    without_rubric: WithoutRubric
    samples: tuple[Sample, ...]

    @property
    def status(self) -> FigureStatus:
        if self.freshness.stale or self.room.is_saturated or self.is_contradicted:
            return "look"
        return "none" if self.room.needs else "ok"

    @property
    def is_contradicted(self) -> bool:
        share = self.without_rubric.agreed.share
        return not self.without_rubric.needs and share is not None and share < MIN_AGREED

    @property
    def sentence(self) -> str:
        return " ".join(it for it in (self._stale(), self._contradicted(), self._room()) if it)

    @property
    def n_line(self) -> str:
        said = f"n = {counted(self.room.n, 'answer')}"
        if self.room.needs:
            said += f", needs {self.room.needs} more"
        return said + (f"; {self.room.left_out} left out" if self.room.left_out else "")

    @property
    def findings(self) -> tuple[Finding, ...]:
        fresh = self.freshness
        if not fresh.stale:
            return ()
        title, sentence = f"Ask again for {counted(fresh.stale, 'label')}", self._stale()
        if fresh.most is not None:
            sentence = f"{sentence.removesuffix('.')}: {quoted(fresh.most.text)}"
            if len(fresh.on) == 1:
                title += f" on criterion {fresh.most.number}"
        return (
            Finding(
                kind="stale_labels",
                figure=12,
                title=title,
                sentence=sentence,
                criterion=fresh.most.key if fresh.most else None,
                action="re_ask",
                weight=fresh.stale,
            ),
        )

    @property
    def marks(self) -> tuple[tuple[float, Sample], ...]:
        """Each scored answer with its place on the axis, in percent."""
        axis = self.axis
        return tuple((axis.at(it.score), it) for it in self.samples if it.score is not None)

    @property
    def axis(self) -> Axis:
        return Axis.for_values(it.score for it in self.samples)

    @property
    def ceiling(self) -> float:
        return self.axis.at(0.9)

    def as_json(self) -> dict[str, Json]:
        room, without = self.room, self.without_rubric
        return {
            "status": self.status,
            "sentence": self.sentence,
            "n": room.n,
            "left_out": room.left_out,
            "needs": room.needs,
            "best_model_score": room.best,
            "at_ceiling": room.at_ceiling.share,
            "at_floor": room.at_floor.share,
            "distinct_scores": room.distinct,
            "entropy": room.entropy,
            "labels": {"current": self.freshness.current, "stale": self.freshness.stale},
            "without_rubric": {
                "n": without.agreed.n,
                "needs": without.needs,
                "agreed": without.agreed.share,
                "interval": interval_json(without.agreed.interval),
                "undecided": without.undecided,
                "left_out": without.left_out,
                "against": [
                    {"better": self.samples[a].id, "worse": self.samples[b].id}
                    for a, b in without.against
                ],
            },
        }

    def _stale(self) -> str:
        fresh = self.freshness
        if not fresh.stale:
            return ""
        was = "was" if fresh.stale == 1 else "were"
        where, numbers = "", sorted(it.number for it in fresh.on)
        if len(numbers) == 1:
            where = f", on criterion {numbers[0]}"
        elif fresh.most is not None:
            where = f", {fresh.most.labels} of them on criterion {fresh.most.number}"
        elif len(numbers) <= MOST_NAMED:
            where = f", on criteria {listed([str(it) for it in numbers])}"
        return f"{counted(fresh.stale, 'label')} {was} given under another wording or text{where}."

    def _contradicted(self) -> str:
        if not self.is_contradicted:
            return ""
        agreed = self.without_rubric.agreed
        return (
            f"Chosen without the rubric, only {agreed.hits} of {agreed.n} pairs come out as the"
            " scores have them; something that matters may not be in the rubric."
        )

    def _room(self) -> str:
        room = self.room
        if not room.n:
            return "No answer has a complete score yet, so nothing can be said of headroom."
        if room.is_saturated:
            return f"The best model answer has {score(room.best)} already; little is left to gain."
        if room.needs:
            more = counted(room.needs, "more answer")
            scored = counted(room.n, "scored answer says", "scored answers say")
            return f"{scored} little about headroom: add {more}."
        if room.best is None:
            return "No model’s answer has a score yet; the room above models is not known."
        return f"The best model answer has {score(room.best)}, so there is room to gain."


def measure(material: Material) -> HeadroomFigure:
    samples = material.samples
    scores = [it.score for it in samples]
    place = {it.id: index for index, it in enumerate(samples)}
    choices = [
        (place[it.better], place[it.worse])
        for it in material.comparisons
        if not it.is_tie and it.better in place and it.worse in place
    ]
    stale = [it for it in material.labels if it.is_stale]
    return HeadroomFigure(
        room=measure_headroom(scores, [it.origin == "model" for it in samples]),
        freshness=Freshness(
            current=len(material.labels) - len(stale), stale=len(stale), on=_stale_on(material)
        ),
        without_rubric=measure_without_rubric(scores, choices),
        samples=samples,
    )


def _stale_on(material: Material) -> tuple[StaleOn, ...]:
    labels = Counter(it.criterion for it in material.labels if it.is_stale)
    found = [
        StaleOn(it.key, material.numbers[it.key], it.text, labels[it.key])
        for it in material.document.criteria
        if it.key in labels
    ]
    return tuple(sorted(found, key=lambda it: -it.labels))
