"""Places in a list: a move writes one row, its position the middle of its new neighbours'."""

from collections.abc import Sequence

from rubric_studio.rubrics.models import Criterion, Section


def last_position(rows: Sequence[Criterion] | Sequence[Section]) -> float:
    """Behind all of `rows`."""
    return max((row.position for row in rows), default=0.0) + 1.0


def position_after[Row: (Criterion, Section)](
    rows: Sequence[Row], siblings: Sequence[Row], after: Row | None
) -> float:
    """A position right behind `after`, or before every sibling when that is None.

    `rows` are all rows of the draft in order, without the one that moves: the new position lies
    between two direct neighbours among them, so that nothing else changes its place. Where the
    floats between those have run out, `rows` are numbered afresh first.
    """
    if after is None and not siblings:
        return last_position(rows)
    found = _between(rows, siblings, after)
    if found is None:
        for number, row in enumerate(rows, start=1):
            row.position = float(number)
            type(row).objects.filter(pk=row.pk).update(position=row.position)
        found = _between(rows, siblings, after)
    assert found is not None
    return found


def _between[Row: (Criterion, Section)](
    rows: Sequence[Row], siblings: Sequence[Row], after: Row | None
) -> float | None:
    index = [row.pk for row in rows].index((after or siblings[0]).pk) + (after is not None)
    if index == len(rows):
        return last_position(rows)
    high = rows[index].position
    low = rows[index - 1].position if index else high - 2.0
    middle = (low + high) / 2
    return middle if low < middle < high else None
