"""A small rubric and its answers: raw scores 6, 5, 3, 2, 1, 0 of 6 under points 2, 3, 1."""

from rubric_studio.engine.document.types import Criterion, Document
from tests.engine.document.documents import QUESTION

TIERS = [3, 3, 2, 2, 1, 1]


def rubric(*points, **fields):
    criteria = [Criterion(f"c{n}", f"Says {n}.", it) for n, it in enumerate(points)]
    return Document(QUESTION, criteria=tuple(criteria), **fields)


def rows(*columns):
    """One mapping an answer, from one list of values a criterion."""
    return [{f"c{n}": it for n, it in enumerate(row)} for row in zip(*columns, strict=True)]


THREE = [[1, 1, 1, 1, 0, 0], [1, 1, 0, 0, 0, 0], [1, 0, 1, 0, 1, 0]]
