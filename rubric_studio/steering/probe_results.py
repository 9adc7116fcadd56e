"""The graded probes of a run: what each gained, which criteria it fooled, and by which words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rubric_studio.engine.document.types import Criterion
from rubric_studio.engine.measuring.probes import (
    ProbeGains,
    ProbeResult,
    credited,
    measure_probes,
    still_credited,
)
from rubric_studio.engine.probing.families import BY_KEY
from rubric_studio.engine.probing.words import content_words
from rubric_studio.steering.material import GradedProbe, Material
from rubric_studio.steering.samples import Sample
from rubric_studio.steering.steer_results import steps_of

HALF = "half"
MOST_WORDS = 3
LONGEST_WORDS = 60


@dataclass(frozen=True, slots=True)
class ProbeRef:
    """A probe: its answer's id and letter, its base's letter ("" for none), what it does."""

    id: str
    letter: str
    base: str
    family: str
    does: str


@dataclass(frozen=True, slots=True)
class Fooled:
    """A criterion that probes of a family were credited by. `tried` counts those that could have
    fooled it, `words` are what did it, `probe` is one that did."""

    family: str
    criterion: str
    hits: int
    tried: int
    words: tuple[str, ...]
    probe: str


@dataclass(frozen=True, slots=True)
class Exploits:
    """Indices in `measured` point into `refs`."""

    measured: ProbeGains
    refs: tuple[ProbeRef, ...]
    fooled: tuple[Fooled, ...]


def exploits_of(material: Material) -> Exploits:
    """What the run's exploit probes show."""
    probes = [it for it in material.probes if it.kind == "exploit"]
    steps = steps_of(material)
    points = {it.key: float(it.points) for it in material.document.criteria}
    fooled = [_fooled(it, material, steps, points) for it in probes]
    results = [
        ProbeResult(
            family=it.family,
            score=it.sample.score,
            base_score=it.base.score if it.base else None,
            is_content_free=is_content_free(it.family),
            next_score=_next_score(it.base, material.samples),
            fooled=keys,
        )
        for it, keys in zip(probes, fooled, strict=True)
    ]
    refs = tuple(
        ProbeRef(
            it.sample.id, it.sample.letter, it.base.letter if it.base else "", it.family, it.does
        )
        for it in probes
    )
    return Exploits(measure_probes(results), refs, _gathered(probes, fooled, material))


def is_content_free(family: str) -> bool:
    known = BY_KEY.get(family)
    return known is not None and known.is_content_free


def must_fall(family: str) -> bool:
    known = BY_KEY.get(family)
    return known is not None and known.must_fall


def _fooled(
    probe: GradedProbe,
    material: Material,
    steps: Mapping[str, float],
    points: Mapping[str, float],
) -> tuple[str, ...]:
    after = material.verdicts.get(probe.sample.id, {})
    if is_content_free(probe.family):
        return credited(None, after, steps, points)
    if probe.base is None:
        return ()
    before = material.verdicts.get(probe.base.id, {})
    if must_fall(probe.family):
        kept = still_credited(probe.criterion, before, after, steps)
        return (probe.criterion,) if kept else ()
    return credited(before, after, steps, points)


def _next_score(base: Sample | None, samples: Sequence[Sample]) -> float | None:
    """The lowest score in the tier above the base's."""
    tier = base.tier if base else None
    above = [it for it in samples if tier is not None and it.tier is not None and it.tier > tier]
    nearest = min((it.tier for it in above if it.tier is not None), default=None)
    return min(
        (it.score for it in above if it.tier == nearest and it.score is not None), default=None
    )


def _gathered(
    probes: Sequence[GradedProbe], fooled: Sequence[tuple[str, ...]], material: Material
) -> tuple[Fooled, ...]:
    criteria = {it.key: it for it in material.document.criteria}
    places: dict[tuple[str, str], list[int]] = {}
    for index, keys in enumerate(fooled):
        for key in keys:
            places.setdefault((probes[index].family, key), []).append(index)
    found = []
    for (family, key), own in places.items():
        words = [it for index in own for it in _words(probes[index], criteria[key])]
        found.append(
            Fooled(
                family=family,
                criterion=key,
                hits=len(own),
                tried=_tried(family, key, probes, material),
                words=tuple(dict.fromkeys(words))[:MOST_WORDS],
                probe=probes[own[0]].sample.id,
            )
        )
    points = {key: abs(float(it.points)) for key, it in criteria.items()}
    return tuple(sorted(found, key=lambda it: (-it.hits * points[it.criterion], it.criterion)))


def _tried(family: str, key: str, probes: Sequence[GradedProbe], material: Material) -> int:
    """The probes that could have fooled it: those with a verdict, of a base without credit (or,
    where the credit must fall, with it)."""
    count = 0
    for probe in probes:
        if probe.family != family or key not in material.verdicts.get(probe.sample.id, {}):
            continue
        if family == HALF or must_fall(family):
            count += probe.criterion == key
        else:
            count += probe.base is None or key in material.verdicts.get(probe.base.id, {})
    return count


def _words(probe: GradedProbe, criterion: Criterion) -> list[str]:
    """The words put in that the judge cited for it; else those that it shares with them."""
    put_in = [probe.text[start:end] for start, end in probe.inserted]
    cited = [
        quote
        for quote in probe.quotes.get(criterion.key, ())
        if any(quote in words or words in quote for words in put_in if words)
    ]
    if cited:
        return [_short(it) for it in cited]
    wanted = {it.lower() for it in content_words(criterion.text)}
    return [it for words in put_in for it in content_words(words) if it.lower() in wanted]


def _short(words: str) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= LONGEST_WORDS else f"{flat[:LONGEST_WORDS].rstrip()}…"
