"""A rubric as it is read: criteria under their headings, numbered, with what each part weighs."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from rubric_studio.engine.document.scoring import ScoreUndefined, score
from rubric_studio.engine.document.types import Criterion, Document, Section
from rubric_studio.rubrics.models import Criterion as CriterionRow
from rubric_studio.rubrics.models import Section as SectionRow


@dataclass(frozen=True)
class Entry:
    """A criterion with its number on the page; `row` is what can be edited, in a draft."""

    number: int
    criterion: Criterion
    row: CriterionRow | None = None


@dataclass(frozen=True)
class Weight:
    """Points to earn, points to lose (positive), and their share of the whole, from 0 to 1."""

    earn: float
    lose: float
    share: float

    @property
    def percent(self) -> int:
        return round(100 * self.share)


@dataclass(frozen=True)
class Group:
    """A heading with the criteria right under it; `section` None: those under no heading."""

    section: Section | None
    depth: int
    entries: tuple[Entry, ...]
    weight: Weight
    row: SectionRow | None = None

    @property
    def key(self) -> str:
        return self.section.key if self.section else ""


@dataclass(frozen=True)
class Outline:
    document: Document
    groups: tuple[Group, ...]

    @property
    def has_loose(self) -> bool:
        """Whether criteria stand under no heading."""
        return any(group.section is None for group in self.groups)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Each criterion's number on the page, by key."""
        return {it.criterion.key: it.number for it in self.entries}

    @property
    def entries(self) -> Iterator[Entry]:
        for group in self.groups:
            yield from group.entries

    @cached_property
    def largest_points(self) -> float:
        return max((abs(it.points) for it in self.document.criteria), default=1)

    @cached_property
    def largest_weight(self) -> float:
        return max((it.weight.earn + it.weight.lose for it in self.groups), default=1)

    @property
    def weight(self) -> Weight:
        earn, lose = _sums(self.document.criteria)
        return Weight(earn, lose, 1)

    @property
    def lose_percent(self) -> int:
        """What part of all points is penalties."""
        weight = self.weight
        return round(100 * weight.lose / ((weight.earn + weight.lose) or 1))

    @cached_property
    def worst(self) -> float | None:
        """The lowest score that any answer can get; None while nothing can be earned."""
        try:
            return score(self.document, {}).low_float
        except ScoreUndefined:
            return None

    @property
    def gate_caps(self) -> tuple[float, ...]:
        return tuple(it.gate.cap for it in self.document.criteria if it.gate)

    @property
    def shares(self) -> tuple[tuple[str, float, float], ...]:
        """Title, start and width in percent of each top part, for the bar at the foot."""
        totals: dict[str, float] = {}
        title = "No section"
        for group in self.groups:
            if group.depth == 0:
                title = group.section.title if group.section else title
            totals[title] = totals.get(title, 0) + group.weight.share
        placed, start = [], 0.0
        for title, share in totals.items():
            placed.append((title, round(start, 2), round(100 * share, 2)))
            start += 100 * share
        return tuple(it for it in placed if it[2])


def outline_of(
    document: Document,
    criteria: Mapping[str, CriterionRow] | None = None,
    sections: Mapping[str, SectionRow] | None = None,
) -> Outline:
    """Criteria in the order of the headings' tree; `criteria` and `sections` are the draft's rows
    by key, absent for a version."""
    members: defaultdict[str | None, list[Criterion]] = defaultdict(list)
    for criterion in document.criteria:
        members[criterion.section].append(criterion)
    earn, lose = _sums(document.criteria)
    total = (earn + lose) or 1
    groups, number = [], 1
    for section, depth in [(None, 0), *_tree(document)]:
        own = members[section.key if section else None]
        if section is None and not own:
            continue
        entries = tuple(
            Entry(number + place, it, (criteria or {}).get(it.key)) for place, it in enumerate(own)
        )
        number += len(own)
        earn, lose = _sums(own)
        weight = Weight(earn, lose, (earn + lose) / total)
        row = (sections or {}).get(section.key) if section else None
        groups.append(Group(section, depth, entries, weight, row))
    return Outline(document, tuple(groups))


def _tree(document: Document) -> Iterator[tuple[Section, int]]:
    """Sections with their depth, each before those inside it."""
    children: defaultdict[str | None, list[Section]] = defaultdict(list)
    for section in document.sections:
        children[section.parent].append(section)

    def below(parent: str | None, depth: int) -> Iterator[tuple[Section, int]]:
        for section in children[parent]:
            yield section, depth
            yield from below(section.key, depth + 1)

    return below(None, 0)


def _sums(criteria: list[Criterion] | tuple[Criterion, ...]) -> tuple[float, float]:
    earn = sum(it.points for it in criteria if it.points > 0)
    return earn, -sum(it.points for it in criteria if it.points < 0)
