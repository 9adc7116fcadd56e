"""A run's cells: which criteria share a call, and what makes a cell the same question again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched

from rubric_studio.engine.document.types import Criterion, Document, Json
from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.engine.judging.fingerprint import fingerprints
from rubric_studio.engine.judging.prompt import PROMPT_VERSION
from rubric_studio.grading.labels import grading_hashes


@dataclass(frozen=True, slots=True)
class PlannedCell:
    criterion_key: str
    repeat: int
    fingerprint: str


def calls_of(document: Document, criteria_per_call: int) -> list[tuple[Criterion, ...]]:
    """The criteria that are judged together, in the document's order."""
    return list(batched(document.criteria, criteria_per_call))


def planned_cells(
    document: Document,
    contents: Sequence[AnswerContent],
    judge_identity: Mapping[str, Json],
    repeats: int,
    criteria_per_call: int,
) -> Iterator[list[PlannedCell]]:
    """For each answer its cells, fingerprints included."""
    hashes = grading_hashes(document)
    calls = calls_of(document, criteria_per_call)
    for content in contents:
        fingerprint_of = fingerprints(
            prompt_version=PROMPT_VERSION,
            answer=content,
            judge_identity=judge_identity,
            criteria_per_call=criteria_per_call,
        )
        yield [
            PlannedCell(
                criterion.key,
                repeat,
                fingerprint_of(hashes[criterion.key], repeat, [hashes[it.key] for it in call]),
            )
            for repeat in range(repeats)
            for call in calls
            for criterion in call
        ]
