"""One fact of an answer turned into its opposite, everything else kept. English, by rule."""

import re

from rubric_studio.engine.document.types import Criterion, Document
from rubric_studio.engine.probing.made import Made, NotMade
from rubric_studio.engine.probing.omissions import by_points, telling
from rubric_studio.engine.probing.words import Sentence, sentences

MOST_PROBES = 6  # of one answer
_NUMBER = re.compile(r"(?<![\w.,-])(\d{1,9})(?![\w,]|\.\d)")
# What becomes of what; the first rule that fits a sentence is taken. Negations are undone before
# any are made, so that no sentence gets two.
_TURNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), turned)
    for pattern, turned in (
        (r"\b(must|should|may|can|could|will|would|do|does|did|is|are|was|were) not\b", r"\1"),
        (r"\b(do|does|did|is|are|was|were|should|would|could)n[’']t\b", r"\1"),
        (r"\b(?:can[’']t|cannot)\b", "can"),
        (r"\bwon[’']t\b", "will"),
        (r"\bnever\b", "always"),
        (r"\balways\b", "never"),
        (r"\b(must|should|may|can|could|will|would)\b(?!\s+(?:not|never|always))", r"\1 not"),
        (r"\b(is|are|was|were)\b(?!\s+(?:not|never|always))", r"\1 not"),
    )
)


def turned(statement: str, asked: str) -> tuple[str, int, int] | None:
    """The statement's opposite and where the new words stand in it; None where no rule fits.

    A negation or a verb is turned round; else a whole number that is asked for is made ten times
    as large.
    """
    for pattern, replacement in _TURNS:
        if match := pattern.search(statement):
            words = match.expand(replacement)
            if match[0][0].isupper():
                words = words[0].upper() + words[1:]
            return _put(statement, match, words)
    wanted = {it[1] for it in _NUMBER.finditer(asked)}
    for number in _NUMBER.finditer(statement):
        if number[1] in wanted and int(number[1]) > 0:
            return _put(statement, number, str(int(number[1]) * 10))
    return None


def _put(statement: str, match: re.Match[str], words: str) -> tuple[str, int, int]:
    opposite = statement[: match.start()] + words + statement[match.end() :]
    return opposite, match.start(), match.start() + len(words)


def confident_wrong(document: Document, base: str) -> tuple[Made, ...] | NotMade:
    """For each criterion that one sentence answers, the answer with that sentence's opposite."""
    made: list[Made] = []
    used: set[int] = set()
    for criterion in by_points(document):
        told = telling(base, criterion.text)
        if len(told) != 1 or told[0].start in used:
            continue
        used.add(told[0].start)
        made += _wrong(base, told[0], criterion)
    if made:
        return tuple(made[:MOST_PROBES])
    if not sentences(base):
        return NotMade("confident_wrong", "The answer has no sentence.")
    why = "No sentence that a criterion asks for has a negation, a verb or a number to turn round."
    return NotMade("confident_wrong", why)


def _wrong(base: str, sentence: Sentence, criterion: Criterion) -> list[Made]:
    opposite = turned(sentence.text, criterion.text)
    if opposite is None:
        return []
    said, start, end = opposite
    text = base[: sentence.start] + said + base[sentence.end :]
    does = f"Says the opposite: “{said}” in place of “{sentence.text}”"
    span = (sentence.start + start, sentence.start + end)
    key = criterion.key
    return [Made("confident_wrong", "Confident and wrong", text, does, (key,), (span,), key)]
