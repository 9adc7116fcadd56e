"""L01: two things in one sentence. A judge may pay for half of it."""

import re
from collections.abc import Iterator

from rubric_studio.engine.document.lint.finding import Fix, LintFinding, Rule
from rubric_studio.engine.document.lint.sentence import WORD, Sentence
from rubric_studio.engine.document.lint.verbs import BASES, GERUNDS, SAYS

RULE = Rule(
    "L01",
    "compound",
    "error",
    "Two things in one sentence",
    "An answer that has one of them is half right, and a judge may credit it in full.",
)
JOINED = re.compile(
    r"(?:[,;]\s+|(?<![\s,;])\s+)(?P<join>and|as well as|but)(?:\s+(?:also|then|explicitly|clearly"
    r"|briefly|correctly|appropriately))*\s+"
    r"(?P<next>not\s+to|to|that|why|how|what|when|where|does\s+not|doesn['’]t|[^\W\d_]+)\b",
    re.I,
)
# Whoever says how many count has said what half of it is worth.
COUNTED = re.compile(
    r"\b(?:at least|at most|any|all|one|two|three|four|five|\d+|either|each|both"
    r"|some)\s+(?:of|two|three)"
    r"\b|\bof the following\b|\bor more\b|\bboth\b.*\band\b",
    re.I,
)
# After these “to” begins what is to be done, whatever the verb.
URGES = {
    "tells",
    "advises",
    "asks",
    "urges",
    "instructs",
    "reminds",
    "encourages",
    "orders",
    "directs",
    "invites",
    "requests",
    "warns",
}
# What an answer does and no drug or court: after “States that the drug helps and …” only they
# begin a second demand.
SPEAKS = SAYS & set(
    WORD.findall(
        "advises asks cautions cites clarifies describes emphasises emphasizes encourages explains"
        " highlights identifies instructs lists mentions names notes outlines quotes recommends"
        " refers reminds reports states stresses suggests tells urges warns"
    )
)
# Nouns as well: “the examination and tests to expect”. Verbs they are before an object.
NOUNS = SAYS & set(
    WORD.findall(
        "answers calls changes checks claims contacts counts covers cuts details documents drinks"
        " estimates exercises files filters flags gets holds labels limits links lists looks"
        " marks moves names notes orders outlines plans points questions quotes ranks reads records"
        " reports requests rests results returns reviews routes runs searches sets shows signs"
        " starts states steps stops stores stresses supports tests tracks treats turns updates"
        " uses visits waits walks watches"
    )
)
OBJECT = re.compile(
    r"\s+(?:the|an?|its|their|his|her|your|that|whether|how|why|what|which|when|where|who|any|all|each"
    r"|both|one|two|three|at|it|them|him|only|no|not|some|this|these|those|\d+|[“\"])(?!\w)",
    re.I,
)
DEMANDING = SAYS | {"does"}
THAT = re.compile(r"\bthat\b", re.I)
WH = {"why", "how", "what", "when", "where"}
# “and” inside these belongs to what is described, not to what is asked.
INSIDE = re.compile(
    r"\b(?:who|which|between|when|while|if|unless|because|where|after|before)\b", re.I
)
TOLD = re.compile(
    r"[^\W\d_]+(?:\s+(?:clearly|explicitly|correctly|(?:to\s+)?the\s+\w+|in\s+\w+))?\s+"
    r"(?:the\s+fact\s+)?",
    re.I,
)
ALSO = re.compile(r"(?<=[.;])\s+(?:it\s+)?(?:also|additionally|furthermore|moreover)\b,?\s*", re.I)


def find_compound(sentence: Sentence) -> Iterator[LintFinding]:
    if sentence.has_levels or sentence.has_check or COUNTED.search(sentence.text):
        return
    for joint in JOINED.finditer(sentence.text):
        if any(a <= joint.start() < b for a, b in sentence.quoted):
            continue
        if joint.group("join").lower() == "but" and sentence.points < 0:
            # “Starts CPR but gives no count”: one state that is penalised, said in two halves.
            continue
        anchor = _anchor(sentence, joint)
        if anchor is None:
            continue
        span = (joint.start() + _lead(joint.group()), _end(sentence))
        yield LintFinding(RULE, (span,), fix=_split(sentence, joint, anchor))
        return
    also = ALSO.search(sentence.text, 0, sentence.end)
    if also:
        first = sentence.text[: also.start()].strip()
        second = _capital(sentence.text[also.end() :].strip())
        span = (also.start() + _lead(also.group()), _end(sentence))
        yield LintFinding(RULE, (span,), fix=Fix("split", (_stop(first), _stop(second))))


