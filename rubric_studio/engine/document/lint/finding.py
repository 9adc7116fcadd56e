"""What a rule says of a criterion, or of the rubric as a whole."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]
FixKind = Literal["split", "flip_sign", "reword"]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Rule:
    """`title` says what was found in few words, `why` what it does to scores."""

    id: str
    name: str
    severity: Severity
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Fix:
    """One click. `texts` are the new sentences: two or more of a split, one of a rewording, none
    where only the sign of the points turns."""

    kind: FixKind
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LintFinding:
    """`spans` are places in the criterion's text (code points, end exclusive). `criterion` and
    `others` are keys; no criterion where the rubric as a whole is meant. `detail` names what of
    it, where the rule's title alone would not say."""

    rule: Rule
    spans: tuple[Span, ...] = ()
    detail: str = ""
    fix: Fix | None = None
    criterion: str | None = None
    others: tuple[str, ...] = ()
    # What besides the sentence it rests on: a dismissal holds while this is the same.
    subject: str = ""
