"""L10: a number without a unit or a tolerance."""

import re
from collections.abc import Iterator

from rubric_studio.engine.document.lint.finding import LintFinding, Rule
from rubric_studio.engine.document.lint.sentence import Sentence, any_of

RULE = Rule(
    "L10",
    "bare number",
    "warning",
    "A number without unit or tolerance",
    "A judge can’t tell whether a rounded one counts. Give the unit, and how far off still counts.",
)
# Whole numbers are mostly counts, and counts are exact.
NUMBER = re.compile(
    r"(?<![\w.,\-/§#:=^])-?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w%])"
    r"|(?<![\w.,\-/§#:=^])-?\d+\.\d+(?![\w%]|\.\d)"
)
UNIT = re.compile(
    r"^\s*(?:%|[°$€£µμΩ]"
    r"|\w{1,3}(?:/\w+)?\b(?<!\bor)(?<!\band)(?<!\bfor)(?<!\bas)(?<!\bis)(?<!\bin)(?<!\bto)(?<!\bat)(?<!\bby)(?<!\bthe)"
    r"|(?:percent|per|million|billion|thousand|dollars?|euros?|pounds?|hours?|days?|weeks?"
    r"|months?|years?|minutes?|seconds?|met(?:er|re)s?|miles?|grams?|liters?|litres?"
    r"|kilo\w+|milli\w+|degrees?|units?|points?|people|times|tons?|tonnes?|volts?|watts?"
    r"|newtons?|pascals?|joules?|moles?|or (?:more|less|higher|lower|above|below)|±|\+/-"
    r"|to \d|[-–]\s*\d|[a-z]{4,}))",
    re.I,
)
BEFORE = re.compile(
    r"[$€£±~≈<>≤≥]\s*$|\b(?:version|v|section|figure|table|chapter|article|rule|equation"
    r"|eq\.?|step|python|django|between|p|γ|about|approximately|around|roughly"
    r"|nearly)\s*[=<]?\s*$",
    re.I,
)
CALCULATES = any_of(
    "calculates",
    "computes",
    "reports",
    "obtains",
    "finds",
    "gives",
    "estimates",
    "concludes",
    "derives",
    "arrives",
    "states",
    "answers",
    "determines",
    "result",
    "answer",
    "value",
)
ALTERNATIVE = re.compile(r"\d\s+or\s+[-$€£]?\d")
TOLERANCE = any_of(
    "within",
    "about",
    "approximately",
    "around",
    "roughly",
    "between",
    "plus or minus",
    "tolerance",
    "rounded",
    "to \\w+ decimal places?",
    "significant figures?",
    "exactly",
    "at least",
    "at most",
    "more than",
    "less than",
    "range",
    "nearest",
    "above",
    "below",
    "equal to",
)


def find_bare_numbers(sentence: Sentence) -> Iterator[LintFinding]:
    if sentence.has_check or sentence.guidance or TOLERANCE.search(sentence.text):
        return
    # Of a penalty the number is the wrong one, as somebody wrote it.
    if sentence.points < 0 or not CALCULATES.search(sentence.text, 0, sentence.head):
        return
    if ALTERNATIVE.search(sentence.text) or "±" in sentence.text or "+/-" in sentence.text:
        return
    text = sentence.text
    spans = tuple(
        (start, end)
        for start, end in sentence.find(NUMBER)
        if not UNIT.match(text[end:]) and not BEFORE.search(text[:start])
    )
    if spans:
        yield LintFinding(RULE, spans)
