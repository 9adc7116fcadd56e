"""What a changed rubric did to the answers: whose score moved, why, and who changed places.

Only real grades count: both sides are finished runs, nothing is projected.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from rubric_studio.engine.document.scoring import Verdict
from rubric_studio.engine.document.types import Document
from rubric_studio.engine.measuring.rescoring import Rescoring
from rubric_studio.steering.material import Material
from rubric_studio.steering.samples import Sample
from rubric_studio.steering.sentences import counted

# Scores nearer than this are the same: the last digits of a float are no move.
SAME = 1e-9
# Of a move smaller than this, what is shown of two scores hardly differs.
SMALL = 0.01


@dataclass(frozen=True, slots=True)
class Cause:
    """The criterion that did most of a move: its number in the newer rubric, None where only the
    older one has it, and its share of the score before and after, None where it was not there.
    `is_itself_same`: points and verdict stayed, so that others' points moved its share."""

    key: str
    number: int | None
    text: str
    before: float | None
    after: float | None
    is_itself_same: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """One answer. A score is None while it is incomplete; `is_new` where it was not in the older
    run."""

    sample: Sample
    before: float | None
    after: float | None
    is_probe: bool
    is_new: bool
    cause: Cause | None

    @property
    def change(self) -> float | None:
        if self.before is None or self.after is None:
            return None
        return self.after - self.before

    @property
    def is_same(self) -> bool:
        return self.change is not None and abs(self.change) <= SAME

    @property
    def is_small(self) -> bool:
        return self.change is not None and abs(self.change) < SMALL


@dataclass(frozen=True, slots=True)
class Swapped:
    """Two answers of different tiers that entered or left the expert's order."""

    better: Sample
    worse: Sample


@dataclass(frozen=True, slots=True)
class Regression:
    """`moved` has answers before probes, the largest change first. `same` counts answers whose
    score did not move, `dropped` those that only the older run has. `lost` pairs were in order
    before and are not any more, `won` the other way round."""

    moved: tuple[Moved, ...]
    same: int
    dropped: int
    lost: tuple[Swapped, ...]
    won: tuple[Swapped, ...]


def what_moved(before: Material, after: Material) -> Regression:
    """From one run's material to another's. Pure."""
    old = {it.id: it for it in _all(before)}
    probes = {it.sample.id for it in after.probes}
    causes = _causes(before, after)
    found = []
    for sample in _all(after):
        was = old.get(sample.id)
        moved = Moved(
            sample=sample,
            before=None if was is None else was.score,
            after=sample.score,
            is_probe=sample.id in probes,
            is_new=was is None,
            cause=causes.get(sample.id),
        )
        found.append(moved)
    now = {it.sample.id for it in found}
    lost, won = _swaps(before.samples, after.samples)
    return Regression(
        moved=tuple(sorted((it for it in found if not it.is_same), key=_largest_first)),
        same=sum(it.is_same for it in found),
        dropped=sum(pk not in now for pk in old),
        lost=lost,
        won=won,
    )


def _all(material: Material) -> tuple[Sample, ...]:
    return (*material.samples, *(it.sample for it in material.probes))


def _largest_first(moved: Moved) -> tuple[bool, bool, float, str]:
    return moved.is_probe, moved.change is None, -abs(moved.change or 0.0), moved.sample.letter


def _swaps(
    before: Sequence[Sample], after: Sequence[Sample]
) -> tuple[tuple[Swapped, ...], tuple[Swapped, ...]]:
    old = {it.id: it.score for it in before}
    lost, won = [], []
    for one, other in combinations(after, 2):
        if one.tier is None or other.tier is None or one.tier == other.tier:
            continue
        better, worse = (one, other) if one.tier > other.tier else (other, one)
        was = _in_order(old.get(better.id), old.get(worse.id))
        now = _in_order(better.score, worse.score)
        if was and now is False:
            lost.append(Swapped(better, worse))
        if was is False and now:
            won.append(Swapped(better, worse))
    return tuple(lost), tuple(won)


def _in_order(better: float | None, worse: float | None) -> bool | None:
    return None if better is None or worse is None else better > worse + SAME


def _causes(before: Material, after: Material) -> dict[str, Cause]:
    """For each answer with both scores, the criterion whose share of the score moved most."""
    old, new = _shares(before), _shares(after)
    numbers = after.numbers
    texts = {it.key: it.text for it in (*before.document.criteria, *after.document.criteria)}
    unchanged = _unchanged(before.document, after.document)
    causes = {}
    for answer in old.keys() & new.keys():
        was, now = old[answer], new[answer]
        moves = {key: now.get(key, 0.0) - was.get(key, 0.0) for key in texts}
        key = max(moves, key=lambda it: abs(moves[it]), default=None)
        if key is not None and abs(moves[key]) > SAME:
            same = key in unchanged and _verdict(before, answer, key) == _verdict(
                after, answer, key
            )
            number = numbers.get(key)
            causes[answer] = Cause(key, number, texts[key], was.get(key), now.get(key), same)
    return causes


def _unchanged(before: Document, after: Document) -> set[str]:
    """The criteria whose share hangs on nothing else than their own points, the same in both, and
    on what there is to earn in all: none in a tree, where the weights of sections count too."""
    if "tree" in (before.scoring.method, after.scoring.method):
        return set()
    old = {it.key: it.points for it in before.criteria if not it.requires}
    return {it.key for it in after.criteria if not it.requires and old.get(it.key) == it.points}


def _verdict(material: Material, answer: str, key: str) -> Verdict | None:
    return material.verdicts.get(answer, {}).get(key)


def _shares(material: Material) -> dict[str, dict[str, float]]:
    """What each criterion gives to each answer's score, before caps and gates."""
    samples = _all(material)
    none: Mapping[str, Verdict] = {}
    rescoring = Rescoring(material.document, [material.verdicts.get(it.id, none) for it in samples])
    keys = [it.key for it in rescoring.criteria]
    given = rescoring.contributions()
    return {
        samples[place].id: dict(zip(keys, map(float, given[row]), strict=True))
        for row, place in enumerate(rescoring.complete)
    }


def regression_sentence(regression: Regression) -> str:
    """What moved, in one sentence, order first."""
    many = len(regression.moved)
    if not many:
        return f"No score moved on {counted(regression.same, 'answer')}."
    said = f"{_moved_words(regression)}."
    if regression.lost:
        pairs = counted(len(regression.lost), "pair has", "pairs have")
        return f"{said} {pairs} left your order."
    if regression.won:
        pairs = counted(len(regression.won), "pair has", "pairs have")
        return f"{said} {pairs} come into your order, none has left it."
    return f"{said} No pair of answers entered or left your order."


def _moved_words(regression: Regression) -> str:
    """How many scores moved, those of probes apart, and how many of them hardly did."""
    probes = sum(it.is_probe for it in regression.moved)
    answers = len(regression.moved) - probes
    both = f"{counted(answers, 'score')} of answers and {probes} of probes"
    said = both if probes else counted(answers, "score")
    small = sum(it.is_small for it in regression.moved)
    hardly = f", {small} of them by less than {SMALL}" if small else ""
    stayed = f", {regression.same} stayed" if regression.same else ", none stayed"
    return f"{said} moved{hardly}{stayed}"
