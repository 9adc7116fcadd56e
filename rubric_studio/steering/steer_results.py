"""The graded edits of a run beside their bases, as the figures 4 and 5 read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from rubric_studio.engine.document.scoring import NotApplicable, Scorer, ScoreUndefined, Verdict
from rubric_studio.engine.measuring.steering_edits import EditResult, SteeringEdits, measure_edits
from rubric_studio.engine.measuring.verdict_changes import least_step, moved
from rubric_studio.steering.material import GradedProbe, Material

DIRECTIONS = {"up": 1, "down": -1}


@dataclass(frozen=True, slots=True)
class Named:
    """A criterion as figures name it."""

    key: str
    number: int
    text: str
    points: float


@dataclass(frozen=True, slots=True)
class EditRef:
    """An edit: its answer's id and letter, its base's letter, what it was made for."""

    id: str
    letter: str
    base: str
    family: str
    criterion: str
    down: tuple[str, ...]
    does: str


@dataclass(frozen=True, slots=True)
class Edits:
    """Indices in `measured` point into `refs`. `orphans` have no graded base in the run."""

    measured: SteeringEdits
    refs: tuple[EditRef, ...]
    orphans: int


def named_criteria(material: Material) -> dict[str, Named]:
    return {
        it.key: Named(it.key, number, it.text, float(it.points))
        for number, it in enumerate(material.document.criteria, start=1)
    }


def steps_of(material: Material) -> dict[str, float]:
    return {it.key: least_step(it) for it in material.document.criteria}


def edits_of(material: Material) -> Edits:
    """What the run's edits show. Left out are those whose base the run did not grade, and those
    made for criteria that its document does not have."""
    criteria = material.document.criteria
    known = {it.key for it in criteria}
    edits = [
        it
        for it in material.probes
        if it.kind == "invariant" or (it.kind == "steer" and known & it.expected.keys())
    ]
    with_base = [it for it in edits if it.base is not None]
    steps = steps_of(material)
    scorer = Scorer(material.document)
    results = [_result(it, material, scorer, steps) for it in with_base]
    measured = measure_edits(
        results,
        steps,
        {it.key: float(it.points) for it in criteria},
        {it.key: it.requires for it in criteria},
    )
    refs = tuple(_ref(it) for it in with_base)
    return Edits(measured, refs, len(edits) - len(with_base))


def _ref(probe: GradedProbe) -> EditRef:
    return EditRef(
        id=probe.sample.id,
        letter=probe.sample.letter,
        base=probe.base.letter if probe.base else "",
        family=probe.family,
        criterion=probe.criterion,
        down=tuple(key for key, way in probe.expected.items() if way == "down"),
        does=probe.does,
    )


def _result(
    probe: GradedProbe, material: Material, scorer: Scorer, steps: Mapping[str, float]
) -> EditResult:
    assert probe.base is not None
    before = material.verdicts.get(probe.base.id, {})
    after = material.verdicts.get(probe.sample.id, {})
    known = {it.key for it in material.document.criteria}
    expected = {key: DIRECTIONS[way] for key, way in probe.expected.items() if key in known}
    gain = due = None
    if expected and probe.base.score is not None and probe.sample.score is not None:
        gain = probe.sample.score - probe.base.score
        due = _due(before, after, expected, scorer, steps)
    return EditResult(probe.criterion, expected, before, after, gain, due)


def _due(
    before: Mapping[str, Verdict],
    after: Mapping[str, Verdict],
    expected: Mapping[str, int],
    scorer: Scorer,
    steps: Mapping[str, float],
) -> float | None:
    """What the stated flips alone would change in the score: gates, caps and requires count. For
    one criterion without them that is w_j / W+."""
    flipped = dict(before)
    for key, direction in expected.items():
        flipped[key] = _flipped(before.get(key), after.get(key), direction, steps[key])
    try:
        was, would = scorer.score(before).score, scorer.score(flipped).score
    except ScoreUndefined:
        return None
    return None if was is None or would is None else would - was


def _flipped(before: Verdict | None, after: Verdict | None, way: int, step: float) -> Verdict:
    """Met or unmet; of levels the one that the verdict went to, or else the next."""
    if step == 1 or before is None or isinstance(before, NotApplicable):
        return 1 if way > 0 else 0
    if after is not None and moved(before, after, step) == way:
        return after
    return min(Fraction(1), max(Fraction(0), Fraction(before) + way * Fraction(step)))
