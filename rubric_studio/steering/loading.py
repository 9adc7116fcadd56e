"""Reads a run's material from the database, in a number of queries that does not grow with it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Literal, cast
from uuid import UUID

from django.db.models import Q

from rubric_studio.engine.document.scoring import NOT_APPLICABLE, Verdict
from rubric_studio.engine.document.types import Document
from rubric_studio.grading.answers.comparisons import in_force
from rubric_studio.grading.answers.editing import answer_hash, content_of
from rubric_studio.grading.answers.knowing import Known, known_to
from rubric_studio.grading.label_sources import source_of
from rubric_studio.grading.labels import grading_hashes, labels_of, level_values
from rubric_studio.grading.models import (
    Comparison,
    Grade,
    Probe,
    Run,
    RunAnswer,
    SampleAnswer,
    Status,
)
from rubric_studio.grading.probes.keeping import inserted_in
from rubric_studio.grading.runs.starting import document_of
from rubric_studio.grading.scores import (
    AnswerVerdicts,
    LabelsFrom,
    label_verdicts,
    score_answers,
    verdict_of_repeats,
)
from rubric_studio.rubrics.linting import dismissals_of
from rubric_studio.steering.material import Compared, GivenLabel, GradedProbe, Material
from rubric_studio.steering.samples import Sample, VerdictsFrom, noise_of, samples_from

Repeats = dict[UUID, dict[str, tuple[Verdict | None, ...]]]


def material_of(run: Run, *, verdicts_from: VerdictsFrom = "run") -> Material:
    """What the run says of its answers, those in the trash left out.

    Scored under the run's own document; tiers, bands and anchors as they are stated now. From
    experts' labels there is no noise: a label is given once.
    """
    document = document_of(run)
    rows = run.run_answers.select_related("answer__expected_by")
    pinned = list(rows.filter(answer__deleted_at=None))
    repeats = _repeats(run)
    judged = _judged(repeats)
    verdicts, noise = judged, {}
    if verdicts_from == "run":
        noise = noise_of([run], {run.pk: document}).get(run.pk, {})
    else:
        verdicts = label_verdicts(run, document, pinned, _labels_from(run, verdicts_from))
    scored = score_answers(document, [it.answer for it in pinned], verdicts)
    known = known_to(run.question)
    samples = samples_from(scored, noise, known)
    probes = _probes(run, pinned, {it.id: it for it in samples})
    probing = {it.sample.id for it in probes}
    return Material(
        document=document,
        samples=tuple(it for it in samples if it.id not in probing),
        verdicts=_named(verdicts),
        judged=_named(judged),
        repeats={str(pk): cells for pk, cells in repeats.items()} if run.repeats > 1 else {},
        labels=_labels(run, document, pinned),
        probes=probes,
        comparisons=_comparisons(pinned, known),
        let_stand=dismissals_of(run.question),
        verdicts_from=verdicts_from,
        asked=run.repeats,
        by_judge=run.source == Run.Source.JUDGE,
    ).with_held_out_apart()


def _labels_from(run: Run, key: VerdictsFrom) -> LabelsFrom:
    """Everybody's together also where there are none yet. Raises KeyError for another key."""
    if key == "labels":
        return "labels"
    source = source_of(run, key)
    if source is None:
        raise KeyError(key)
    return source.verdicts_from


def _named(verdicts: Mapping[Any, AnswerVerdicts]) -> dict[str, AnswerVerdicts]:
    return {str(pk): given for pk, given in verdicts.items()}


def _repeats(run: Run) -> Repeats:
    # What programs decide is kept once, in the panel's own run.
    own = Q(run=run) | Q(run=run.panel_id, is_check=True) if run.panel_id else Q(run=run)
    rows = (
        Grade.objects.filter(own)
        .order_by("repeat")
        .values_list("run_answer__answer_id", "criterion_key", "status", "value")
    )
    cells: dict[UUID, dict[str, list[Verdict | None]]] = defaultdict(dict)
    for answer, key, status, value in rows:
        given = NOT_APPLICABLE if status == Status.NOT_APPLICABLE else value
        cells[answer].setdefault(key, []).append(given)
    return {pk: {key: tuple(it) for key, it in given.items()} for pk, given in cells.items()}


