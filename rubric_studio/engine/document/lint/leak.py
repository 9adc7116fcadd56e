"""L20: criteria that stand in the question, where the model that is trained reads them."""

from collections.abc import Iterator
from functools import lru_cache

from rubric_studio.engine.document.lint.finding import LintFinding, Rule
from rubric_studio.engine.document.lint.sentence import WORD, Sentence

RULE = Rule(
    "L20",
    "leak",
    "error",
    "The question tells the criterion",
    "Whoever answers can copy it from the question, so it rewards repeating and not knowing.",
)
RUN = 8  # words in a row


def find_leak(sentence: Sentence) -> Iterator[LintFinding]:
    if not sentence.asked or sentence.points < 0:
        return
    found = list(WORD.finditer(sentence.text))
    words = [it.group().lower() for it in found]
    runs = _runs(sentence.asked)
    for at in range(len(words) - RUN + 1):
        if tuple(words[at : at + RUN]) in runs:
            end = at + RUN
            while end < len(words) and tuple(words[end - RUN + 1 : end + 1]) in runs:
                end += 1
            # A criterion may repeat what the question demands of the answer; leaked is one that
            # stands there whole.
            if end - at >= 0.9 * len(words):
                yield LintFinding(RULE, ((found[at].start(), found[end - 1].end()),))
            return


@lru_cache(maxsize=32)
def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = [it.group().lower() for it in WORD.finditer(text)]
    return frozenset(tuple(words[it : it + RUN]) for it in range(len(words) - RUN + 1))
