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
from rubric_studio.steering.moves import compared, standing_of_move
from rubric_studio.steering.reading import Standing, read_report, standing_of
from rubric_studio.steering.regression import regression_sentence


def in_time(one: Run, other: Run) -> tuple[Run, Run]:
    """The earlier run first, whichever was asked for first."""
    return (one, other) if one.ordinal <= other.ordinal else (other, one)


def beside_context(before: Run, after: Run) -> dict[str, Any]:
    """What the page shows of two runs of one question. Without `sides` while a worker measures what
    was never measured before; not `is_current` while it brings up to date what is shown."""
    readings = read_report(before), read_report(after)
    found = compared(before, after)
    parts = (*readings, found)
    context = {
        "before": before,
        "after": after,
        "is_current": all(it.is_current for it in parts),
        "is_asked": all(it.is_asked for it in parts),
    }
    reports = [it.report for it in readings if it.report is not None]
    if len(reports) < len(readings) or found.regression is None:
        return context
    old, new = document_of(before), document_of(after)
    return context | {
        "sides": [
            (run, it, headline(it)) for run, it in zip((before, after), reports, strict=True)
        ],
        "headline": _headline(*reports),
        "numbers": key_numbers(*reports),
        "compared": found,
        "regression": found.regression,
        "sentence": regression_sentence(found.regression),
        **_changes(old, new),
    }


def standing_beside(before: Run, after: Run) -> Standing:
    """For those who wait for it: whether all of it is there, without reading it."""
    parts = standing_of(before), standing_of(after), standing_of_move(before, after)
    return Standing(all(it.is_current for it in parts), all(it.is_asked for it in parts))


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