def _judged(repeats: Repeats) -> dict[Any, AnswerVerdicts]:
    verdicts: dict[Any, AnswerVerdicts] = {}
    for answer, cells in repeats.items():
        for key, given in cells.items():
            verdict = verdict_of_repeats(_as_rows(given))
            if verdict is not None:
                verdicts.setdefault(answer, {})[key] = verdict
    return verdicts


def _as_rows(given: Iterable[Verdict | None]) -> list[tuple[str, float | None]]:
    return [
        (Status.FAILED, None)
        if it is None
        else (Status.NOT_APPLICABLE, None)
        if it is NOT_APPLICABLE
        else (Status.GRADED, cast(float, it))
        for it in given
    ]


def _labels(run: Run, document: Document, pinned: Iterable[RunAnswer]) -> tuple[GivenLabel, ...]:
    hashes, values = grading_hashes(document), level_values(document)
    texts = {it.answer_id: answer_hash(content_of(it)) for it in pinned}
    return tuple(
        GivenLabel(
            answer=str(it.answer_id),
            criterion=it.criterion_key,
            rater=":".join(map(str, it.rater_key)),
            name=it.rater,
            status=cast('Literal["graded", "not_applicable", "cannot_assess"]', it.status),
            value=values.get((it.criterion_key, it.level), it.value),
            is_stale=it.is_stale(hashes[it.criterion_key], texts[it.answer_id]),
        )
        for it in labels_of(run.question)
        if it.criterion_key in hashes and it.answer_id in texts
    )


def _probes(
    run: Run, pinned: Iterable[RunAnswer], samples: Mapping[str, Sample]
) -> tuple[GradedProbe, ...]:
    rows = {it.answer_id: it for it in pinned if it.answer.origin == SampleAnswer.Origin.PROBE}
    if not rows:
        return ()
    quotes = _quotes(run, rows)
    return tuple(
        GradedProbe(
            sample=samples[str(it.answer_id)],
            kind=cast('Literal["exploit", "steer", "invariant"]', it.kind),
            family=it.family,
            base=samples.get(str(it.base_id)),
            criterion=it.criterion_key,
            does=it.does,
            could_fool=tuple(it.could_fool),
            expected=dict(it.expected),
            stated_late=it.stated_at is not None and it.stated_at > run.created_at,
            text=rows[it.answer_id].text or "",
            inserted=inserted_in(it, rows[it.answer_id]),
            quotes=quotes.get(it.answer_id, {}),
        )
        for it in Probe.objects.live().filter(answer__in=rows).select_related("base")
    )


def _quotes(run: Run, answers: Iterable[UUID]) -> dict[UUID, dict[str, tuple[str, ...]]]:
    rows = Grade.objects.filter(
        run=run, run_answer__answer__in=list(answers), status=Status.GRADED, repeat=0
    ).values_list("run_answer__answer_id", "criterion_key", "quotes")
    quotes: dict[UUID, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for answer, key, cited in rows:
        found = tuple(it["text"] for it in cited if it.get("found"))
        if found:
            quotes[answer][key] = found
    return quotes


def _comparisons(pinned: Iterable[RunAnswer], known: Known) -> tuple[Compared, ...]:
    ids = [it.answer_id for it in pinned]
    rows = Comparison.objects.filter(better__in=ids, worse__in=ids).select_related("author")
    chosen = in_force(rows)
    return tuple(
        Compared(
            better=str(it.better_id),
            worse=str(it.worse_id),
            is_tie=it.is_tie,
            rater=str(it.author_id),
            name=str(it.author),
            is_late=known.is_late_choice(it),
        )
        for it in chosen
    )
