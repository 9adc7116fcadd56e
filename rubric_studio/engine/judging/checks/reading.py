"""The text of an answer that a check reads, and where it stands in the whole answer."""

import bisect
from dataclasses import dataclass

from rubric_studio.engine.judging.answer import AnswerContent, content_places
from rubric_studio.engine.judging.evidence import Quote

from .undecided import Undecided

MAX_TEXT = 1_000_000  # code points
LONGEST_QUOTE = 500
_BETWEEN = "\n\n"  # what stands between two messages of the assistant


@dataclass(frozen=True, slots=True)
class Reading:
    """`text` is what the answerer said; `pieces` pair its offsets with those of `whole`."""

    whole: str
    text: str
    pieces: tuple[tuple[int, int], ...]

    def quote(self, start: int, end: int) -> Quote:
        """text[start:end] as evidence, with its place in the whole answer."""
        at = bisect.bisect_right(self.pieces, (start, len(self.whole))) - 1
        begins, stands = self.pieces[at]
        end = min(end, start + LONGEST_QUOTE)
        if at + 1 < len(self.pieces):
            end = min(end, self.pieces[at + 1][0] - len(_BETWEEN))
        first, last = start - begins + stands, max(start, end) - begins + stands
        return Quote(self.whole[first:last], first, last, True)


def read(answer: AnswerContent) -> Reading:
    """What the answerer said: a text whole, of a transcript what its assistant says.

    What users and tools say is no part of it: an assistant earns nothing for their words. Raises
    Undecided beyond MAX_TEXT.
    """
    whole = answer.as_text()
    if len(whole) > MAX_TEXT:
        raise Undecided("too_large", f"The answer is longer than {MAX_TEXT:,} characters.")
    if answer.messages is None:
        return Reading(whole, whole, ((0, 0),))
    texts: list[str] = []
    pieces: list[tuple[int, int]] = []
    length = 0
    for message, (start, end) in zip(answer.messages, content_places(answer.messages), strict=True):
        if message.role == "assistant" and start < end:
            pieces.append((length, start))
            texts.append(whole[start:end])
            length += end - start + len(_BETWEEN)
    return Reading(whole, _BETWEEN.join(texts), tuple(pieces) or ((0, 0),))
