"""Two runs of a question side by side: what became of the verdict, and what moved it."""

from typing import Any

from rubric_studio.engine.document.comparing import compare
from rubric_studio.engine.document.types import Document
from rubric_studio.grading.models import Run
from rubric_studio.grading.runs.starting import document_of
from rubric_studio.rubrics.differences import grouped
from rubric_studio.rubrics.outline import outline_of
from rubric_studio.steering.assessment import Report
from rubric_studio.steering.key_numbers import key_numbers
from rubric_studio.steering.leads import headline
from rubric_studio.steering.loading import material_of
from rubric_studio.steering.regression import Compared, regression_sentence, what_moved
from rubric_studio.steering.storing import stored_report


def in_time(one: Run, other: Run) -> tuple[Run, Run]:
    """The earlier run first, whichever was asked for first."""
    return (one, other) if one.ordinal <= other.ordinal else (other, one)


def beside_context(before: Run, after: Run) -> dict[str, Any]:
    """What the page shows of two runs of one question."""
    reports = stored_report(before), stored_report(after)
    moved = what_moved(material_of(before), material_of(after))
    old, new = document_of(before), document_of(after)
    return {
        "before": before,
        "after": after,
        "sides": [
            (run, it, headline(it)) for run, it in zip((before, after), reports, strict=True)
        ],
        "headline": _headline(*reports),
        "numbers": key_numbers(*reports),
        "compared": Compared(before, after, moved),
        "regression": moved,
        "sentence": regression_sentence(moved),
        **_changes(old, new),
    }


def _headline(before: Report, after: Report) -> str:
    said = headline(after)
    word = "Still" if before.verdict == after.verdict else "Now"
    return f"{word}: {said[0].lower()}{said[1:]}"


def _changes(old: Document, new: Document) -> dict[str, Any]:
    """What was changed in the rubric, where the runs did not try the same one."""
    comparison = compare(old, new)
    return {
        "bump": comparison.bump,
        "changes": grouped(comparison, old, new),
        "largest_points": outline_of(new).largest_points,
    }
