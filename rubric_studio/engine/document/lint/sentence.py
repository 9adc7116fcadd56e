"""A criterion as the rules read it."""

import re
from dataclasses import dataclass
from functools import cached_property

from rubric_studio.engine.document.lint.finding import Span
from rubric_studio.engine.document.lint.verbs import SAYS

WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
SPEAKER = (
    r"(?:the|this|its|it)?\s*(?:(?:model|ai|assistant|final)['’s]*\s+)?(?:answer|response|reply"
    r"|output|model|assistant|report|essay|text|memo|solution|letter|plan|summary|agent)"
)
OPENING = re.compile(
    rf"^\W*(?P<who>{SPEAKER}\s+)?(?:(?:should|must|clearly|explicitly|also)\s+)*", re.I
)
ASIDE = re.compile(
    r"(?<!\s)\s*[(\[](?:justification|rationale|reason(?:ing)?|explanation|note|correction|because"
    r"|why)\b",
    re.I,
)
MODAL = re.compile(r"\b(?:should|must)\b", re.I)
HEAD = 5
SHORT = 4
DEMANDS = SAYS.union(
    WORD.findall(
        "is are has does doesn't doesn’t should must avoids fails omits misses ignores correctly"
        " accurately appropriately clearly briefly explicitly not never possibly ideally preferably"
        " may might could demonstrates understands feels knows believes appreciates attempts tries"
        " touches engages contains neglects overlooks incorrectly wrongly invents fabricates makes"
        " refrains gives shows reflects conveys displays exhibits expresses ends opens closes"
        " adapts"
        " balances handles performs follows respects organises organizes structures weighs builds"
        " writes presents covers reaches picks sounds looks reads"
    )
)
THAT = re.compile(r"\b(?:that|whether)\b", re.I)


@dataclass(frozen=True)
class Sentence:
    """`share` is the criterion's part of all points, from 0 to 1; `asked` the words of the
    question."""

    text: str
    points: float = 1.0
    guidance: str = ""
    share: float = 0.0
    has_levels: bool = False
    has_check: bool = False
    has_examples: bool = False
    has_reference: bool = False
    asked: str = ""

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(it.group() for it in WORD.finditer(self.text))

    @cached_property
    def start(self) -> int:
        """Where the predicate begins: after “The answer”, “The response should” and the like."""
        found = OPENING.match(self.text)
        return found.end() if found else 0

    @cached_property
    def main(self) -> str:
        """What is asked of the answer itself, up to the statement that it is to make.

        In “States that many patients recover” *many* belongs to the statement, which may be as
        loose as the facts are.
        """
        if not self.is_demand:
            return ""
        found = THAT.search(self.text, 0, self.end)
        return self.text[: found.start() if found else self.end]

    @cached_property
    def is_demand(self) -> bool:
        """Whether it says what the answer does, and is not a bare fact that the answer is to state
        (“Some patients need a lower dose.”)."""
        found = OPENING.match(self.text)
        if (found and (found.group("who") or MODAL.search(found.group()))) or len(
            self.words
        ) <= SHORT:
            return True
        first = WORD.match(self.text, self.start)
        return first is not None and first.group().lower() in DEMANDS

    @cached_property
    def head(self) -> int:
        """Where the predicate’s first words end: what judges the answer itself stands there, what
        belongs to the advice that it gives stands later."""
        words = list(WORD.finditer(self.text, self.start))[:HEAD]
        return min(words[-1].end() if words else 0, len(self.main))

    def in_head(self, pattern: re.Pattern[str]) -> tuple[Span, ...]:
        return tuple(it for it in self.find(pattern, in_main=True) if it[0] < self.head)

    def find(self, pattern: re.Pattern[str], *, in_main: bool = False) -> tuple[Span, ...]:
        """Where the pattern is found outside quoted words, which are somebody else's."""
        text = self.main if in_main else self.text
        spans = (it.span() for it in pattern.finditer(text))
        return tuple(it for it in spans if not any(a <= it[0] < b for a, b in self.quoted))

    @cached_property
    def quoted(self) -> tuple[Span, ...]:
        """Words that demand nothing: somebody else's, and the reasons given in brackets."""
        aside = ((self.end, len(self.text)),) if self.end < len(self.text.rstrip()) else ()
        return (*(it.span() for it in QUOTED.finditer(self.text)), *aside)

    @cached_property
    def end(self) -> int:
        """Where the demand ends, before the reasons that somebody gave for it in brackets."""
        found = ASIDE.search(self.text)
        return found.start() if found else len(self.text.rstrip())

    def opens_with(self, pattern: re.Pattern[str]) -> Span | None:
        """Where the predicate begins with the pattern."""
        found = pattern.match(self.text, self.start)
        return found.span() if found else None


QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|(?<!\w)['‘][^'’]+['’](?!\w)")


def any_of(*words: str) -> re.Pattern[str]:
    """Any of these words or phrases, whole, in either case."""
    ordered = sorted(words, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(ordered)})\b", re.I)
