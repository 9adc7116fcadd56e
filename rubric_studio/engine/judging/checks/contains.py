"""Whether words stand in the answer, or are absent from it."""

from collections.abc import Sequence

from rubric_studio.engine.document.problems import Problem
from rubric_studio.engine.document.types import Json
from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.engine.judging.evidence import Quote, normalise, places

from .child import Child
from .kinds import CheckResult, Field, Kind, Spec, verdict
from .reading import Reading, read
from .undecided import Undecided
from .wording import listed

MAX_PLACES = 20_000  # looked at for whole words, of all values together


def problems(spec: Spec) -> Sequence[Problem]:
    found = [
        Problem(f"/values/{index}", "This holds nothing that can be looked for; write a word.")
        for index, value in enumerate(spec["values"])
        if not normalise(value)
    ]
    if spec["match"] == "at_least":
        if spec["n"] is None:
            found.append(Problem("/n", "Say how many of them are needed."))
        elif spec["n"] > len(spec["values"]):
            found.append(Problem("/n", "Ask for no more than there are words in the list."))
    elif spec["n"] is not None:
        found.append(Problem("/n", "A number is only for “at least”; remove it."))
    return found


def decide(spec: Spec, answer: AnswerContent, child: Child | None) -> CheckResult:
    reading = read(answer)
    quotes: list[Quote] = []
    there: list[str] = []
    missing: list[str] = []
    for value in spec["values"]:
        place = _place(value, reading, spec["whole_words"])
        if place is None:
            missing.append(value)
        else:
            there.append(value)
            quotes.append(reading.quote(*place))
    needed = _needed(spec)
    holds = len(there) >= needed
    said = f"Found {listed(there)}." if there else ""
    lacking = f"Not found: {listed(missing)}." if missing else ""
    return verdict(holds != spec["absent"], f"{said} {lacking}".strip(), quotes)


def _needed(spec: Spec) -> int:
    by_match: dict[str, Json] = {"all": len(spec["values"]), "any": 1, "at_least": spec["n"]}
    return int(by_match[spec["match"]])


def _place(value: str, reading: Reading, whole_words: bool) -> tuple[int, int] | None:
    for tried, (start, end) in enumerate(places(normalise(value), reading.text)):
        if not whole_words or _is_whole(reading.text, start, end):
            return start, end
        if tried >= MAX_PLACES:
            raise Undecided("too_slow", "The words stand inside too many longer words to look at.")
    return None


def _is_whole(text: str, start: int, end: int) -> bool:
    before = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    after = end < len(text) and text[end].isalnum() and text[end - 1].isalnum()
    return not before and not after


def describe(spec: Spec) -> str:
    values = spec["values"]
    verb = "Does not contain" if spec["absent"] else "Contains"
    words = " as whole words" if spec["whole_words"] else ""
    if len(values) == 1:
        return f"{verb} {listed(values)}{words}"
    if spec["match"] == "at_least":
        share = f"at least {spec['n']} of "
        return f"{verb} {share}{listed(values)}{words}"
    if spec["absent"]:
        joined = "both" if len(values) == 2 else "all of"
        if spec["match"] == "all":
            return f"{verb} {joined} {listed(values)}{words} together"
        return f"Contains none of {listed(values, 'or')}{words}"
    if spec["match"] == "all":
        return f"{verb} {'both' if len(values) == 2 else 'all of'} {listed(values)}{words}"
    return f"{verb} {'either' if len(values) == 2 else 'any of'} {listed(values, 'or')}{words}"


KIND = Kind(
    name="contains",
    title="Contains or lacks words",
    hint="Looks for words or phrases, whatever their case, spacing and quotation marks.",
    fields=(
        Field("values", "Words or phrases", "lines", "One a line.", required=True),
        Field(
            "match",
            "How many must be there",
            "choice",
            choices=(("all", "All of them"), ("any", "Any of them"), ("at_least", "At least")),
            default="all",
        ),
        Field("n", "At least how many", "integer", "For “at least” alone.", least=1, most=100),
        Field("whole_words", "Only as whole words", "flag", default=False),
        Field(
            "absent", "The answer must not do so", "flag", "Turns the check round.", default=False
        ),
    ),
    problems=problems,
    decide=decide,
    describe=describe,
)
