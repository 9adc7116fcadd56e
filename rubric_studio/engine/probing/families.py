"""The families of probes, each with the function that makes it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rubric_studio.engine.document.types import Document
from rubric_studio.engine.probing import (
    claims,
    content_free,
    hedging,
    mimicry,
    omissions,
    padding,
    stuffing,
    truncation,
    wrong,
)
from rubric_studio.engine.probing.made import Made, NotMade

FreeMaker = Callable[[Document], Sequence[Made] | NotMade]
Maker = Callable[[Document, str], Sequence[Made] | NotMade]


@dataclass(frozen=True, slots=True)
class Family:
    """One way to fool a rubric. `why` says in one sentence what it stands for.

    `is_content_free`: made of nothing or of the rubric alone, so it deserves no credit at all.
    `must_fall`: it takes away what the criterion aimed at asks for, so it fools where that stays.
    """

    key: str
    title: str
    why: str
    is_content_free: bool = False
    must_fall: bool = False


FAMILIES: tuple[Family, ...] = (
    Family("empty", "Empty answer", "It says nothing.", is_content_free=True),
    Family(
        "master_key",
        "Opening words alone",
        "A few words that begin an answer make some judges give credit.",
        is_content_free=True,
    ),
    Family(
        "echo",
        "Criteria echo",
        "It says of itself what the criteria ask for, and answers nothing.",
        is_content_free=True,
    ),
    Family(
        "format_mimicry",
        "Headings and bullets",
        "It looks like a thorough answer: key words under headings.",
        is_content_free=True,
    ),
    Family(
        "topic_only",
        "On the topic, nothing said",
        "Fluent sentences on the subject without one claim.",
        is_content_free=True,
    ),
    Family("stuffing", "Keyword stuffing", "Words of the criteria are put after the answer."),
    Family("half", "One half of a compound", "Only one of the two things that a criterion asks."),
    Family(
        "implicit",
        "Left for the reader to infer",
        "The sentence that says it is taken out, what surrounds it stays.",
        must_fall=True,
    ),
    Family("compliance", "Says it meets every criterion", "It claims full marks for itself."),
    Family("self_praise", "Praise", "It praises the question and itself."),
    Family("padding", "Padding, three times as long", "Filler that says nothing."),
    Family("hedge_all", "Hedges all options", "Every statement is followed by its opposite."),
    Family(
        "confident_wrong",
        "Confident and wrong",
        "One fact is turned into its opposite, the form is kept.",
        must_fall=True,
    ),
    Family("truncation", "Truncated", "The end is cut off: its score must not rise."),
)
BY_KEY = {family.key: family for family in FAMILIES}

# Families that need another pair of hands than a rule, and why.
NOT_BY_RULE: tuple[NotMade, ...] = (
    NotMade("fabricated", "An invented number or source needs somebody who knows the true one."),
    NotMade("wrong_language", "Another language needs a translator."),
)

_FREE: dict[str, FreeMaker] = {
    "empty": content_free.empty,
    "master_key": content_free.master_keys,
    "echo": mimicry.echo,
    "format_mimicry": mimicry.headed_bullets,
    "topic_only": content_free.topic_only,
}
_OF_BASE: dict[str, Maker] = {
    "stuffing": stuffing.stuffed,
    "half": omissions.one_half,
    "implicit": omissions.implicit_only,
    "compliance": claims.compliance,
    "self_praise": claims.self_praise,
    "padding": padding.padded,
    "hedge_all": hedging.hedged,
    "confident_wrong": wrong.confident_wrong,
    "truncation": truncation.ladder,
}


def make_free(document: Document) -> tuple[list[Made], list[NotMade]]:
    """Every probe that needs no answer to start from."""
    return _sorted_out(maker(document) for maker in _FREE.values())


def make_of(document: Document, base: str) -> tuple[list[Made], list[NotMade]]:
    """Every probe that can be made of this answer. Of an empty one there is none."""
    if not base.strip():
        why = "The answer is empty: there is nothing to change."
        return [], [NotMade(family, why) for family in _OF_BASE]
    return _sorted_out(maker(document, base) for maker in _OF_BASE.values())


def _sorted_out(
    results: Iterable[Sequence[Made] | NotMade],
) -> tuple[list[Made], list[NotMade]]:
    made: list[Made] = []
    missing: list[NotMade] = []
    for result in results:
        if isinstance(result, NotMade):
            missing.append(result)
        else:
            made += result
    return made, missing
