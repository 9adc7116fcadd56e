"""L14, L17, L18, L19: the form of the answer, and of the sentence itself."""

import re
from collections.abc import Iterator
from functools import lru_cache

from rubric_studio.engine.document.lint.finding import LintFinding, Rule
from rubric_studio.engine.document.lint.sentence import Sentence

STYLE = Rule(
    "L14",
    "style with much weight",
    "info",
    "Much weight on style",
    "More than a tenth of all points is for how it looks or sounds, which is easy to learn and says"
    " little of whether it is right.",
)
LENGTH = Rule(
    "L17",
    "length of the sentence",
    "info",
    "A long criterion",
    "Long ones hide second demands. Move explanations to the guidance, or split it.",
)
SHORT = Rule(
    "L17",
    "length of the sentence",
    "info",
    "A very short criterion",
    "Read alone it may not say enough to be judged.",
)
EXAMPLE = Rule(
    "L18",
    "no example",
    "info",
    "No example yet",
    "One piece of an answer that meets it and one that just misses make experts and judges agree"
    " more often.",
)
LOCKED = Rule(
    "L19",
    "locked to a form",
    "warning",
    "Locked to one form of words",
    "A right answer in other words fails it, and a wrong one with these words passes.",
)
OF_STYLE = re.compile(
    r"\b(?:bullet(?:ed)?(?: points?| lists?)?|headings?|headers?|tone|formatting|formatted"
    r"|markdown|grammar|grammatical(?:ly)?|spelling|concise(?:ly)?"
    r"|easy to (?:read|follow)|readable|readability|writing style|bold(?:ed)?|emojis?"
    r"|polite(?:ly)?|friendly|plain language|jargon|paragraphs)\b",
    re.I,
)
# What is named or advised is matter, whatever the word: the tone of a string.
OF_MATTER = re.compile(
    r"(?:names|states|mentions|cites|recommends|advises|suggests|explains|identifies|calculates)\b",
    re.I,
)
FORM = re.compile(
    r"\b(?:uses? the (?:exact |specific )?(?:phrase|words?|wording|term|expression|sentence)"
    r"|verbatim|word[- ]for[- ]word"
    r"|(?:contains?|includes?) the (?:exact )?(?:phrase|words?|wording|sentence)"
    r"|exact (?:phrase|words|wording)"
    r"|in (?:the|its) (?:first|last|opening|final|second) (?:paragraph|sentence|line|bullet)"
    r"|(?:begins|starts|opens|ends|closes) with\b|in exactly \w+ (?:words|sentences"
    r"|paragraphs|bullets?|bullet points|lines))\b",
    re.I,
)
ASKS_FORM = re.compile(
    r"\b(?:exact|verbatim|word|words|sentences?|paragraphs?|bullets?|begin|start|end|format"
    r"|quote|json|phrase|lines?|haiku|poem|email|letter)\b",
    re.I,
)
SENTENCE_END = re.compile(
    r"(?<!\b[A-Z])(?<!e\.g)(?<!i\.e)(?<!vs)(?<!Dr)(?<!No)(?<![.!?])[.!?]+[)”\"]?\s+(?=[A-Z“\"(])"
)
MOST_WORDS, MOST_SENTENCES, LEAST_WORDS = 45, 2, 3
MOST_STYLE = 0.10


def find_form(sentence: Sentence) -> Iterator[LintFinding]:
    """L14, L18 and L19."""
    style = sentence.in_head(OF_STYLE)
    if style and not OF_MATTER.match(sentence.text, sentence.start) and sentence.share > MOST_STYLE:
        yield LintFinding(STYLE, style, detail=f"{round(100 * sentence.share)} % of the weight")
    if not sentence.has_examples and not sentence.has_check:
        yield LintFinding(EXAMPLE)
    locked = sentence.find(FORM, in_main=True)
    if locked and sentence.points > 0 and not sentence.has_check and not _asks_form(sentence.asked):
        yield LintFinding(LOCKED, locked)


@lru_cache(maxsize=32)
def _asks_form(question: str) -> bool:
    return bool(ASKS_FORM.search(question))


def find_length(sentence: Sentence) -> Iterator[LintFinding]:
    words = len(sentence.words)
    sentences = 1 + len(SENTENCE_END.findall(sentence.text[: sentence.end].strip()))
    if words > MOST_WORDS:
        yield LintFinding(LENGTH, detail=f"{words} words")
    elif sentences > MOST_SENTENCES:
        yield LintFinding(LENGTH, detail=f"{sentences} sentences")
    elif words < LEAST_WORDS:
        yield LintFinding(SHORT, detail=f"{words} word{'' if words == 1 else 's'}")
