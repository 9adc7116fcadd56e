"""L03 and L04: words that two experts read two ways, and words that pay for length."""

import re
from collections.abc import Iterator

from rubric_studio.engine.document.lint.finding import LintFinding, Rule
from rubric_studio.engine.document.lint.sentence import WORD, Sentence, any_of

VAGUE = Rule(
    "L03",
    "vague words",
    "warning",
    "A vague word",
    "Two experts will draw the line in two places. Say what must be in the answer.",
)
WORDY = Rule(
    "L04",
    "rewards length",
    "warning",
    "Rewards length",
    "A longer answer gets this whatever it says. Name what it must contain.",
)
VAGUE_WORDS = any_of(
    "good",
    "clear",
    "clearly written",
    "appropriate",
    "appropriately",
    "adequate",
    "adequately",
    "sufficient",
    "sufficiently",
    "reasonable",
    "reasonably",
    "relevant",
    "proper",
    "properly",
    "high-quality",
    "high quality",
    "well-written",
    "well written",
    "well-structured",
    "well-organised",
    "well-organized",
    "meaningful",
    "effective",
    "effectively",
    "helpful",
    "useful",
    "nice",
    "suitable",
    "satisfactory",
    "professional",
    "insightful",
    "thoughtful",
    "balanced",
    "nuanced",
    "strong",
    "important",
    "coherent",
    "compelling",
    "convincing",
    "reassuring",
    "robust",
    "engaging",
    "high-level",
    "as needed",
    "logical",
    "logically",
    "sound",
)
# What is advised, or named, may well be thorough; asked for length is the answer.
OF_ADVICE = re.compile(
    r"(?:recommends|advises|suggests|cites|names|mentions|states|concludes)\b", re.I
)
WORDY_WORDS = any_of(
    "comprehensive",
    "comprehensively",
    "exhaustive",
    "exhaustively",
    "extensive",
    "extensively",
    "detailed",
    "thorough",
    "thoroughly",
    "in-depth",
    "in depth",
    "in detail",
    "elaborate",
    "as much detail as possible",
    "full detail",
)
DEFINED = re.compile(
    r"^[^.]{0,80}?(?:\(|:|\be\.g\.|\bsuch as\b|\bdefined as\b|\bi\.e\.|\bby\b|\bnamely\b"
    r"|\bfor example\b|\bincluding\b|\bthat is\b|, which is\b|“|\")",
    re.I,
)
# Where the word is a name or a term of a trade, it is not a judgement.
TERMS = re.compile(
    r"clear (?:margin|fluid|liquid|airway|cell|text|the (?:cache|airway|site|area))"
    r"|good (?:faith|clinical|standing|manufacturing|cause|title|law)"
    r"|strong (?:acid|base|interaction|induction|password|encryption)|sound (?:wave|level"
    r"|pressure)|effective (?:date|dose|rate|tax|interest|population|mass|stress|length)"
    r"|cost[- ]effective|relevant (?:date|market)|proper (?:subset|noun|motion|fraction)"
    r"|balanced (?:equation|tree|scale|salt)"
    r"|reasonable (?:doubt|person|accommodation|suspicion|care)|professional (?:help|advice"
    r"|liability|conduct|counsel|support|care|judgement|judgment|medical|body|indemnity|standards)"
    r"|(?:medical|health|healthcare|mental health|licensed|qualified|legal|trained|a|the|to"
    r"|by|with|from) professional\b(?! (?:tone|manner|language|style))"
    r"|appropriate adult|adequate (?:consideration|assurance)|robust (?:standard errors?"
    r"|regression)|important (?:that|to)|not (?:appropriate|suitable|effective|useful)"
    r"|balanced (?:diet|meals?|breakfast|lunch|dinner)|clear,? (?:\w+ )?(?:coat|glass|sealant|sky)"
    r"|robust body|proper (?:name|hand ?washing|inhaler|disposal|storage|use)"
    r"|reasonable (?:steps|efforts|adjustments?)"
    r"|good (?:night|morning|friday|samaritan)|sound (?:film|design|engineer)",
    re.I,
)


# “Appropriately notes that …”: what follows says what must stand there.
FILLER = re.compile(
    r"(?:appropriately|properly|effectively|logically)\s+(?:\w+s\s+that|(?:advis|recommend|suggest"
    r"|indicat|identif|refer|direct|ask|nam|cit|warn)\w+)\b",
    re.I,
)


def find_vague(sentence: Sentence) -> Iterator[LintFinding]:
    wordy = _loose(sentence, WORDY_WORDS)
    if wordy and sentence.points > 0 and not OF_ADVICE.match(sentence.text, sentence.start):
        yield LintFinding(WORDY, wordy)
    vague = _loose(sentence, VAGUE_WORDS)
    if vague:
        yield LintFinding(VAGUE, vague)


def _loose(sentence: Sentence, words: re.Pattern[str]) -> tuple[tuple[int, int], ...]:
    """Where the words stand without anything that says what is meant by them."""
    text = sentence.main
    if FILLER.match(sentence.text, sentence.start):
        return ()
    terms = [it.span() for it in TERMS.finditer(text)]
    explained = {it.group().lower() for it in WORD.finditer(sentence.guidance)}
    found = []
    for start, stop in sentence.find(words, in_main=True):
        word = text[start:stop].lower()
        if start >= sentence.head or any(a <= start < b or a < stop <= b for a, b in terms):
            continue
        if word in explained or DEFINED.match(sentence.text[stop:]) or sentence.has_levels:
            continue
        found.append((start, stop))
    return tuple(found)
