"""What changed between two documents, as a page tells it: by consequence, one criterion once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from rubric_studio.engine.document.comparing import BUMPS, Bump, Change, Comparison, Consequence
from rubric_studio.engine.document.types import Criterion, Document, Json
from rubric_studio.engine.document.wording import Piece, word_diff
from rubric_studio.rubrics.drawing.numbers import plain, signed
from rubric_studio.rubrics.outline import outline_of

TITLES: dict[Consequence, str] = {
    "verdicts": "Verdicts may change",
    "scores": "Scores change, verdicts stay",
    "neither": "Neither",
}
KINDS = {
    "added": "New",
    "removed": "Removed",
    "reworded": "Reworded",
    "guidance": "Guidance",
    "levels": "Levels",
    "level_values": "Level values",
    "check": "Check",
    "examples": "Examples",
    "may_not_apply": "May not apply",
    "points": "Points",
    "gate": "Gate",
    "requires": "Requires",
    "moved": "Section",
    "guard": "Guard",
    "tags": "Tags",
    "source": "Source",
    "question": "Question",
    "reference": "Reference answer",
    "question_key": "Key",
    "origin": "Origin",
    "titles": "Title",
    "section_added": "Section added",
    "section_removed": "Section removed",
    "section_weight": "Weight",
    "section_cap": "Cap",
    "section_moved": "Section moved",
    "section_order": "Order of sections",
    "scoring": "Scoring",
    "order": "Order",
}
# Changes of these are told word by word.
SENTENCES = frozenset(
    {"added", "removed", "reworded", "guidance", "levels", "examples", "source", "question"}
    | {"reference", "titles", "tags", "check", "scoring", "requires"}
)
COLOURS = {"added": "credit", "removed": "penalty"}
GROUP_COLOURS: dict[Consequence, str] = {"verdicts": "accent", "scores": "warn", "neither": ""}


@dataclass(frozen=True)
class Detail:
    """One field before and after, word by word."""

    label: str
    colour: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Item:
    """A criterion (with its number), a section or the question, with all its details."""

    number: int | None
    criterion: Criterion | None
    heading: tuple[Piece, ...]
    details: tuple[Detail, ...]
    pills: tuple[Detail, ...]


@dataclass(frozen=True)
class Group:
    title: str
    bump: Bump
    items: tuple[Item, ...]


def grouped(comparison: Comparison, old: Document, new: Document) -> tuple[Group, ...]:
    """The changes by their gravest consequence; each criterion stands once."""
    subjects: dict[tuple[str | None, str | None], list[Change]] = {}
    for change in comparison.changes:
        subjects.setdefault((change.criterion, change.section), []).append(change)
    rank = [*BUMPS]
    items: dict[Consequence, list[Item]] = {name: [] for name in rank}
    numbers = outline_of(new).numbers
    names = {
        **{it.key: it.title for it in (*old.sections, *new.sections)},
        **{it.key: it.text for it in (*old.criteria, *new.criteria)},
    }
    for (criterion, section), changes in subjects.items():
        gravest = min((it.consequence for it in changes), key=rank.index)
        found = _criterion(criterion, new) or _criterion(criterion, old)
        heading = _heading(changes, found, section, old, new)
        details = tuple(_detail(it, names) for it in changes)
        shown = tuple(
            detail
            for change, detail in zip(changes, details, strict=True)
            if change.kind not in ("added", "removed", "reworded")
        )
        items[gravest].append(Item(numbers.get(criterion or ""), found, heading, shown, details))
    for found_items in items.values():
        # By number on the page; what has none (removed, or no criterion) comes last.
        found_items.sort(key=lambda item: (item.number is None, item.number or 0))
    return tuple(Group(TITLES[it], BUMPS[it], tuple(items[it])) for it in rank if items[it])


def in_words(field: str, value: Json) -> str:
    """A field's value as a sentence or list that people read."""
    if value is None or value == "" or value == []:
        return NOTHING.get(field, "none")
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return signed(value) if field == "points" else plain(value)
    return SPOKEN.get(field, _listed)(value)


def _listed(value: Json) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name} {_listed(item)}" for name, item in value.items())
    if isinstance(value, list):
        return ", ".join(_listed(item) for item in value)
    return plain(value) if isinstance(value, float) else str(value)


def _levels(levels: Json) -> str:
    return "\n".join(
        " ".join(
            str(part)
            for part in (it.get("value", ""), it["label"], it["description"])
            if part != ""
        )
        for it in levels
    )


def _messages(messages: Json) -> str:
    return "\n\n".join(f"{it['role']}: {_listed(it['content'])}" for it in messages)


def _gate(gate: Json) -> str:
    return "vetoes the score" if gate["cap"] == 0 else f"caps the score at {plain(gate['cap'])}"


SPOKEN: dict[str, Callable[[Json], str]] = {
    "levels": _levels,
    "messages": _messages,
    "question": _messages,
    "gate": _gate,
    "examples": lambda examples: "\n".join(f"{it['verdict']}: {it['answer']}" for it in examples),
    "section_added": lambda section: str(section["title"]),
    "section_removed": lambda section: str(section["title"]),
    "order": lambda keys: f"{len(keys)} criteria in another order",
    "section_order": lambda keys: f"{len(keys)} sections in another order",
}
NOTHING = {"gate": "no gate", "levels": "no levels", "moved": "no section", "section": "no section"}


def _detail(change: Change, names: Mapping[str, str]) -> Detail:
    colour = COLOURS.get(change.kind, GROUP_COLOURS[change.consequence])
    old, new = (_named(change.kind, it, names) for it in (change.old, change.new))
    return Detail(KINDS[change.kind], colour, _pieces(change.kind, old, new))


def _named(kind: str, value: Json, names: Mapping[str, str]) -> str:
    """In words, keys of sections and criteria given as titles and sentences."""
    if kind in ("section_added", "section_removed") and value is None:
        return ""
    if kind in ("moved", "section_moved") and value is not None:
        return names.get(value, value)
    if kind == "requires" and value:
        return "\n".join(names.get(key, key) for key in value)
    return in_words(kind, value)


def _pieces(kind: str, old: str, new: str) -> tuple[Piece, ...]:
    """Word by word where people write sentences; elsewhere one whole value for another."""
    if kind in ("order", "section_order"):
        return (Piece("same", new),)
    if kind in SENTENCES:
        return word_diff(old, new)
    found = (Piece("removed", old), Piece("same", " "), Piece("added", new))
    return tuple(it for it in found if it.text)


def _heading(
    changes: Iterable[Change],
    criterion: Criterion | None,
    section: str | None,
    old: Document,
    new: Document,
) -> tuple[Piece, ...]:
    kinds = {it.kind: it for it in changes}
    if criterion is None:
        titles = {it.key: it.title for it in (*old.sections, *new.sections)}
        return (Piece("same", f"Section “{titles[section]}”" if section else "The whole rubric"),)
    if "added" in kinds:
        return (Piece("added", criterion.text),)
    if "removed" in kinds:
        return (Piece("removed", criterion.text),)
    if "reworded" in kinds:
        return word_diff(kinds["reworded"].old, kinds["reworded"].new)
    return (Piece("same", criterion.text),)


def _criterion(key: str | None, document: Document) -> Criterion | None:
    return next((it for it in document.criteria if it.key == key), None)
