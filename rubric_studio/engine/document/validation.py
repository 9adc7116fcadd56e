"""What a document's values must be, for a draft and for a version."""

import math
import re
from collections.abc import Iterable

from .canonical import canonical_bytes
from .problems import Problem, pointer
from .strict_json import JsonError, loads
from .structure import innermost_first, structure_problems
from .types import Criterion, Document, Json, Level, Number, Question, Scoring, Section
from .writing import document_json

MAX_POINTS = 1_000_000
MAX_SECTION_DEPTH = 50
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~:-]{0,79}")
KEY_RULE = (
    "a key has 1 to 80 letters (A to Z), digits, '.', '_', '~', ':' or '-', and starts with a "
    "letter or digit"
)
# A judge answers with these; a level of that name could not be told apart from them.
RESERVED_LABELS = frozenset({"not_applicable", "cannot_assess"})

Found = Iterable[tuple[tuple[str | int, ...], str]]


def check_document(document: Document) -> tuple[Problem, ...]:
    """Every reason why the document cannot be kept as a draft, with JSON pointers; () if none."""
    found: list[Problem] = []

    def add(where: tuple[str | int, ...], problems: Found) -> None:
        found.extend(Problem(pointer(*where, *steps), message) for steps, message in problems)

    add(("question",), _check_question(document.question))
    for index, section in enumerate(document.sections):
        add(("sections", index), _check_section(section))
    for index, criterion in enumerate(document.criteria):
        add(("criteria", index), _check_criterion(criterion, document.scoring))
    add(("scoring",), _check_scoring(document.scoring))
    structure = structure_problems(document)
    # Depth can be told only once there are no circles.
    deep = () if structure else _check_depth(document)
    return (*found, *structure, *deep, *_check_bytes(document))


def check_publishable(document: Document) -> tuple[Problem, ...]:
    """`check_document`, and what a version needs besides: a message, a criterion, points to win."""
    found = list(check_document(document))
    if not document.question.messages:
        found.append(Problem("/question/messages", "Write the question before you publish."))
    if not document.criteria:
        found.append(Problem("/criteria", "Add a criterion before you publish."))
    elif not any(it.points > 0 for it in document.criteria):
        found.append(
            Problem(
                "/criteria",
                "Give at least one criterion positive points before you publish; "
                "without them there is nothing to score out of.",
            )
        )
    return tuple(found)


def _check_question(question: Question) -> Found:
    yield from _check_key(question.key)
    yield from _check_tags(question.tags)
    for index, message in enumerate(question.messages):
        if not message.role.strip():
            yield ("messages", index, "role"), "Say whose message it is, such as user."
        for name in ("role", "content"):
            if name in message.extra:
                yield ("messages", index, name), f"A message has only one {name!r}."


def _check_section(section: Section) -> Found:
    yield from _check_key(section.key)
    if not section.title.strip():
        yield ("title",), "Give the section a title."
    if not _within(section.weight, 0, MAX_POINTS):
        yield ("weight",), f"A section's weight lies between 0 and {MAX_POINTS:,}."
    if section.cap is not None and not _within(section.cap, 0, MAX_POINTS):
        yield ("cap",), f"A section's cap lies between 0 and {MAX_POINTS:,} points."


def _check_depth(document: Document) -> Iterable[Problem]:
    depths: dict[str | None, int] = {None: 0}
    parents = {it.key: it.parent for it in document.sections}
    for key in reversed(innermost_first(document)):
        depths[key] = depths[parents[key]] + 1
    for index, section in enumerate(document.sections):
        if depths[section.key] == MAX_SECTION_DEPTH + 1:
            message = f"Sections lie at most {MAX_SECTION_DEPTH} deep; move this one up."
            yield Problem(pointer("sections", index, "parent"), message)


def _check_criterion(criterion: Criterion, scoring: Scoring) -> Found:
    yield from _check_key(criterion.key)
    yield from _check_tags(criterion.tags)
    if not criterion.text.strip():
        yield ("text",), "Write what must be true of an answer."
    if criterion.points == 0 or not _within(criterion.points, -MAX_POINTS, MAX_POINTS):
        yield ("points",), f"Points lie between -{MAX_POINTS:,} and {MAX_POINTS:,} and are not 0."
    elif scoring.method == "tree" and criterion.points < 0:
        yield ("points",), "A tree score takes no negative points; make the criterion a gate."
    if criterion.gate is not None and not _within(criterion.gate.cap, 0, 1, below=True):
        yield ("gate", "cap"), "A gate's cap is at least 0 and below 1."
    if criterion.levels is not None:
        for steps, message in _check_levels(criterion.levels):
            yield ("levels", *steps), message
    verdicts = {"met", "unmet", *(level.label for level in criterion.levels or ())}
    for index, example in enumerate(criterion.examples):
        if not example.answer.strip():
            yield ("examples", index, "answer"), "Write the example answer."
        if example.verdict not in verdicts:
            known = ", ".join(sorted(verdicts))
            yield ("examples", index, "verdict"), f"The verdict must be one of: {known}."


def _check_levels(levels: tuple[Level, ...]) -> Found:
    if len(levels) < 2:
        yield (), "Give the criterion at least two levels, or none."
    seen: set[str] = set()
    for index, level in enumerate(levels):
        label = level.label.strip().casefold()
        if not label:
            yield (index, "label"), "Name the level."
        elif label in RESERVED_LABELS:
            yield (
                (index, "label"),
                f"A level cannot be called {level.label!r}; choose another name.",
            )
        elif label in seen:
            yield (index, "label"), f"Two levels are called {level.label!r}; rename one."
        seen.add(label)
        if not _within(level.value, 0, 1):
            yield (index, "value"), "A level's value lies between 0 and 1."
    values = [level.value for level in levels]
    if values not in (sorted(set(values)), sorted(set(values), reverse=True)):
        yield (), "List the levels in order of value, each with a value of its own."


def _check_scoring(scoring: Scoring) -> Found:
    if not _within(scoring.floor, -MAX_POINTS, 1, below=True):
        yield ("floor",), f"The floor lies between -{MAX_POINTS:,} and 1, and below 1."
    if not _within(scoring.pass_mark, 0, 1):
        yield ("pass_mark",), "The pass mark lies between 0 and 1."


def _check_key(key: str) -> Found:
    if not KEY.fullmatch(key):
        yield ("key",), f"{key!r} is not a key; {KEY_RULE}."


def _check_tags(tags: tuple[str, ...]) -> Found:
    for index, tag in enumerate(tags):
        if not tag.strip():
            yield ("tags", index), "A tag cannot be empty."


def _within(number: Number, low: Number, high: Number, *, below: bool = False) -> bool:
    """Whether low <= number <= high, or < high when `below`; NaN and infinities are not."""
    return math.isfinite(number) and low <= number <= high and not (below and number == high)


def _check_bytes(document: Document) -> Iterable[Problem]:
    """Every part must have canonical bytes that the strict reader takes back."""
    written = document_json(document)
    for name in ("question", "scoring"):
        yield from _check_part((name,), written[name])
    for name in ("sections", "criteria"):
        for index, part in enumerate(written[name]):
            yield from _check_part((name, index), part)


def _check_part(steps: tuple[str | int, ...], part: Json) -> Iterable[Problem]:
    try:
        # The brackets stand for the document around the part, and for a list around that.
        loads(b"[[[" + canonical_bytes(part) + b"]]]")
    except JsonError as error:
        yield Problem(pointer(*steps), error.message)
    except ValueError as error:
        yield Problem(pointer(*steps), f"This cannot be written as JSON exactly: {error}.")
