"""Where an answer says its final answer: boxed, after a marker, or on its last line."""

from collections.abc import Sequence

from rubric_studio.engine.judging.evidence import normalise, places

from .kinds import Field, Spec

MARKERS = ("Final answer:", "Answer:", "Answer is", "####")
WRAPPING = " \t\r\n*_`$#"
MAX_PLACES = 1000

WHERE = Field(
    "where",
    "Where the final answer stands",
    "choice",
    choices=(
        ("auto", "Boxed, else after a marker"),
        ("boxed", r"In the last \boxed{…}"),
        ("marker", "After the last marker"),
        ("last_line", "On the last line"),
    ),
    default="auto",
)
MARKED_BY = Field(
    "markers",
    "Markers",
    "lines",
    "One a line. Without any: Final answer:, Answer:, Answer is, ####.",
    longest=60,
    most=10,
)


def final_answer(text: str, spec: Spec) -> tuple[int, int] | None:
    """The place of the final answer, without what decorates it; None where there is none."""
    where = spec["where"]
    found = None
    if where in ("auto", "boxed"):
        found = boxed(text)
    if found is None and where in ("auto", "marker"):
        found = _after_marker(text, spec["markers"] or MARKERS)
    if where == "last_line":
        found = _line(text, text.rstrip().rfind("\n") + 1)
    return None if found is None else _bare(text, *found)


def missing(spec: Spec) -> str:
    """Why there is no final answer, in words."""
    return {
        "auto": "The answer has no boxed and no marked final answer.",
        "boxed": "The answer has no boxed final answer.",
        "marker": "The answer has none of the markers.",
        "last_line": "The answer is empty.",
    }[spec["where"]]


def boxed(text: str) -> tuple[int, int] | None:
    r"""What stands in the last \boxed{…} whose braces close."""
    before = len(text)
    for _ in range(MAX_PLACES):
        at = max(text.rfind("\\boxed", 0, before), text.rfind("\\fbox", 0, before))
        if at < 0:
            return None
        opens = text.find("{", at)
        if opens >= 0 and text[at:opens].rstrip() in ("\\boxed", "\\fbox"):
            closes = _closing(text, opens)
            if closes is not None:
                return opens + 1, closes
        before = at
    return None


def _closing(text: str, opens: int) -> int | None:
    depth = 0
    for at in range(opens, min(len(text), opens + 4000)):
        if text[at] in "{}" and text[at - 1] != "\\":
            depth += 1 if text[at] == "{" else -1
            if depth == 0:
                return at
    return None


def _after_marker(text: str, markers: Sequence[str]) -> tuple[int, int] | None:
    last = -1
    for marker in markers:
        wanted = normalise(marker)
        if not wanted:
            continue
        for tried, (start, end) in enumerate(places(wanted, text)):
            if tried > MAX_PLACES:
                break
            # "Answer" within "Unanswered" marks nothing.
            if end > last and not (start and text[start - 1].isalnum()):
                last = end
    return None if last < 0 else _line(text, last)


def _line(text: str, start: int) -> tuple[int, int]:
    """The line that begins at `start`, or the next one that says something."""
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if text[start:end].strip(WRAPPING + ":"):
            return start, end
        start = end + 1
    return len(text), len(text)


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the spaces, the emphasis, the dollar signs and the full stop around it."""
    while start < end and text[start] in WRAPPING + ":":
        start += 1
    while end > start and (
        text[end - 1] in WRAPPING or (text[end - 1] in ".。" and text[end - 2 : end] != "..")
    ):
        end -= 1
    return start, end
