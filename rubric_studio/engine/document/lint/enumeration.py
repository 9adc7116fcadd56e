"""L02: a list without saying how much of it is enough."""

import re
from collections.abc import Iterator

from rubric_studio.engine.document.lint.finding import LintFinding, Rule
from rubric_studio.engine.document.lint.sentence import Sentence, any_of

RULE = Rule(
    "L02",
    "list without a count",
    "error",
    "A list without a count",
    "Two judges will differ on an answer that has some of it. Say all, at least how many, or make"
    " each a criterion.",
)
LISTING = any_of(
    "lists",
    "names",
    "mentions",
    "includes",
    "covers",
    "identifies",
    "discusses",
    "describes",
    "including",
    "provides",
    "addresses",
    "recommends",
    "suggests",
    "explains",
    "reports",
    "cites",
    "considers",
    "notes",
    "gives",
)
ITEM = r"[^,;:.()&]{2,45}"
LIST = re.compile(
    rf"(?<!\w)({ITEM}),\s+(?:{ITEM},\s+)*{ITEM}?,?\s+and\s+{ITEM}(?=\s*(?:[.(]|$))", re.I
)
COUNT = re.compile(
    r"\b(?:all|any|each|every|at least|at most|one|two|three|four|five|six|seven|eight|both|either"
    r"|\d+|or more|following|none)\b",
    re.I,
)
# After these a list is an illustration, not a demand.
EXAMPLES = re.compile(r"(?:such as|e\.g\.|for example|for instance|like|\()\s*[^)]*$", re.I)
VERB_NEXT = re.compile(r"^\s*(?:that|to|why|how|what|when|who|is|are|it)\b", re.I)


def find_enumeration(sentence: Sentence) -> Iterator[LintFinding]:
    if sentence.has_levels or sentence.has_check or sentence.points < 0:
        return
    text = sentence.main if len(sentence.main) > 12 and LIST.search(sentence.main) else ""
    found = LIST.search(text)
    if not found or not LISTING.search(text[: found.start() + 40]):
        return
    if COUNT.search(sentence.text) or EXAMPLES.search(text[: found.end()]):
        return
    if found.group().count(",") - len(re.findall(r",\s+includ", found.group())) < 1:
        return
    verb = LISTING.search(text)
    assert verb is not None
    if verb.start() > found.end() or VERB_NEXT.match(text[verb.end() :]):
        return
    yield LintFinding(RULE, ((max(found.start(), verb.end() + 1), found.end()),))
