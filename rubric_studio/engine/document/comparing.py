"""What changed between two documents, and the version bump that follows from it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from .canonical import canonical_bytes
from .types import Criterion, Document, Json, Section
from .writing import criterion_json, level_json, message_json, scoring_json, section_json

Consequence = Literal["verdicts", "scores", "neither"]
Bump = Literal["major", "minor", "patch"]
Kind = Literal[
    "added", "removed", "reworded", "guidance", "levels", "level_values", "check", "examples",
    "may_not_apply", "points", "gate", "requires", "moved", "guard", "tags", "source",
    "question", "reference", "question_key", "origin", "titles",
    "section_added", "section_removed", "section_weight", "section_cap", "section_moved",
    "section_order", "scoring", "order",
]  # fmt: skip

BUMPS: Mapping[Consequence, Bump] = {"verdicts": "major", "scores": "minor", "neither": "patch"}


@dataclass(frozen=True, slots=True)
class Change:
    """One edit. `consequence` says what may differ because of it; `criterion` or `section` is the
    key of what was edited (both None: the question or the rubric); `old` and `new` are JSON."""

    kind: Kind
    consequence: Consequence
    criterion: str | None
    section: str | None
    old: Json
    new: Json


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes, in reading order of the new document, and the least bump they ask for."""

    changes: tuple[Change, ...]
    bump: Bump | None


def compare(old: Document, new: Document) -> Comparison:
    """What changed from `old` to `new`.

    The bump is major when a verdict may change, minor when the same verdicts may give another
    score, patch when neither, None when nothing changed. Criteria and sections are matched by
    key, so a moved one is never removed and added.
    """
    changes = (
        *_question_changes(old, new),
        *_section_changes(old, new),
        *_criteria_changes(old, new),
        *_change("scoring", "scores", scoring_json(old.scoring), scoring_json(new.scoring)),
    )
    consequences = {it.consequence for it in changes}
    bump = next((BUMPS[it] for it in BUMPS if it in consequences), None)
    return Comparison(changes, bump)


def _change(
    kind: Kind,
    consequence: Consequence,
    old: Json,
    new: Json,
    *,
    criterion: str | None = None,
    section: str | None = None,
) -> Iterator[Change]:
    # Canonical bytes tell true from 1, which Python's == does not.
    if canonical_bytes(old) != canonical_bytes(new):
        yield Change(kind, consequence, criterion, section, old, new)


def _question_changes(old: Document, new: Document) -> Iterator[Change]:
    before, after = old.question, new.question
    yield from _change(
        "question",
        "verdicts",
        [message_json(it) for it in before.messages],
        [message_json(it) for it in after.messages],
    )
    yield from _change("reference", "verdicts", before.reference, after.reference)
    yield from _change("titles", "neither", before.title, after.title)
    yield from _change("question_key", "neither", before.key, after.key)
    yield from _change("tags", "neither", list(before.tags), list(after.tags))
    yield from _change("origin", "neither", before.origin, after.origin)


def _section_changes(old: Document, new: Document) -> Iterator[Change]:
    before = {it.key: it for it in old.sections}
    after = {it.key: it for it in new.sections}
    for key, section in after.items():
        if key in before:
            yield from _section_edits(before[key], section)
        else:
            yield Change("section_added", "scores", None, key, None, section_json(section))
    for key, section in before.items():
        if key not in after:
            yield Change("section_removed", "scores", None, key, section_json(section), None)
    yield from _change("section_order", "neither", *_shared_order(before, after))


def _section_edits(old: Section, new: Section) -> Iterator[Change]:
    before, after, key = section_json(old), section_json(new), new.key
    edits: tuple[tuple[Kind, Consequence, str], ...] = (
        ("titles", "neither", "title"),
        ("section_moved", "scores", "parent"),
        ("section_weight", "scores", "weight"),
        ("section_cap", "scores", "cap"),
    )
    for kind, consequence, field in edits:
        yield from _change(kind, consequence, before[field], after[field], section=key)


def _criteria_changes(old: Document, new: Document) -> Iterator[Change]:
    before = {it.key: it for it in old.criteria}
    after = {it.key: it for it in new.criteria}
    for key, criterion in after.items():
        if key in before:
            yield from _criterion_edits(before[key], criterion)
        else:
            yield Change("added", "verdicts", key, None, None, criterion_json(criterion))
    for key, criterion in before.items():
        if key not in after:
            yield Change("removed", "verdicts", key, None, criterion_json(criterion), None)
    yield from _change("order", "neither", *_shared_order(before, after))


def _field(name: str) -> Callable[[Criterion], Json]:
    return lambda criterion: criterion_json(criterion)[name]


def _level_wording(criterion: Criterion) -> Json:
    if criterion.levels is None:
        return None
    return [{"label": it.label, "description": it.description} for it in criterion.levels]


def _requires(criterion: Criterion) -> Json:
    return sorted(set(criterion.requires))


_CRITERION_EDITS: tuple[tuple[Kind, Consequence, Callable[[Criterion], Json]], ...] = (
    ("reworded", "verdicts", _field("text")),
    ("guidance", "verdicts", _field("guidance")),
    ("levels", "verdicts", _level_wording),
    ("check", "verdicts", _field("check")),
    ("examples", "verdicts", _field("examples")),
    ("may_not_apply", "verdicts", _field("may_not_apply")),
    ("points", "scores", _field("points")),
    ("gate", "scores", _field("gate")),
    ("requires", "scores", _requires),
    ("moved", "scores", _field("section")),
    ("guard", "neither", _field("guard")),
    ("tags", "neither", _field("tags")),
    ("source", "neither", _field("source")),
)


def _criterion_edits(old: Criterion, new: Criterion) -> Iterator[Change]:
    if canonical_bytes(criterion_json(old)) == canonical_bytes(criterion_json(new)):
        return
    for kind, consequence, part in _CRITERION_EDITS:
        yield from _change(kind, consequence, part(old), part(new), criterion=new.key)
    yield from _change(
        "level_values",
        "scores",
        *_shared_level_values(old, new),
        criterion=new.key,
    )
    if _requires(old) == _requires(new):
        before, after = list(old.requires), list(new.requires)
        yield from _change("order", "neither", before, after, criterion=new.key)


def _shared_level_values(old: Criterion, new: Criterion) -> tuple[Json, Json]:
    """The values of the levels that both have; other levels are told as a change of levels."""
    before = {it.label: level_json(it)["value"] for it in old.levels or ()}
    after = {it.label: level_json(it)["value"] for it in new.levels or ()}
    shared = before.keys() & after.keys()
    return {key: before[key] for key in shared}, {key: after[key] for key in shared}


def _shared_order(old: Mapping[str, Json], new: Mapping[str, Json]) -> tuple[Json, Json]:
    """The keys that both have, in the order of each."""
    return [it for it in old if it in new], [it for it in new if it in old]
