"""L05, L09, L11, L12, L13: words that leave open where true begins."""

import re
from collections.abc import Iterator

from rubric_studio.engine.document.lint.finding import LintFinding, Rule
from rubric_studio.engine.document.lint.sentence import Sentence, any_of

HEDGED = Rule(
    "L05",
    "hedge",
    "warning",
    "A hedge in the criterion",
    "A judge can’t tell whether an answer without it is wrong. Say what must be there.",
)
COMPARED = Rule(
    "L09",
    "unanchored comparative",
    "warning",
    "Compared with what?",
    "One answer is judged at a time, so there is nothing to compare it with. Name the bar.",
)
UNCOUNTED = Rule(
    "L11",
    "unbounded count",
    "warning",
    "How many?",
    "Two judges will stop counting at two numbers. Say at least how many.",
)
LOW_BAR = Rule(
    "L12",
    "bar that nothing fails",
    "warning",
    "Nearly every answer does this",
    "Nothing on the topic can fail it, so it tells answers"
    " apart by nothing. Say what must be said.",
)
MIND = Rule(
    "L13",
    "mind, not words",
    "warning",
    "Asks what the answer thinks",
    "A judge sees words, not insight. Say which words would show it.",
)
# The hedge must be the criterion's own: “States that it may cause …” is what the answer says.
HEDGES = re.compile(
    r"\b(?:ideally|preferably|possibly|perhaps|where possible|if possible|should try to|hopefully"
    r"|optionally|may also|might|could|may)\b(?!\s+(?:be(?:come)?\s+(?:harmed|caused)|20\d\d))",
    re.I,
)
FIRM = any_of(
    "ideally",
    "preferably",
    "possibly",
    "perhaps",
    "where possible",
    "if possible",
    "should try to",
    "hopefully",
    "optionally",
)
OWN = re.compile(
    r"^\W*(?:the\s+)?(?:answer|response|reply|model|assistant|report|memo|agent)\s+(?:may"
    r"|might|could)\b|^\W*(?:may|might|could)\b",
    re.I,
)
COMPARATIVES = re.compile(
    r"\b(?:better|clearer|simpler|stronger|faster|longer|shorter|easier|worse|enough"
    r"|(?:more|less)\s+(?:[a-z]+(?:ed|ful|ive|ous|al|ent|ant|able|ible|ly|ic|ing|se|ear|ort"
    r"|ple)|vivid|concrete|accurate|direct|exact|elaborate|detail|depth|empathy|evidence))\b",
    re.I,
)
ANCHOR = re.compile(
    r"\bthan\b|\bcompared\b|\bthe \w+er\b.*\bthe\b|\brelative to\b|\bversus\b|\bover\b"
    r"|\bno longer\b",
    re.I,
)
REPORTS = re.compile(
    r"(?:(?:fails|neglects|forgets)\s+to\s+)?(?:mention|state|conclude|name|recommend|advise"
    r"|suggest|warn|ask|note|report|predict|identif|claim)\w*\b",
    re.I,
)
ABOUT = re.compile(r"\b(?:for|of|about|when|if|why|how|to)\b", re.I)
MANY = re.compile(
    r"(?<!how )(?<!as )(?<!too )(?<!so )(?<!not )\b(?:several|many|multiple(?! (?:sclerosis"
    r"|myeloma|comparison|testing|choice|regression|imputation|listing))"
    r"|various|numerous|a few|a number of|a variety of|a range of)\b(?!-)(?! (?:of"
    r"|other than)\b)",
    re.I,
)
# “its several names (A, B, C)”: they are counted already.
LISTED = re.compile(r"[^.,;(:]{0,60}(?:\([^)]*,|:\s*[^,]+,)", re.I)
COUNT = re.compile(r"\b(?:at least|at most|\d+|two|three|four|five|or more)\b", re.I)
LOW = re.compile(
    r"\b(?:attempts? to|tries to|makes? (?:an|some) (?:attempt|effort)|touch(?:es)? (?:on|upon)"
    r"|engages? with the|provides? some|mentions? something|says? something|is on[- ]topic"
    r"|(?:addresses|discusses|talks about|responds to|covers|deals with|answers) (?:the "
    r"|this )?(?:user['’]s |main )?(?:topic|question|issue|subject|prompt|matter|request"
    r"|query)(?=\s*(?:[.,]|$|in\b|at\b)))",
    re.I,
)
# What would show it is said.
SAID = re.compile(
    r"\bby (?:\w+ly )?\w+ing\b|\bsuch as\b|\bnamely\b|:\s|\be\.g\.|\bfor example\b|\bthrough\b"
    r"|\bwith the words\b",
    re.I,
)
MINDS = re.compile(
    r"(?:demonstrates?|shows?|displays?|exhibits?|conveys?|reflects?|has"
    r"|expresses)\s+(?:an?\s+|the\s+)?(?:[a-z]+\s+){0,2}?"
    r"(?:understanding|awareness|insight|knowledge|empathy|appreciation|mastery|familiarity"
    r"|grasp|compassion|expertise|sensitivity|concern|care|respect)\b"
    r"|(?:understands?|feels?|knows?|believes?|considers?(?! that| the fact)|thinks? about"
    r"|is aware of|appreciates?|realises?|realizes?|takes? into account|grasps?|cares? about"
    r"|intends?)\b",
    re.I,
)


def find_wording(sentence: Sentence) -> Iterator[LintFinding]:
    hedges = sentence.in_head(FIRM)
    own = OWN.match(sentence.text)
    if own:
        hedges = ((own.end() - len(own.group().split()[-1]), own.end()), *hedges)
    if hedges:
        yield LintFinding(HEDGED, hedges)
    compared = sentence.in_head(COMPARATIVES)
    if (
        compared
        and _judges_the_answer(sentence, compared[0][0])
        and not ANCHOR.search(sentence.text)
        and not COUNT.search(sentence.text)
    ):
        yield LintFinding(COMPARED, compared)
    many = sentence.in_head(MANY)
    if (
        many
        and sentence.points > 0
        and not LISTED.match(sentence.text, many[0][1])
        and not _is_said_how_many(sentence, many[0][0])
    ):
        yield LintFinding(UNCOUNTED, many[:1])
    low = sentence.find(LOW, in_main=True)
    if (
        low
        and low[0][0] <= sentence.start + 24
        and sentence.points > 0
        and not SAID.search(sentence.text, low[0][1], sentence.end)
    ):
        yield LintFinding(LOW_BAR, low)
    mind = sentence.opens_with(MINDS)
    if mind and not SAID.search(sentence.text, mind[1], sentence.end):
        yield LintFinding(MIND, (mind,))


def _judges_the_answer(sentence: Sentence, at: int) -> bool:
    """Whether the comparative is said of the answer, and not of what it tells about."""
    before = sentence.text[sentence.start : at]
    return not (REPORTS.match(before) or ABOUT.search(before))


def _is_said_how_many(sentence: Sentence, at: int) -> bool:
    return bool(COUNT.search(sentence.text)) or bool(
        re.search(
            r"\b(?:for|of|in|with|by|across|if|when|because|to|from)\s+(?:[a-z]+\s+)?$",
            sentence.text[:at],
            re.I,
        )
    )
