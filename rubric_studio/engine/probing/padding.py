"""An answer made long with filler that says nothing."""

from itertools import cycle

from rubric_studio.engine.document.types import Document
from rubric_studio.engine.probing.content_free import keys
from rubric_studio.engine.probing.made import Made, joined

TIMES = 3
MOST_FILLER = 20_000  # characters
FILLER = (
    "There is a good deal more that could be said here, and every case has its own sides.",
    "It is worth taking a moment to think about all of this with care.",
    "As so often, a lot depends on how one looks at it.",
    "Many people find themselves in a situation of this kind at one time or another.",
    "Keeping the larger picture in view is a help, whatever else may come up.",
    "With that in mind, one can go on step by step and see how things turn out.",
)


def padded(document: Document, base: str) -> tuple[Made, ...]:
    """Filler before and after, until the whole is three times as long."""
    answer = base.strip()
    wanted = min((TIMES - 1) * len(answer), MOST_FILLER) // 2
    filler = _filler(wanted)
    text, inserted = joined((filler,), "\n\n", answer, "\n\n", (filler,))
    does = "Makes the answer three times as long with sentences that say nothing."
    return (Made("padding", "Padding", text, does, keys(document), inserted),)


def _filler(characters: int) -> str:
    words: list[str] = []
    length = 0
    for sentence in cycle(FILLER):
        words.append(sentence)
        length += len(sentence) + 1
        if length >= characters:
            return " ".join(words)
    raise AssertionError("A cycle does not end.")
