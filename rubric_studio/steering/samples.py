"""What a report is made of: each answer's score in a run beside what its author expected."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.db.models import Variance

from rubric_studio.engine.document.types import Document
from rubric_studio.engine.measuring.bands import Anchor
from rubric_studio.engine.measuring.separation import score_noise
from rubric_studio.grading.answers.knowing import Known
from rubric_studio.grading.models import Grade, Run, RunAnswer, SampleAnswer, Status
from rubric_studio.grading.scores import AnswerScore

# "run", or the key of one of the run's `LabelSource`s.
VerdictsFrom = str
Noise = Mapping[UUID, float | None]  # by answer
NoiseByRun = dict[UUID, dict[UUID, float | None]]


@dataclass(frozen=True, slots=True)
class Sample:
    """One answer of a run. `score` is None while a verdict is missing; `low` and `high` then say
    where it may still fall (None when nothing can be scored). `noise` is known where the judge
    gave more than one verdict on a cell. `stated_late`: tier, band or anchor were stated with
    knowledge of the scores, by `stated_by` ("" where that is not known)."""

    id: str
    letter: str
    name: str = ""
    tier: int | None = None
    band: tuple[float, float] | None = None
    anchor: Anchor | None = None
    score: float | None = None
    low: float | None = None
    high: float | None = None
    coverage: float = 0.0
    noise: float | None = None
    stated_late: bool = False
    stated_by: str = ""
    origin: str = "model"
    model: str = ""
    is_held_out: bool = False

    @property
    def called(self) -> str:
        """B, or B “Short and safe”."""
        return f"{self.letter} “{self.name}”" if self.name else self.letter


def samples_from(
    scores: Sequence[AnswerScore], noise: Noise, known: Known | None = None
) -> tuple[Sample, ...]:
    """`known` tells who knew the scores when it was stated what is expected."""
    return tuple(_sample(scored, noise.get(scored.answer.pk), known) for scored in scores)


def _sample(scored: AnswerScore, noise: float | None, known: Known | None) -> Sample:
    answer, score = scored.answer, scored.score
    is_late = known is not None and known.is_late(answer)
    return Sample(
        id=str(answer.pk),
        letter=answer.letter,
        name=answer.name,
        tier=answer.tier,
        band=answer.band,
        anchor=cast("Anchor", answer.anchor) if answer.anchor else None,
        score=score.score if score else None,
        low=score.low_float if score else None,
        high=score.high_float if score else None,
        coverage=score.coverage_float if score else 0.0,
        noise=noise,
        stated_late=is_late,
        stated_by=str(answer.expected_by or "") if is_late else "",
        origin=answer.origin,
        model=answer.model,
        is_held_out=answer.is_held_out,
    )


def answers_of(runs: Iterable[Run]) -> defaultdict[UUID, list[SampleAnswer]]:
    """The runs' answers by run, without those in the trash and without their texts. One query."""
    expected = (
        "ordinal",
        "name",
        "tier",
        "band_low",
        "band_high",
        "anchor",
        "expected_at",
        "origin",
        "model",
        "is_held_out",
    )
    rows = (
        RunAnswer.objects.filter(run__in=list(runs), answer__deleted_at=None)
        .select_related("answer")
        .only("run", "ordinal", *(f"answer__{field}" for field in expected))
    )
    answers: defaultdict[UUID, list[SampleAnswer]] = defaultdict(list)
    for row in rows:
        answers[row.run_id].append(row.answer)
    return answers


def noise_of(runs: Iterable[Run], documents: Mapping[UUID, Document]) -> NoiseByRun:
    """Each answer's σ_S by run, for the runs that have repeats. One query, or none."""
    repeated = [run for run in runs if run.repeats > 1]
    noise: NoiseByRun = {}
    if not repeated:
        return noise
    cells = (
        Grade.objects.filter(run__in=repeated, status=Status.GRADED)
        .order_by()
        .values_list("run_id", "run_answer__answer_id", "criterion_key")
        .annotate(variance=Variance("value", sample=True))
    )
    variances: defaultdict[tuple[UUID, UUID], dict[str, float | None]] = defaultdict(dict)
    for run_id, answer, criterion, variance in cells:
        variances[run_id, answer][criterion] = variance
    for (run_id, answer), found in variances.items():
        criteria = documents[run_id].criteria
        points = [float(criterion.points) for criterion in criteria]
        # A program says the same every time, so its cells have one verdict and no noise.
        known = [found.get(it.key) if it.check is None else 0.0 for it in criteria]
        noise.setdefault(run_id, {})[answer] = score_noise(points, known)
    return noise
