"""Answers that give less than a criterion asks: one half of it, or what it follows from."""

from rubric_studio.engine.document.types import Criterion, Document
from rubric_studio.engine.probing.content_free import creditable
from rubric_studio.engine.probing.made import Made, NotMade, joined
from rubric_studio.engine.probing.words import (
    Sentence,
    as_statement,
    content_words,
    halves,
    sentences,
    shared,
)

# A sentence says what a criterion asks when it has this share of the criterion's key words.
SAYS_IT = 0.6
MOST_PROBES = 12  # of one answer, the criteria with most points first


def by_points(document: Document) -> list[Criterion]:
    return sorted(creditable(document), key=lambda it: -it.points)


def one_half(document: Document, base: str) -> tuple[Made, ...] | NotMade:
    """For each criterion that asks two things, the answer with one of them added."""
    made = []
    for criterion in by_points(document):
        parts = halves(criterion.text)
        statement = as_statement(parts[0]) if parts else ""
        if parts is None or not statement or says(base, parts[1]):
            continue
        text, inserted = joined(base.rstrip(), "\n\n", (statement,))
        made.append(
            Made(
                "half",
                "One half",
                text,
                f"Gives one of two things that are asked: “{parts[0]}”, and leaves out the other.",
                (criterion.key,),
                inserted,
                criterion.key,
            )
        )
    if not made:
        return NotMade("half", "No criterion asks two things of which this answer lacks one.")
    return tuple(made[:MOST_PROBES])


def implicit_only(document: Document, base: str) -> tuple[Made, ...] | NotMade:
    """For each criterion that one sentence answers, the answer without that sentence."""
    made = []
    for criterion in by_points(document):
        told = telling(base, criterion.text)
        if len(told) != 1 or len(sentences(base)) < 2:
            continue
        text = without(base, told[0])
        does = f"Leaves out the sentence that says it: “{told[0].text}”"
        title = "Left to infer"
        made.append(Made("implicit", title, text, does, (criterion.key,), (), criterion.key))
    if not made:
        why = "No sentence of this answer says by its words, and alone, what a criterion asks."
        return NotMade("implicit", why)
    return tuple(made[:MOST_PROBES])


def says(base: str, demand: str) -> bool:
    """Whether a sentence has most of the demand's key words."""
    return bool(telling(base, demand))


def telling(base: str, demand: str) -> tuple[Sentence, ...]:
    """The sentences that have at least two, and most, of the demand's key words."""
    wanted = content_words(demand)
    least = max(2, SAYS_IT * len(wanted))
    return tuple(it for it in sentences(base) if shared(content_words(it.text), wanted) >= least)


def without(base: str, sentence: Sentence) -> str:
    """The answer without this sentence, nor the gap that it would leave."""
    before, after = base[: sentence.start].rstrip(" "), base[sentence.end :]
    if before.endswith("\n") or not before:
        return before + after.lstrip()
    return (before + after) if after.startswith((" ", "\n")) or not after else f"{before} {after}"
