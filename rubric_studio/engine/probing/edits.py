"""Edits that should change exactly one verdict, or none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rubric_studio.engine.document.types import Criterion, Level
from rubric_studio.engine.probing.made import Made, Span, joined
from rubric_studio.engine.probing.omissions import says, telling, without
from rubric_studio.engine.probing.words import Sentence, as_statement, halves, sentences

Change = Literal["up", "down"]
MET = "met"


@dataclass(frozen=True, slots=True)
class Edit:
    """A proposed edit for one criterion; `change` is what it should do to its verdict."""

    made: Made
    change: Change


def cut_evidence(base: str, criterion: Criterion, quotes: Sequence[Span]) -> Edit | None:
    """The answer without the sentences that the judge quoted; None where that leaves it as it is,
    or leaves nothing. Spans outside the text are not looked at."""
    inside = [(a, b) for a, b in quotes if 0 <= a < b <= len(base)]
    cut = [it for it in sentences(base) if any(a < it.end and it.start < b for a, b in inside)]
    return _cut(base, criterion, cut, "cut_evidence", "Takes out what the judge quoted for it")


def cut_sentence(base: str, criterion: Criterion) -> Edit | None:
    """The answer without the sentences that have most of the criterion's key words."""
    cut = telling(base, criterion.text)
    return _cut(base, criterion, cut, "cut_sentence", "Takes out what has its key words")


def _cut(
    base: str, criterion: Criterion, cut: Sequence[Sentence], family: str, does: str
) -> Edit | None:
    text = base
    for sentence in reversed(cut):
        text = without(text, sentence)
    if not cut or not text.strip():
        return None
    said = " ".join(it.text for it in cut)
    title = "Evidence cut" if family == "cut_evidence" else "Sentence cut"
    made = Made(family, title, text, f"{does}: “{said}”", (criterion.key,), (), criterion.key)
    return Edit(made, "down")


def insert_example(base: str, criterion: Criterion) -> Edit | None:
    """The answer with a met example of the criterion after it; None where it has no example."""
    top = best_level(criterion.levels)
    wanted = MET if top is None else top.label
    example = next((it for it in criterion.examples if it.verdict == wanted), None)
    if example is None or not example.answer.strip() or example.answer.strip() in base:
        return None
    return _added(base, criterion, example.answer.strip(), "insert_example", "Adds a met example")


def add_statement(base: str, criterion: Criterion) -> Edit | None:
    """The answer with what the criterion asks to be said, said in its own words."""
    statement = as_statement(criterion.text)
    if not statement or criterion.points < 0 or says(base, criterion.text):
        return None
    return _added(base, criterion, statement, "add_statement", "Says what it asks for")


def drop_half(base: str, criterion: Criterion) -> Edit | None:
    """Of a compound, the answer without the sentence that gives its second half."""
    parts = halves(criterion.text)
    if parts is None:
        return None
    told = [it for it in telling(base, parts[1]) if it not in telling(base, parts[0])]
    if not told or len(sentences(base)) < 2:
        return None
    text = without(base, told[0])
    does = f"Leaves out one of two things that are asked: “{parts[1]}”"
    made = Made("drop_half", "One half dropped", text, does, (criterion.key,), (), criterion.key)
    return Edit(made, "down")


def _added(base: str, criterion: Criterion, words: str, family: str, does: str) -> Edit:
    head = base.rstrip()
    text, inserted = joined(head, "\n\n" if head else "", (words,))
    said = f"{does}: “{words}”"
    title = "Example added" if family == "insert_example" else "Statement added"
    return Edit(Made(family, title, text, said, (criterion.key,), inserted, criterion.key), "up")


def best_level(levels: Sequence[Level] | None) -> Level | None:
    return max(levels, key=lambda it: it.value) if levels else None


def proposals(base: str, criterion: Criterion, quotes: Sequence[Span]) -> tuple[Edit, ...]:
    """Every edit that can be made by rule for this criterion of this answer, each text once."""
    edits = (
        cut_evidence(base, criterion, quotes),
        cut_sentence(base, criterion),
        drop_half(base, criterion),
        insert_example(base, criterion),
        add_statement(base, criterion),
    )
    unique = {it.made.text: it for it in reversed([it for it in edits if it is not None])}
    return tuple(reversed(unique.values()))


def invariants(base: str) -> tuple[Made, ...]:
    """The same said in another form: as bullets, in another order, without marks, in lines."""
    found = sentences(base)
    forms = {
        "bullets": ("As bullets", "Sets every sentence as a bullet.", _bullets(base)),
        "reorder": ("Paragraphs reversed", "Puts the last paragraph first.", _reversed(base)),
        "plain": ("Without marks", "Takes headings, bullets and bold type away.", _plain(base)),
        "lines": (
            "A line each",
            "Puts every sentence on a line of its own.",
            "\n\n".join(it.text for it in found),
        ),
    }
    seen = {base.strip()}
    made = []
    for family, (title, does, text) in forms.items():
        if text and text not in seen:
            seen.add(text)
            made.append(Made(family, title, text, does))
    return tuple(made)


def _bullets(base: str) -> str:
    found = sentences(_plain(base))
    return "\n".join(f"- {it.text}" for it in found) if len(found) > 1 else ""


def _reversed(base: str) -> str:
    paragraphs = [it.strip() for it in re.split(r"\n\s*\n", base) if it.strip()]
    return "\n\n".join(reversed(paragraphs)) if len(paragraphs) > 1 else ""


def _plain(base: str) -> str:
    """Numbers of steps stay: they are part of what is said."""
    text = re.sub(r"(?m)^[ \t]*(?:#{1,6}|[-*+•])[ \t]+", "", base)
    return re.sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", r"\2", text).strip()
