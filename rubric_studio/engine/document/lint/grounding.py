"""L06 and L07: what a judge who sees only this sentence can't know."""

import re
from collections.abc import Iterator

from rubric_studio.engine.document.lint.finding import LintFinding, Rule
from rubric_studio.engine.document.lint.sentence import Sentence

REFERENT = Rule(
    "L06",
    "missing referent",
    "error",
    "Points at something that is not here",
    "A judge reads each criterion alone, and can’t see what this refers to. Name it.",
)
UNGROUNDED = Rule(
    "L07",
    "fact not given",
    "error",
    "The right value is not given",
    "A judge has to know it by itself, and will take a wrong one for right. Write the value.",
)
POINTING = re.compile(
    r"^\W*(?:(?:this|that|these|those|they)\b(?!\s+(?:answer|response|reply|essay"
    r"|text|model|is (?:true|false|not true))\b))",
    re.I,
)
ELSEWHERE = re.compile(
    r"\b(?:the above|as above|mentioned above|above[- ]mentioned|aforementioned|listed above"
    r"|as mentioned(?: earlier| above| before)?"
    r"|(?:the )?(?:previous|preceding|prior|next) (?:criterion|criteria|item|point|bullet)"
    r"|see above|same as above|ditto"
    r"|the (?:reference|gold|ideal|expected|sample) (?:answer|solution|response)"
    r"|(?:the )?(?:answer|rubric) key|criterion \d+|the criteria above)\b",
    re.I,
)
FIRST_SENTENCE = re.compile(r"[^\n]{20}[^.!?\n]*[.!?\n]")
VERBS = (
    r"(?:states?|identif(?:y|ies)|calculates?|names?|gives?|computes?|reports?|diagnoses?"
    r"|determines?"
    r"|derives?|explains?|lists?|describes?|finds?|solves?|answers?|interprets?|applies"
    r"|cites?|quotes?"
    r"|uses?|selects?|classif(?:y|ies)|defines?|provides?|mentions?|estimates?|concludes?"
    r"|obtains?|specif(?:y|ies))"
)
KINDS = (
    r"(?:diagnosis|answer|value|values|result|results|cause|causes|amount|dose|dosage|number"
    r"|numbers"
    r"|formula|deadline|statute|figure|figures|mechanism|solution|ratio|rate|total|sum|date"
    r"|year|law"
    r"|rule|condition|problem|treatment|drug|medication|error|bug|issue|steps?|facts?|equation"
    r"|calculation|percentage|price|cost|jurisdiction|test|procedure|method|output|root cause|name"
    r"|definition|case|section|article|clause|standard|limit|limits|range|duration|frequency|time"
    r"|symptoms?|signs?|risk|risks|theorem|derivative|integral|probability|distance|speed"
    r"|temperature|tool|file|function|command|concept|concepts|information|explanation"
    r"|interpretation|guidelines?|requirements?|units?|terms?)"
)
CORRECTLY = re.compile(
    rf"\b(?:(?:correctly|accurately|rightly)\s+{VERBS}|{VERBS}\s+(?:correctly|accurately"
    rf"|rightly))\s+"
    rf"(?:the\s+|all\s+(?:the\s+)?|an?\s+|its\s+|their\s+)?(?:[a-z\-]+\s+){{0,3}}?{KINDS}\b",
    re.I,
)
THE_RIGHT = re.compile(
    rf"\b(?:the|a|an)\s+(?:correct|right|accurate|true|proper"
    rf"|exact)\s+(?:[a-z\-]+\s+){{0,2}}?{KINDS}\b",
    re.I,
)
HOW = re.compile(
    rf"\b(?:correctly|accurately)\s+{VERBS}\s+(?:how|what|which|why|where|when)\b", re.I
)
# A value: a number, a quotation, a statement, a bracket, a colon, or what it is said to be.
VALUE = re.compile(
    r"[\d“\"‘=<>$€£%]|\(|:|\bthat\b|\bas\b|\bis\b|\bare\b|\bto be\b|\bnamely\b"
    r"|(?<=\s)[A-Z][\w\-]{2,}|\bwith the\b|\bby \w+ing\b|\bbecause\b|, (?:not|which)\b"
)

# “the right dose, half a tablet”
APPOSED = re.compile(r", (?!and\b|or\b|but\b|including\b|if\b|when\b|using\b)\w", re.I)


def find_grounding(sentence: Sentence) -> Iterator[LintFinding]:
    # What is above may be the sentence before, in the same criterion.
    first = FIRST_SENTENCE.match(sentence.text)
    spans = tuple(it for it in sentence.find(ELSEWHERE) if not first or it[0] < first.end())
    found = POINTING.match(sentence.text)
    if found and not _is_speaker(sentence.text):
        spans = ((found.end() - len(found.group().lstrip()), found.end()), *spans)
    if spans:
        yield LintFinding(REFERENT, spans)
    told = sentence.guidance or sentence.has_examples or sentence.has_reference
    if told or sentence.has_check or sentence.has_levels:
        return
    for pattern in (CORRECTLY, THE_RIGHT, HOW):
        claims = sentence.find(pattern)
        if (
            claims
            and not APPOSED.match(sentence.text, claims[0][1])
            and not VALUE.search(_without(sentence.text, sentence.start))
        ):
            yield LintFinding(UNGROUNDED, claims[:1])
            return


def _is_speaker(text: str) -> bool:
    """“It explains …”, “This answer …”: the answer itself."""
    return bool(
        re.match(r"^\W*(?:it|they)\s+(?:should|must|[a-z]+s)\b(?<!is)(?<!was)(?<!has)", text, re.I)
    )


def _without(text: str, start: int) -> str:
    """The predicate without its first word, whose capital says nothing."""
    found = re.match(r"\W*\w+", text[start:])
    return text[start + (found.end() if found else 0) :]
