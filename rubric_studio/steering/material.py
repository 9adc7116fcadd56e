"""What the figures are measured from: one run, as plain values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, cast

from rubric_studio.engine.document.scoring import Verdict
from rubric_studio.engine.document.types import Document
from rubric_studio.rubrics.linting import DismissalKey
from rubric_studio.steering.samples import Sample, VerdictsFrom

VerdictsByAnswer = Mapping[str, Mapping[str, Verdict]]
# Of each cell one entry a repeat, in order; None where there is no verdict.
RepeatsByAnswer = Mapping[str, Mapping[str, tuple[Verdict | None, ...]]]
ProbeKind = Literal["exploit", "steer", "invariant"]


@dataclass(frozen=True, slots=True)
class GivenLabel:
    """One person's current verdict on a cell of the run. `rater` tells people apart, `name` is for
    readers. `value` is None unless the status is "graded". A stale one was given under another
    wording, or on another text, than the run's."""

    answer: str
    criterion: str
    rater: str
    name: str
    status: Literal["graded", "not_applicable", "cannot_assess"]
    value: float | None = None
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class GradedProbe:
    """A probe of the run. `base` is the answer that it was made of, where the run graded that too.
    `expected` names by criterion "up" or "down"; `stated_late` when that was said after the run.
    `inserted` are spans of `text`; `quotes` the words that the judge cited, by criterion."""

    sample: Sample
    kind: ProbeKind
    family: str
    base: Sample | None = None
    criterion: str = ""
    does: str = ""
    could_fool: tuple[str, ...] = ()
    expected: Mapping[str, str] = field(default_factory=dict)
    stated_late: bool = False
    text: str = ""
    inserted: tuple[tuple[int, int], ...] = ()
    quotes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Compared:
    """A choice between two answers of the run, made without their scores unless `is_late`. `rater`
    tells people apart, `name` is for readers."""

    better: str
    worse: str
    is_tie: bool
    rater: str
    is_late: bool = False
    name: str = ""


@dataclass(frozen=True)
class Material:
    """Answers are named by id, criteria by key.

    `samples` are the ordinary answers, `held_out` those of them that were set aside, `probes` the
    others. `verdicts` come from the source that was chosen and cover all; `judged` are the run's
    own whatever was chosen. `repeats` are those of the run's judge, empty where it was asked once.
    """

    document: Document
    samples: tuple[Sample, ...] = ()
    verdicts: VerdictsByAnswer = field(default_factory=dict)
    judged: VerdictsByAnswer = field(default_factory=dict)
    repeats: RepeatsByAnswer = field(default_factory=dict)
    labels: tuple[GivenLabel, ...] = ()
    probes: tuple[GradedProbe, ...] = ()
    comparisons: tuple[Compared, ...] = ()
    let_stand: Mapping[DismissalKey, str] = field(default_factory=dict)  # lint, with reasons
    verdicts_from: VerdictsFrom = "run"
    asked: int = 1  # times that the judge was asked for each verdict
    by_judge: bool = True  # whether the run's own verdicts are a judge's, not experts' labels
    held_out: tuple[Sample, ...] = ()

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """A criterion's place in the rubric, from 1, by key."""
        return {it.key: n for n, it in enumerate(self.document.criteria, start=1)}

    def once[Measured](self, measure: Callable[["Material"], Measured]) -> Measured:
        """What this makes of the material: worked out for the first figure that asks, and at hand
        for the others."""
        if measure not in self._measured:
            self._measured[measure] = measure(self)
        return cast("Measured", self._measured[measure])

    @cached_property
    def _measured(self) -> dict[Callable[["Material"], object], object]:
        return {}

    def with_held_out_apart(self) -> "Material":
        """The same with the samples that were set aside in `held_out`, and without their labels:
        what the figures measure is what the author saw."""
        apart = {it.id for it in self.samples if it.is_held_out}
        if not apart:
            return self
        return replace(
            self,
            samples=tuple(it for it in self.samples if it.id not in apart),
            held_out=tuple(it for it in self.samples if it.id in apart),
            labels=tuple(it for it in self.labels if it.answer not in apart),
        )
