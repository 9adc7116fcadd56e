"""What was stated with knowledge of the scores, by whom: how figures say it."""

from collections import Counter
from collections.abc import Iterable, Sequence

from rubric_studio.engine.document.types import Json
from rubric_studio.steering.samples import Sample

NOT_KNOWN = "somebody"


def late_by(samples: Iterable[Sample]) -> tuple[tuple[str, int], ...]:
    """Who stated how many of these with knowledge of the scores, those with most first."""
    counts = Counter(it.stated_by or NOT_KNOWN for it in samples if it.stated_late)
    return tuple(sorted(counts.items(), key=lambda it: (-it[1], it[0])))


def late_words(samples: Sequence[Sample]) -> str:
    """After a figure's n; "" where nothing is late."""
    late = late_by(samples)
    if not late:
        return ""
    names = ", ".join(f"{count} by {name}" for name, count in late)
    return f"; stated with the scores known: {names}"


def late_json(samples: Iterable[Sample]) -> list[Json]:
    return [{"expert": name, "stated": count} for name, count in late_by(samples)]
