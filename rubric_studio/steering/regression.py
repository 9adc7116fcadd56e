"""What a changed rubric did to the answers: whose score moved, why, and who changed places.

Only real grades count: both sides are finished runs, nothing is projected.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from rubric_studio.engine.document.canonical import content_hash
from rubric_studio.engine.document.comparing import compare
from rubric_studio.engine.document.scoring import Verdict
from rubric_studio.engine.document.types import Document
from rubric_studio.engine.measuring.rescoring import Rescoring
from rubric_studio.grading.models import Run
from rubric_studio.grading.runs.starting import document_of
from rubric_studio.rubrics.models import Question
from rubric_studio.steering.loading import material_of
from rubric_studio.steering.material import Material
from rubric_studio.steering.samples import Sample
from rubric_studio.steering.sentences import counted

# Scores nearer than this are the same: the last digits of a float are no move.
SAME = 1e-9
# Of a move smaller than this, what is shown of two scores hardly differs.
SMALL = 0.01
# So many finished runs are looked through for one of a document.
MOST_RUNS = 20


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


@dataclass(frozen=True, slots=True)
class Compared:
    """Two runs and what moved between them. `regression` is None while one of them is missing."""

    before: Run | None
    after: Run | None
    regression: Regression | None

    @property
    def other_judge(self) -> bool:
        """Whether the runs were judged differently, so that not all is the rubric's doing."""
        if self.before is None or self.after is None:
            return False
        return _judging(self.before) != _judging(self.after)


def compared_runs(question: Question, old: Document, new: Document) -> Compared:
    """The newest finished runs of these two rubrics and what moved; of the older one a run by the
    same judge, where there is one."""
    runs = Run.objects.whole().filter(question=question, status__in=Run.FINISHED)
    recent = list(runs.select_related("judge")[:MOST_RUNS])
    after = next((it for it in recent if _tries(it, new)), None)
    olds = [it for it in recent if it != after and _tries(it, old)]
    alike = [it for it in olds if after is not None and _judging(it) == _judging(after)]
    before = next(iter([*alike, *olds]), None)
    if before is None or after is None:
        return Compared(before, after, None)
    return Compared(before, after, what_moved(material_of(before), material_of(after)))


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


def _tries(run: Run, document: Document) -> bool:
    if run.document_hash == content_hash(document):
        return True
    return compare(document_of(run), document).bump in (None, "patch")


def _judging(run: Run) -> tuple[object, ...]:
    return run.judge_id, run.prompt_version, run.criteria_per_call


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
