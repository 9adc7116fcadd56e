"""Sentences, key words and halves of a text, found by rule. English rules; others are let be."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_END = re.compile(r"(?<=[.!?…])[\"”’)\]]*\s+(?=[\"“‘(\[]*[A-Z0-9\W])|(?<=[。！？])|\s*\n\s*")
_SHORTENED = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|etc|approx|no|fig|Dr|Mr|Mrs|Ms|Prof|St)|\b[A-Z])\.$"
)
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
# Words that say nothing of the matter: function words, and how criteria speak of answers.
_EMPTY_WORDS = """
    a about above after again all also an and any are as at be because been before being below
    between both but by can could did do does doing down each either else few for from further
    had has have having he her here hers him his how i if in into is it its itself just least
    less many may me might more most must my no nor not now of off on once one only or other our
    out over own per rather same shall she should since so some such than that the their them
    then there these they this those through to too under until up upon very was we were what
    when where whether which while who whom whose why will with within without would yet you
    your yours answer answers response responses reader user states state says say tells tell
    mentions mention explains explain notes note advises advise recommends recommend includes
    include gives give names name lists list identifies identify describes describe provides
    provide correctly clearly explicitly uses use asks ask warns warn makes make instead
    take takes took get gets got want wants wanted need needs needed know knows please
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())
_LEAD = re.compile(
    r"^(?:the\s+(?:answer|response|model|assistant)\s+)?(?:(?:clearly|explicitly|correctly)\s+)?"
    r"(?:states?|says?|mentions?|notes?|explains?|tells?|advises?|recommends?|warns?|names?|lists?"
    r"|identifies|identify|instructs?|includes?|gives?|describes?|points\s+out|makes\s+clear)\s+"
    r"(?:(?:the|a)\s+(?:reader|user|patient|caller|person|customer)\s+|them\s+)?"
    r"(?:(?:that|to)\s+)?",
    re.IGNORECASE,
)
_JOINT = re.compile(
    r";\s+|,?\s+as\s+well\s+as\s+|,?\s+and\s+(?=(?:to|that|also|not|how|why|whether|when)\b)"
    r"|,\s+and\s+|\s+and\s+(?=(?:says|states|tells|names|gives|lists|explains|mentions|advises"
    r"|recommends|warns|asks|describes|identifies|notes)\b)",
    re.IGNORECASE,
)
_BOTH = re.compile(r"\bboth\s+(?P<one>.+?)\s+and\s+(?P<other>.+)$", re.IGNORECASE)
LEAST_HALF = 2  # words


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text[start:end]`, without the spaces around it."""

    text: str
    start: int
    end: int


def sentences(text: str) -> tuple[Sentence, ...]:
    """In order. A line end ends a sentence too, so each item of a list is one."""
    found: list[Sentence] = []
    start = 0
    for gap in _END.finditer(text):
        if "\n" not in gap[0] and _SHORTENED.search(text, start, gap.start()):
            continue
        found += _trimmed(text, start, gap.start())
        start = gap.end()
    return (*found, *_trimmed(text, start, len(text)))


def _trimmed(text: str, start: int, end: int) -> list[Sentence]:
    piece = text[start:end]
    inner = piece.strip()
    if not inner:
        return []
    begins = start + piece.index(inner)
    return [Sentence(inner, begins, begins + len(inner))]


def content_words(text: str) -> tuple[str, ...]:
    """The words that carry the matter, each once (whatever its case), in reading order."""
    found = {it.lower(): it for it in reversed(_WORD.findall(text))}
    words = [it for it in found if it not in _EMPTY and (len(it) > 2 or it.isdigit())]
    return tuple(found[it] for it in reversed(words))


def shared(one: Iterable[str], other: Iterable[str]) -> int:
    """How many words both have, plural and singular taken for one."""
    return len({_stem(it) for it in one} & {_stem(it) for it in other})


def _stem(word: str) -> str:
    plain = word.lower()
    return plain[:-1] if len(plain) > 3 and plain.endswith("s") else plain


def halves(criterion: str) -> tuple[str, str] | None:
    """The two demands of a compound criterion, or None where it makes one.

    Noun pairs ("salt and water") are let be: only what joins two demands is taken apart.
    """
    text = criterion.strip().rstrip(".")
    if match := _BOTH.search(text):
        head = text[: match.start()]
        one, other = head + match["one"], head + match["other"]
    elif match := _JOINT.search(text):
        one, other = text[: match.start()], text[match.end() :]
    else:
        return None
    if min(len(_WORD.findall(one)), len(_WORD.findall(other))) < LEAST_HALF:
        return None
    return one.strip(" ,"), other.strip(" ,")


def as_statement(demand: str) -> str:
    """What a demand asks to be said, said: "States that x is y" gives "X is y."."""
    said = _LEAD.sub("", demand.strip().rstrip("."), count=1)
    said = re.sub(r"^(?:to|that|also)\s+", "", said, flags=re.IGNORECASE).strip()
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def as_claim(criterion: str) -> str:
    """The criterion as a claim of the answer about itself: "This answer states that x is y."."""
    text = criterion.strip().rstrip(".")
    if not text:
        return ""
    if re.match(r"(?:the|this)\s+(?:answer|response)\b", text, re.IGNORECASE):
        return f"{text[0].upper()}{text[1:]}."
    second = text.split(maxsplit=1)[0]
    lower = second.isupper() and len(second) > 1
    return f"This answer {text if lower else text[0].lower() + text[1:]}."
