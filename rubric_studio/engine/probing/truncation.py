"""An answer with its end cut off, further and further: no step may score higher."""

from rubric_studio.engine.document.types import Document
from rubric_studio.engine.probing.made import Made, NotMade
from rubric_studio.engine.probing.words import sentences

STEPS = (25, 50, 75)  # percent of the sentences that are dropped
LEAST_SENTENCES = 4


def ladder(document: Document, base: str) -> tuple[Made, ...] | NotMade:
    """The answer without its last quarter, half and three quarters of sentences."""
    found = sentences(base)
    if len(found) < LEAST_SENTENCES:
        why = f"The answer has fewer than {LEAST_SENTENCES} sentences, too few for quarters."
        return NotMade("truncation", why)
    made = []
    for dropped in STEPS:
        kept = len(found) - round(len(found) * dropped / 100)
        text = base[: found[kept - 1].end]
        does = f"Leaves out the last {dropped} % of its sentences."
        made.append(Made("truncation", f"Truncated by {dropped} %", text, does))
    return tuple(made)
