"""An answer that takes everything back as it says it."""

from rubric_studio.engine.document.types import Document
from rubric_studio.engine.probing.content_free import keys
from rubric_studio.engine.probing.made import Made, NotMade, joined
from rubric_studio.engine.probing.words import sentences

HEDGE = "Or it may be just the other way round."


def hedged(document: Document, base: str) -> tuple[Made, ...] | NotMade:
    """After every statement, that the opposite may be true."""
    found = sentences(base)
    if not found:
        return NotMade("hedge_all", "The answer has no sentence.")
    pieces: list[str | tuple[str]] = []
    at = 0
    for sentence in found:
        pieces += [base[at : sentence.end], " ", (HEDGE,)]
        at = sentence.end
    text, inserted = joined(*pieces, base[at:])
    does = "Follows every statement with the remark that the opposite may be true."
    return (Made("hedge_all", "Hedges all options", text, does, keys(document), inserted),)
