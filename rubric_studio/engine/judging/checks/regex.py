"""Whether a pattern occurs in the answer. RE2 alone: its time is linear in the answer."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import re2

from rubric_studio.engine.document.problems import Problem
from rubric_studio.engine.judging.answer import AnswerContent

from .child import Child, task
from .kinds import CheckResult, Field, Kind, Spec, verdict
from .reading import read
from .wording import shown

MAX_MEMORY = 1 << 20  # bytes for the compiled pattern and its automaton
INLINE_STEPS = 5_000_000  # instructions x characters: some hundredths of a second at worst

_EXPLAINED = (
    (("(?=", "(?!"), "Look-ahead such as (?=…) is not supported; write two checks instead."),
    (("(?<=", "(?<!", "(?<"), "Look-behind such as (?<=…) is not supported; write two checks."),
    (("(?>",), "Atomic groups (?>…) are not supported; an ordinary group (?:…) does the same."),
    (("(?(",), "Conditions (?(…)) are not supported; write the alternatives out with |."),
    (("(?P=", "(?P>", "(?R", "(?&"), "References to other groups are not supported."),
    (("(?#", "(?x"), "Comments and spaced patterns are not supported; write it on one line."),
)


def problems(spec: Spec) -> Sequence[Problem]:
    said = pattern_problem(spec["pattern"], _flags(spec))
    return [Problem("/pattern", said)] if said else []


def pattern_problem(pattern: str, flags: str = "") -> str:
    """Why RE2 refuses the pattern, in words; empty when it takes it."""
    try:
        compiled(pattern, flags)
    except re2.error as error:
        return _explained(pattern, _message(error))
    return ""


@lru_cache(maxsize=64)
def compiled(pattern: str, flags: str) -> Any:
    """The pattern, made ready. `flags`: i any case, s the dot takes line ends too, m by line.

    Raises re2.error.
    """
    options = re2.Options()
    options.max_mem = MAX_MEMORY
    options.log_errors = False
    return re2.compile(f"(?{flags}){pattern}" if flags else pattern, options)


def _message(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)


def _explained(pattern: str, message: str) -> str:
    reason, _, where = message.partition(": ")
    if reason == "invalid perl operator":
        for openings, said in _EXPLAINED:
            if where.startswith(openings):
                return said
    if reason == "invalid escape sequence" and where[1:2].isdigit():
        return f"Back-references such as {where} are not supported; write the text out."
    if reason == "invalid escape sequence":
        return f"The escape {where} is not known here; for a letter's code write \\x{{00e9}}."
    if reason == "invalid repetition size":
        return f"The repetition {where} is too large: at most 1000, nested ones multiplied."
    if reason == "bad repetition operator":
        return f"The repetition {where} is not supported; keep one of *, + and ?."
    if "too large" in message:
        return "The pattern becomes too large when its repetitions are written out; shorten it."
    return f"The pattern cannot be read: {message}."


def decide(spec: Spec, answer: AnswerContent, child: Child | None) -> CheckResult:
    reading = read(answer)
    place = find(spec["pattern"], _flags(spec), reading.text, child)
    if place is None:
        return verdict(spec["absent"], "The pattern does not occur in the answer.")
    quote = reading.quote(*place)
    return verdict(not spec["absent"], f"The pattern matches {shown(quote.text)}.", [quote])


def find(pattern: str, flags: str, text: str, child: Child | None) -> tuple[int, int] | None:
    """`search`, in the child when it could take long. Raises Undecided."""
    if compiled(pattern, flags).programsize * len(text) <= INLINE_STEPS:
        return search(pattern, flags, text)
    found = task(child, "regex", [pattern, flags, text])
    return None if found is None else (found[0], found[1])


def search(pattern: str, flags: str, text: str) -> tuple[int, int] | None:
    """Where the pattern first occurs in the text, in code points; None where it does not."""
    match = compiled(pattern, flags).search(text)
    return None if match is None else (match.start(), match.end())


def _flags(spec: Spec) -> str:
    return "".join(
        letter
        for letter, name in (("i", "ignore_case"), ("s", "dot_all"), ("m", "by_line"))
        if spec[name]
    )


def describe(spec: Spec) -> str:
    verb = "does not match" if spec["absent"] else "matches"
    case = ", in any case" if spec["ignore_case"] else ""
    return f"Some part of the answer {verb} the pattern {shown(spec['pattern'])}{case}".replace(
        "Some part of the answer does not match", "No part of the answer matches"
    )


KIND = Kind(
    name="regex",
    title="Matches a pattern",
    hint="A regular expression in RE2's syntax, looked for anywhere in the answer.",
    fields=(
        Field(
            "pattern",
            "Pattern",
            "text",
            "RE2 syntax: no look-around and no back-references. \\w, \\d and \\b know ASCII only;"
            " \\pL is any letter and \\pN any digit.",
            required=True,
            longest=1000,
        ),
        Field("ignore_case", "In any case", "flag", default=False),
        Field("by_line", "^ and $ stand at every line", "flag", default=False),
        Field("dot_all", "The dot takes line ends too", "flag", default=False),
        Field("absent", "The answer must not match", "flag", default=False),
    ),
    problems=problems,
    decide=decide,
    describe=describe,
)
