"""What to fix first: the failed rows of the figures, the gravest first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from rubric_studio.engine.document.scoring import NotApplicable, Verdict
from rubric_studio.engine.document.types import Document
from rubric_studio.engine.measuring.bands import Bands
from rubric_studio.engine.measuring.order import Order, Pair
from rubric_studio.engine.measuring.separation import Separation
from rubric_studio.steering.samples import Sample
from rubric_studio.steering.sentences import gap_words, margin_sentence, miss_sentence

FIX_FIRST = 5
# Swaps that come before anything else; the rest wait behind anchors, tiers and bands.
SWAPS_FIRST = 3
Kind = Literal["inversion", "tiers_not_separated", "band_missed", "anchor_missed"]
VerdictsByAnswer = Mapping[str, Mapping[str, Verdict]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. `title` says it in few words, `sentence` in one. `criterion` and
    `answer` name by key and id what is concerned, None where it is not one in particular."""

    kind: Kind
    figure: int
    title: str
    sentence: str
    answer: str | None = None
    criterion: str | None = None
    probe: str | None = None


def findings_of(
    samples: Sequence[Sample],
    order: Order,
    separation: Separation,
    bands: Bands,
    document: Document,
    verdicts: VerdictsByAnswer,
) -> tuple[Finding, ...]:
    """Everything that is flagged, the gravest first."""
    swaps = [_swap(pair, samples, document, verdicts) for pair in order.inversions]
    missed = list(_missed(bands, samples))
    anchors = [it for it in missed if it.kind == "anchor_missed"]
    others = [it for it in missed if it.kind == "band_missed"]
    tiers = _tiers(separation, samples, order)
    return tuple(chain(swaps[:SWAPS_FIRST], anchors, tiers, others, swaps[SWAPS_FIRST:]))


def _swap(
    pair: Pair, samples: Sequence[Sample], document: Document, verdicts: VerdictsByAnswer
) -> Finding:
    better, worse = samples[pair.better], samples[pair.worse]
    key = blamed_criterion(document, verdicts.get(better.id, {}), verdicts.get(worse.id, {}))
    sentence = f"{worse.called} scores {gap_words(pair.gap)} above {better.called}."
    if key is not None:
        number = 1 + next(n for n, it in enumerate(document.criteria) if it.key == key)
        sentence += f" Criterion {number} does most for it: “{document.criterion(key).text}”"
    return Finding(
        kind="inversion",
        figure=1,
        title=f"{worse.letter} should not score above {better.letter}",
        sentence=sentence,
        answer=worse.id,
        criterion=key,
    )


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


def _tiers(separation: Separation, samples: Sequence[Sample], order: Order) -> Iterable[Finding]:
    """Tiers that stand too close; where they overlap, the swaps say so already."""
    swapped = {(samples[it.better].tier, samples[it.worse].tier) for it in order.inversions}
    for margin in separation.margins:
        if not margin.is_clear and (margin.upper, margin.lower) not in swapped:
            yield Finding(
                kind="tiers_not_separated",
                figure=2,
                title=f"Set {samples[margin.lowest_above].letter} clear of"
                f" {samples[margin.highest_below].letter}",
                sentence=margin_sentence(margin, samples),
                answer=samples[margin.lowest_above].id,
            )


def _missed(bands: Bands, samples: Sequence[Sample]) -> Iterable[Finding]:
    for placed in bands.misses:
        sample = samples[placed.index]
        generous = (placed.miss or 0) > 0 or placed.strict
        yield Finding(
            kind="anchor_missed" if placed.anchor else "band_missed",
            figure=3,
            title=f"{sample.letter} scores too {'high' if generous else 'low'}",
            sentence=miss_sentence(placed, sample.called),
            answer=sample.id,
        )
