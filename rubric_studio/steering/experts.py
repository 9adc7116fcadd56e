"""What each expert's comparisons say, and how far experts agree with each other: the ceiling."""

from collections import defaultdict
from dataclasses import dataclass

from rubric_studio.engine.document.types import Json
from rubric_studio.engine.measuring.ceiling import (
    Ceiling,
    FollowedBy,
    followed_by,
    measure_ceiling,
)
from rubric_studio.engine.measuring.comparisons import Choice, Consistency, consistency
from rubric_studio.steering.figures.figure import interval_json
from rubric_studio.steering.material import Compared, Material


@dataclass(frozen=True, slots=True)
class ExpertRow:
    """One person who compared. `late` of `choices` were made with the scores known; `scores` is how
    far the scores follow this person's order."""

    name: str
    choices: int
    late: int
    consistency: Consistency
    scores: FollowedBy


@dataclass(frozen=True, slots=True)
class Experts:
    """Those who compared answers of the run, by name, and their agreement with each other."""

    rows: tuple[ExpertRow, ...]
    ceiling: Ceiling

    @property
    def sentence(self) -> str:
        """Nothing is said while nobody compared."""
        ceiling = self.ceiling
        if not self.rows:
            return ""
        if ceiling.needs:
            return (
                "One expert compared these answers; a second one would show how far experts agree"
                " at all."
            )
        if ceiling.share is None:
            return f"{ceiling.experts} experts compared answers, but no pair in common."
        said = f"The {ceiling.experts} experts agree with each other on {_percent(ceiling.share)}"
        said += " of the pairs that two of them ordered"
        if ceiling.interval is not None:
            low, high = _percent(ceiling.interval.low), _percent(ceiling.interval.high)
            said += f" (95 % interval {low} to {high})"
        if ceiling.share < 1:
            said += ", and no more than that can be asked of the rubric"
        if self.followed is None:
            return f"{said}."
        return f"{said}; the scores agree with them on {_percent(self.followed)}."

    @property
    def followed(self) -> float | None:
        """The share of all pairs that an expert ordered whose scores have that order."""
        pairs = sum(it.scores.pairs for it in self.rows)
        return sum(it.scores.alike for it in self.rows) / pairs if pairs else None

    def as_json(self) -> dict[str, Json]:
        ceiling = self.ceiling
        return {
            "ceiling": {
                "experts": ceiling.experts,
                "answers": ceiling.answers,
                "pairs": ceiling.pairs,
                "share": ceiling.share,
                "interval": interval_json(ceiling.interval),
                "needs": ceiling.needs,
                "followed": self.followed,
            },
            "experts": [_row_json(it) for it in self.rows],
        }


NOBODY = Experts((), measure_ceiling([]))


def experts_of(material: Material) -> Experts:
    by_rater: defaultdict[str, list[Compared]] = defaultdict(list)
    for it in material.comparisons:
        by_rater[it.rater].append(it)
    scores = {it.id: it.score for it in material.samples}
    rows, choices = [], []
    for given in sorted(by_rater.values(), key=lambda it: (it[0].name, it[0].rater)):
        own = [Choice(it.better, it.worse, it.is_tie) for it in given]
        choices.append(own)
        late = sum(it.is_late for it in given)
        follows = followed_by(own, scores)
        rows.append(ExpertRow(given[0].name, len(given), late, consistency(own), follows))
    return Experts(tuple(rows), measure_ceiling(choices))


def _percent(share: float) -> str:
    """In whole percent; 100 % and 0 % only where it is all or nothing."""
    rounded = round(100 * share)
    if rounded == 100 and share < 1:
        rounded = 99
    if rounded == 0 and share > 0:
        rounded = 1
    return f"{rounded} %"


def _row_json(row: ExpertRow) -> dict[str, Json]:
    found = row.consistency
    return {
        "expert": row.name,
        "choices": row.choices,
        "late": row.late,
        "triads": found.triads,
        "circles": found.circles,
        "repeated": found.repeated,
        "changed": found.changed,
        "pairs": row.scores.pairs,
        "followed": row.scores.alike,
    }
