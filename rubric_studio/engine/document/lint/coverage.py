"""Parts of the question whose words no criterion has."""

import re
from dataclasses import dataclass

from rubric_studio.engine.document.lint.language import is_english
from rubric_studio.engine.document.types import Document, Json

LINK = re.compile(r"(?:https?://|www\.)\S+", re.I)
PART = re.compile(r"[^.?!\n;]+[.?!;]?")
WORD = re.compile(r"[^\W\d_]{3,}|\d[\d.,]*\d|\d")
ASKING = re.compile(
    r"\b(?:please|can you|could you|would you|tell me|help me"
    r"|i(?: need|(?:['’]d| would) like| want) (?:you to|to know|a|an|the|your|some"
    r"|more|help|advice))\b"
    r"|^\W*(?:\d+[.)]|[a-h]\)|[-*•])?\s*(?:write|list|explain"
    r"|describe|give|calculate|compute|compare|draft|summari[sz]e|analy[sz]e|identify|discuss"
    r"|find|determine|prove|show|suggest|recommend|provide|include|state|outline|evaluate"
    r"|propose|design|create|plan)\b",
    re.I,
)
# “Can I still use it?”: what it asks for is said before, in words that are not here.
POINTS_BACK = re.compile(r"\b(?:it|this|that|these|those|them|they|he|she|him|her|one)\b", re.I)
FEWEST_WORDS, FEWEST_POINTING_BACK = 3, 4
# Of a single request every criterion is about it, in whatever words.
FEWEST_PARTS = 2
COMMON = frozenset(
    WORD.findall("""
    the and for that with this from not are has have had its was were but any all does did you
    your can could would should will what which when where who why how about into than then
    them they there their some just like also please tell need want know help give me my mine
    our out get got going answer question explain describe list write make sure use using very
    much many more most been being because while after before over under only each other these
    those here right best good way think say said says let now one two three really still even
    well him her his she too anything something someone anyone everything thing things until
    ever never further available possible exactly maybe actually another different such same
    own new lot few bit able happen happens go goes come see look try keep start take find
    show suggest recommend provide include advice tips information details options english
    respond response reply relevant step steps following calculate basically real
    """)
)


@dataclass(frozen=True, slots=True)
class Coverage:
    """`parts` are the requests of the question, `uncovered` those of whose telling words, three at
    the least, no criterion has one. `parts` is None where nothing can be told: not English, or
    fewer than two requests."""

    parts: tuple[str, ...] | None
    uncovered: tuple[str, ...] = ()


def measure_coverage(document: Document) -> Coverage:
    """Lexical coverage: a part counts as covered when a stem of one of its telling words occurs in
    a criterion's sentence, guidance or examples, or in a heading. Words only: two that mean the
    same and look different count as uncovered."""
    asked = LINK.sub(" ", _last_asked(document))
    if not is_english(asked):
        return Coverage(None)
    parts = tuple(dict.fromkeys(it.strip() for it in PART.findall(asked) if _is_request(it)))
    if len(parts) < FEWEST_PARTS:
        return Coverage(None)
    if not document.criteria:
        return Coverage(parts, parts)
    known = _known(document)
    missing = []
    for part in parts:
        terms = _stems(part)
        fewest = FEWEST_POINTING_BACK if POINTS_BACK.search(part) else FEWEST_WORDS
        if len(terms) >= fewest and not terms & known:
            missing.append(part)
    return Coverage(parts, tuple(missing))


def question_text(document: Document) -> str:
    """What the people asked: the words of system and user."""
    said = (it for it in document.question.messages if it.role in {"user", "system"})
    return "\n".join(_words_of(it.content) for it in said)


def _last_asked(document: Document) -> str:
    """What was asked after the last turn of the conversation that was answered, and what the system
    prompt demands."""
    messages = document.question.messages
    answered = [at for at, it in enumerate(messages) if it.role == "assistant"]
    since = answered[-1] + 1 if answered else 0
    said = (
        it
        for at, it in enumerate(messages)
        if it.role == "system" or (it.role == "user" and at >= since)
    )
    return "\n".join(_words_of(it.content) for it in said)


def _words_of(content: Json) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "\n".join(
            str(it["text"])
            for it in content
            if isinstance(it, dict) and isinstance(it.get("text"), str)
        )
    return ""


def _is_request(part: str) -> bool:
    return part.strip().endswith("?") or bool(ASKING.search(part))


def _known(document: Document) -> set[str]:
    texts = [it.title for it in document.sections]
    for criterion in document.criteria:
        texts += [criterion.text, criterion.guidance, *(it.answer for it in criterion.examples)]
    return _stems(" ".join(texts))


def _stems(text: str) -> set[str]:
    return {_stem(it) for it in WORD.findall(text.lower()) if it not in COMMON}


def _stem(word: str) -> str:
    """The first five letters: drive, driving, driver."""
    return word[:5].rstrip("e") if len(word) > 4 else word.rstrip("s")
