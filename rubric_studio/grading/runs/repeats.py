"""What repeats of a run's cells say of the judge: how often its verdict flips, by criterion."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from rubric_studio.engine.measuring.repeatability import Repeatability, flip_rate
from rubric_studio.grading.runs.finishing import VERDICTS
from rubric_studio.grading.scores import CellVerdict

CellKey = tuple[UUID, str]  # answer's id, criterion's key


def repeatability_by_criterion(
    cells: Mapping[CellKey, Iterable[CellVerdict]],
) -> dict[str, Repeatability]:
    """Of each criterion with a cell that has two verdicts or more."""
    by_criterion: defaultdict[str, list[list[CellVerdict]]] = defaultdict(list)
    for (_, key), repeats in cells.items():
        by_criterion[key].append(_verdicts(repeats))
    found = {key: flip_rate(rows) for key, rows in by_criterion.items()}
    return {key: it for key, it in found.items() if it.flips.n}


def repeatability(cells: Mapping[CellKey, Iterable[CellVerdict]]) -> Repeatability:
    """Of all cells of a run together."""
    return flip_rate(_verdicts(repeats) for repeats in cells.values())


def _verdicts(repeats: Iterable[CellVerdict]) -> list[CellVerdict]:
    return [it for it in repeats if it[0] in VERDICTS]
