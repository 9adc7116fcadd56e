"""Words of the criteria, put after an answer without saying anything with them."""

from rubric_studio.engine.document.types import Criterion, Document
from rubric_studio.engine.probing.content_free import creditable
from rubric_studio.engine.probing.made import Made, NotMade, joined
from rubric_studio.engine.probing.words import content_words

MOST_WORDS = 8  # of one criterion


def key_words(criterion: Criterion) -> tuple[str, ...]:
    """The words of its sentence that carry the matter."""
    return content_words(criterion.text)[:MOST_WORDS]


def stuffed(document: Document, base: str) -> tuple[Made, ...] | NotMade:
    """The answer and, after it, the key words of every criterion that earns points."""
    lists = {it.key: key_words(it) for it in creditable(document)}
    groups = [", ".join(words) for words in lists.values() if words]
    if not groups:
        why = "No criterion that earns points by a judge’s reading has words to take."
        return NotMade("stuffing", why)
    text, inserted = joined(base.rstrip(), ("\n\n" + "; ".join(groups) + ".",))
    does = "Adds key words of the criteria without saying anything with them."
    fooled = tuple(key for key, words in lists.items() if words)
    # The empty line before the words is none of them.
    spans = tuple((start + 2, end) for start, end in inserted)
    return (Made("stuffing", "Keyword stuffing", text, does, fooled, spans),)
