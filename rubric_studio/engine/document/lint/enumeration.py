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
ITEM = r"[^,;:.()&\n]{2,60}"
# From the first piece on; the search starts at the verb, so it is tried at a few places only.
LIST = re.compile(rf"(?:{ITEM},\s+){{1,12}}?(?:{ITEM},?\s+)?and\s+{ITEM}(?=\s*(?:[.(\n]|$))", re.I)
COUNT = re.compile(
    r"\b(?:all|any|each|every|at least|at most|one|two|three|four|five|six|seven|eight|both|either"
    r"|\d+|or more|following|none|list of|combination of)\b",
    re.I,
)
# After these a list is an illustration, a reason or an ingredient, not a demand.
NOT_ASKED = re.compile(
    r"\b(?:such as|e\.g\.|for example|for instance|like|based on|between|out of|made of|through|via"
    r"|by|because|since|if|when|unless|while|with|without|to|for|from|using|given|that|why|how"
    r"|what|who|is|are|it|not)\b",
    re.I,
)
HEADS = re.compile(r"\b(?:including|incorporating|encompassing|covering)\b|:", re.I)
# After “such as” examples follow; after a participle the verb’s one object goes on.
EXAMPLES = re.compile(
    r"\bsuch as\b|\be\.g\.|\bfor example\b|\bfor instance\b|,\s+(?:\w+ly\s+)?"
    r"(?:\w{3,}ed|emphasi[sz]ing|noting|stating|ensuring|presented|written|given|taken)\b",
    re.I,
)
FIRST_PIECE = re.compile(r"[^,]*,")


def find_enumeration(sentence: Sentence) -> Iterator[LintFinding]:
    if sentence.has_levels or sentence.has_check or sentence.points < 0:
        return
    text = sentence.main.rstrip()
    if text.count(",") < 1 or COUNT.search(text):
        return
    verb = LISTING.search(text, 0, max(sentence.head, 1))
    if verb is None:
        return
    start = _start(text, verb.end())
    found = LIST.match(text, start) if start is not None else None
    if found and not EXAMPLES.search(text, start or 0, found.end()):
        lead = len(found.group()) - len(found.group().lstrip())
        yield LintFinding(RULE, ((found.start() + lead, found.end()),))


def _start(text: str, verb_end: int) -> int | None:
    """Where the list begins: after “including” or a colon, else after the verb; None where its
    first piece is none that is asked for."""
    first = FIRST_PIECE.match(text, verb_end)
    if not first or "(" in first.group():
        return None
    start = verb_end
    for head in HEADS.finditer(text, verb_end):
        # “risk factors, including age, …” and “signs: fever, …”
        if "," not in text[verb_end : head.start()].rstrip(", "):
            start = head.end()
    piece = FIRST_PIECE.match(text, start)
    if not piece or NOT_ASKED.search(piece.group()):
        return None
    return start