def _anchor(sentence: Sentence, joint: re.Match[str]) -> int | None:
    """Up to where the second piece shares the first one's beginning; None where what follows the
    “and” is no second demand."""
    text, start = sentence.text, sentence.start
    following = re.sub(r"\s+", " ", joint.group("next").lower())
    before = text[start : joint.start()]
    first = re.match(r"[^\W\d_]+", before)
    opening = first.group().lower() if first else ""
    if not opening or opening in {"if", "when", "unless", "for"}:
        return None
    if following in {"does not", "doesn't", "doesn’t"}:
        is_own = opening == "does" or not THAT.search(before)
        return start if opening in DEMANDING and is_own and not INSIDE.search(before) else None
    if following in NOUNS and not OBJECT.match(text, joint.end()):
        return None
    if following in SAYS and opening in DEMANDING:
        if INSIDE.search(before) or _in_statement(before):
            return None
        return start if following in SPEAKS or not THAT.search(before) else None
    return _shared(following, before, start, opening)


def _shared(following: str, before: str, start: int, opening: str) -> int | None:
    if opening not in SAYS:
        return None
    if following == "that":
        found = re.search(r"(?<!given )(?<!so )(?<!in )(?<!now )\bthat\b", before, re.I)
        return start + found.start() if found else None
    if following in {"to", "not to"}:
        found = re.search(r"\b(?:not\s+)?to\s+([^\W\d_]+)", before, re.I)
        is_act = found and (opening in URGES or found.group(1).lower() in BASES)
        return start + found.start() if found and is_act else None
    if following in WH:
        if before.split()[-1].lower() in WH:  # “how and where to store it”
            return None
        found = re.search(r"\b(?:why|how|what|when|where|whether)\b", before, re.I)
        return start + found.start() if found and _is_asked_of(before, found.start()) else None
    if following in GERUNDS:
        found = re.match(r"[^\W\d_]+\s+(?:against\s+)?([^\W\d_]+)\b(?!-)", before)
        if found and found.group(1).lower() in GERUNDS:
            return start + found.start(1)
        return None
    if following in BASES:
        said = re.finditer(r"\b(?:not\s+)?to\s+([^\W\d_]+)\b", before, re.I)
        acts = [it for it in said if it.group(1).lower() in BASES]
        # After “to talk to the nurse to plan and to …” it is open what goes on.
        if len(acts) == 1 and not INSIDE.search(before):
            return start + acts[0].start(1)
    return None


def _in_statement(before: str) -> bool:
    """Whether the verb after “and” goes on with a relative clause: a drug that thins blood and …
    After “States that” and “Tells the reader that” a statement follows and no such clause."""
    found = list(re.finditer(r"\bthat\b", before, re.I))
    return len(found) > 1 or bool(found and not TOLD.fullmatch(before[: found[0].start()]))


def _is_asked_of(before: str, at: int) -> bool:
    return len(before[:at].split()) <= 5


def _split(sentence: Sentence, joint: re.Match[str], anchor: int) -> Fix:
    """The pieces as two sentences, the second with the beginning that both share."""
    text = sentence.text
    rest = text[joint.start("next") :].rstrip()
    first = text[: joint.start()]
    if len(WORD.findall(first, sentence.start)) == 1:
        # “Names and explains the error”: both verbs have the one object.
        first += text[joint.end("next") :]
    second = text[:anchor] + rest if anchor > sentence.start else _capital(rest)
    return Fix("split", (_stop(first), _stop(second)))


def _stop(text: str) -> str:
    text = text.rstrip(" ,;.\n")
    return text if text.endswith((".)", "!", "?")) else text + "."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _end(sentence: Sentence) -> int:
    return len(sentence.text[: sentence.end].rstrip(" ."))


def _lead(text: str) -> int:
    return len(text) - len(text.lstrip(" ,;\n\t"))
