"""A judge's reply, read strictly: what is not exactly a verdict is a failure, never a guess."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rubric_studio.engine.document.strict_json import JsonError, loads
from rubric_studio.engine.document.types import Criterion, Json
from rubric_studio.engine.judging.prompt import (
    CANNOT_ASSESS,
    MET,
    NOT_APPLICABLE,
    allowed_verdicts,
)

DecisionStatus = Literal["graded", "not_applicable", "cannot_assess"]

FIELDS = ("reason", "quotes", "verdict")
_THINKING = re.compile(r"\s*<think>.*?</think>", re.DOTALL)
_BRACE_OR_QUOTE = re.compile(r'[{}"\\]')


class ReplyError(ValueError):
    """The reply holds no verdict. `code` for programs, `message` for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Decision:
    """A judge's word on one criterion. `value` in [0, 1], None unless graded."""

    status: DecisionStatus
    value: float | None
    level: str | None
    reason: str
    quotes: tuple[str, ...]


def parse_reply(
    text: str, criteria: Sequence[Criterion], labels: Sequence[str], *, cut_off: bool = False
) -> dict[str, Decision]:
    """The decisions in a reply, by criterion key.

    `labels` are those of the prompt, one per criterion; `cut_off` says that the judge stopped for
    want of tokens. Accepted is one JSON object, alone, in a code fence or with prose around it.
    Raises ReplyError: empty_reply, not_json, several_objects, truncated, wrong_shape,
    missing_criterion, extra_criterion, unknown_verdict, out_of_range.
    """
    reply = _only_object(text, cut_off)
    if missing := [label for label in labels if label not in reply]:
        gap = f"{len(missing)} of {len(labels)} criteria"
        raise ReplyError("missing_criterion", f"The judge gave no verdict for {gap}.")
    if any(name not in labels for name in reply):
        raise ReplyError("extra_criterion", "The judge gave a verdict that nobody asked for.")
    return {
        criterion.key: _decision(reply[label], criterion)
        for label, criterion in zip(labels, criteria, strict=True)
    }


def _only_object(text: str, cut_off: bool) -> dict[str, Json]:
    text = _without_thinking(text)
    if not text.strip():
        raise ReplyError("empty_reply", "The judge's reply was empty.")
    objects, is_open = _brace_groups(text)
    if is_open or (cut_off and not objects):
        raise ReplyError(
            "truncated", "The judge's reply broke off. Allow the judge more tokens per reply."
        )
    if not objects:
        raise ReplyError("not_json", "The judge replied in prose, without a verdict.")
    if len(objects) > 1:
        raise ReplyError("several_objects", "The judge gave more than one JSON object.")
    try:
        reply = loads(objects[0])
    except JsonError as error:
        raise ReplyError("not_json", f"The judge's JSON is broken: {error.message}") from error
    assert isinstance(reply, dict)
    return reply


def _without_thinking(text: str) -> str:
    """Reasoning models may think aloud first. A second end mark could come from the answer."""
    match = _THINKING.match(text)
    if match is None or text.count("</think>") > 1:
        return text
    return text[match.end() :]


def _brace_groups(text: str) -> tuple[list[str], bool]:
    """The outermost {…} in the text, and whether one is still open at its end."""
    groups = []
    depth = start = position = 0
    in_string = False
    while match := _BRACE_OR_QUOTE.search(text, position):
        position = match.end()
        letter = match.group()
        if letter == "\\":
            position += in_string
        elif letter == '"':
            in_string = depth > 0 and not in_string
        elif in_string:
            continue
        elif letter == "{":
            start = match.start() if depth == 0 else start
            depth += 1
        elif depth > 0:
            depth -= 1
            if depth == 0:
                groups.append(text[start:position])
    return groups, depth > 0


def _decision(value: Json, criterion: Criterion) -> Decision:
    if not isinstance(value, dict) or sorted(value) != sorted(FIELDS):
        raise ReplyError("wrong_shape", "A verdict needs exactly a reason, quotes and a verdict.")
    reason, quotes, verdict = (value[name] for name in FIELDS)
    if not isinstance(reason, str):
        raise ReplyError("wrong_shape", "The judge's reason is not a text.")
    if not isinstance(quotes, list) or not all(isinstance(quote, str) for quote in quotes):
        raise ReplyError("wrong_shape", "The judge's quotes are not a list of texts.")
    _refuse_unknown(verdict, criterion)
    if verdict in (NOT_APPLICABLE, CANNOT_ASSESS):
        return Decision(verdict, None, None, reason, tuple(quotes))
    for level in criterion.levels or ():
        if level.label == verdict:
            return Decision("graded", float(level.value), level.label, reason, tuple(quotes))
    return Decision("graded", float(verdict == MET), None, reason, tuple(quotes))


def _refuse_unknown(verdict: Json, criterion: Criterion) -> None:
    allowed = allowed_verdicts(criterion)
    if isinstance(verdict, str) and verdict in allowed:
        return
    is_number = isinstance(verdict, int | float) and not isinstance(verdict, bool)
    if is_number and not 0 <= verdict <= 1:
        raise ReplyError("out_of_range", f"The judge gave the number {verdict} for a verdict.")
    expected = ", ".join(f'"{word}"' for word in allowed)
    raise ReplyError("unknown_verdict", f"The judge's verdict is none of {expected}.")
