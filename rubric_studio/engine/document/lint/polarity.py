"""L08: sentences that say the opposite of what their points pay for, and double negations."""

import re
from collections.abc import Iterator

from rubric_studio.engine.document.lint.finding import Fix, LintFinding, Rule
from rubric_studio.engine.document.lint.sentence import MODAL, Sentence
from rubric_studio.engine.document.lint.verbs import BASES, third_person

CLASH = Rule(
    "L08",
    "polarity",
    "error",
    "Wording and points pull apart",
    "A verdict says that the sentence is true of the"
    " answer: here what is good takes points away, or"
    " what is bad earns them.",
)
DOUBLE = Rule(
    "L08",
    "polarity",
    "error",
    "A double negation",
    "Judges often read it the wrong way round. Say what the answer does.",
)
# What is good although it is said of something left out.
AVOIDS = re.compile(
    r"(?:avoids|refrains from|abstains from|is free (?:of|from)|contains no|makes no"
    r"|has no (?:errors?|mistakes?)"
    r"|correctly|accurately|appropriately|successfully)\b",
    re.I,
)
FAILS = re.compile(
    r"(?:(?:fails|neglects|forgets) to|omits|overlooks|misses|ignores|incorrectly|wrongly"
    r"|falsely|erroneously"
    r"|inaccurately|misstates|misrepresents|misdiagnoses|invents|fabricates|hallucinates"
    r"|contradicts itself"
    r"|(?:contains|makes|includes|has) (?:an? |any |factual |serious |major )*(?:errors?"
    r"|mistakes?|falsehoods?|inaccurac(?:y|ies)|hallucinations?))\b",
    re.I,
)
NOT_FAILING = re.compile(
    r"(?:(?:(?:does|must|should)\s+)?not|doesn['’]t|never)\s+(?:(?:fail|neglect|forget)s?\s+to"
    r"|(?:omit|overlook|ignore|avoid|lack)s?|miss(?:es)?|leaves?\s+out)\b",
    re.I,
)
NOT_WITHOUT = re.compile(r"(?:does not|doesn['’]t|never)\s+(?:\w+\s+){1,8}?without\b", re.I)
NOT_UN = re.compile(
    r"\bnot\s+(?:unreasonabl|unclear|uncertain|unsafe|inappropriat|incorrect|inaccurat"
    r"|unhelpful|unrelated|irrelevant|incomplet)\w*",
    re.I,
)
TO_DO = re.compile(
    r"(?:(?:(?:does|must|should)\s+)?not|doesn['’]t|never)\s+(?:fail|neglect|forget)s?\s+to\s+(\w+)",
    re.I,
)


def find_polarity(sentence: Sentence) -> Iterator[LintFinding]:
    double = sentence.opens_with(NOT_FAILING) or sentence.opens_with(NOT_WITHOUT)
    spans = (double,) if double else sentence.find(NOT_UN, in_main=True)
    if spans:
        yield LintFinding(DOUBLE, spans, fix=_reworded(sentence))
        return
    clash = sentence.opens_with(AVOIDS if sentence.points < 0 else FAILS)
    if clash:
        yield LintFinding(CLASH, (clash,), fix=Fix("flip_sign"))


def _reworded(sentence: Sentence) -> Fix | None:
    """“Does not fail to mention X” is “Mentions X”; the others have no rewording that is sure."""
    found = TO_DO.match(sentence.text, sentence.start)
    if not found or found.group(1).lower() not in BASES:
        return None
    before, verb = sentence.text[: found.start()], found.group(1).lower()
    if not MODAL.search(before):
        verb = third_person(verb)
    if not before.strip():
        verb = verb.capitalize()
    return Fix("reword", (before + verb + sentence.text[found.end() :],))
