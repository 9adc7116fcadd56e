"""A run's cells: which criteria share a call, and what makes a cell the same question again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched

from rubric_studio.engine.document.canonical import grading_hash
from rubric_studio.engine.document.types import Criterion, Document, Json
from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.engine.judging.checks import CHECKS_VERSION
from rubric_studio.engine.judging.fingerprint import check_fingerprints, fingerprints
from rubric_studio.grading.labels import grading_hashes


@dataclass(frozen=True, slots=True)
class PlannedCell:
    criterion_key: str
    repeat: int
    fingerprint: str
    is_check: bool = False


def calls_of(document: Document, criteria_per_call: int) -> list[tuple[Criterion, ...]]:
    """The criteria that are judged together, in the document's order; programs' are not."""
    judged = (it for it in document.criteria if it.check is None)
    return list(batched(judged, criteria_per_call))


def planned_cells(
    document: Document,
    contents: Sequence[AnswerContent],
    judge_identity: Mapping[str, Json],
    repeats: int,
    criteria_per_call: int,
    prompt_version: str,
) -> Iterator[list[PlannedCell]]:
    """For each answer its cells, fingerprints included. A program says the same every time, so
    its cells have no repeats."""
    hashes = grading_hashes(document)
    calls = calls_of(document, criteria_per_call)
    for content, checks in zip(contents, planned_checks(document, contents), strict=True):
        fingerprint_of = fingerprints(
            prompt_version=prompt_version,
            answer=content,
            judge_identity=judge_identity,
            criteria_per_call=criteria_per_call,
        )
        judged = [
            PlannedCell(
                criterion.key,
                repeat,
                fingerprint_of(hashes[criterion.key], repeat, [hashes[it.key] for it in call]),
            )
            for repeat in range(repeats)
            for call in calls
            for criterion in call
        ]
        yield [*judged, *checks]


def planned_checks(
    document: Document, contents: Sequence[AnswerContent]
) -> Iterator[list[PlannedCell]]:
    """For each answer the cells that programs decide, whoever decides the others."""
    keys = [it.key for it in document.criteria if it.check is not None]
    hashes = {key: grading_hash(document, key) for key in keys}
    for content in contents:
        if not keys:
            yield []
            continue
        of = check_fingerprints(checks_version=CHECKS_VERSION, answer=content)
        yield [PlannedCell(key, 0, of(hashes[key]), is_check=True) for key in keys]
