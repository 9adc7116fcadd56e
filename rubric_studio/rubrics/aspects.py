"""Criteria by what of an agent's work they are about: the tags "aspect:goal" and so on."""

from collections import defaultdict
from dataclasses import replace

from rubric_studio.engine.document.types import Criterion, Document, Section
from rubric_studio.rubrics.outline import Entry, Group, Outline, Weight

PREFIX = "aspect:"
ASPECTS = ("goal", "tool use", "planning", "interaction")
TAGS = tuple(PREFIX + name for name in ASPECTS)
NONE = "No aspect"


def aspect_of(criterion: Criterion) -> str:
    """The first aspect that its tags name, "" for none; "Tool-use" and "tool use" are one."""
    for tag in criterion.tags:
        name = " ".join(tag.casefold().replace("-", " ").replace("_", " ").split())
        if name.startswith(PREFIX) and name.removeprefix(PREFIX).strip():
            return name.removeprefix(PREFIX).strip()
    return ""


def by_aspect(outline: Outline) -> Outline:
    """The criteria, numbered as they were, under their aspects: the known ones first, then others
    by name, then those without one. Each stands once."""
    members: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in outline.entries:
        members[aspect_of(entry.criterion)].append(entry)
    others = sorted(members.keys() - set(ASPECTS) - {""})
    names = [it for it in (*ASPECTS, *others, "") if it in members]
    total = (outline.weight.earn + outline.weight.lose) or 1
    groups = [
        _group(number, name, members[name], total) for number, name in enumerate(names, start=1)
    ]
    return Outline(outline.document, tuple(groups))


def aspects_document(outline: Outline) -> Document:
    """The document as if the groups of `by_aspect` were its sections, without caps: what gives
    each of them its points and its score."""
    sections = tuple(it.section for it in outline.groups if it.section)
    criteria = tuple(
        replace(entry.criterion, section=group.key)
        for group in outline.groups
        for entry in group.entries
    )
    return replace(outline.document, sections=sections, criteria=criteria)


def _group(number: int, name: str, entries: list[Entry], total: float) -> Group:
    earn = sum(it.criterion.points for it in entries if it.criterion.points > 0)
    lose = -sum(it.criterion.points for it in entries if it.criterion.points < 0)
    section = Section(key=f"aspect-{number}", title=name.capitalize() or NONE)
    return Group(section, 0, tuple(entries), Weight(earn, lose, (earn + lose) / total))
