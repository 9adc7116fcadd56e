"""Answers that score above better ones, put down to those of them that are out of place."""

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from rubric_studio.steering.findings import Finding
from rubric_studio.steering.samples import Sample
from rubric_studio.steering.sentences import counted, gap_words, listed, quoted

# An answer, and whether it stands too high. Of one swap either end may be what is wrong.
Side = tuple[str, bool]
# More answers than these are counted in a title.
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Blamed:
    """The criterion that does most for a swap."""

    key: str
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Swap:
    better: Sample
    worse: Sample
    gap: float
    blamed: Blamed | None

    @property
    def sides(self) -> tuple[Side, Side]:
        """Too high before too low: a wrong credit is seen sooner than one that is missing."""
        return (self.worse.id, True), (self.better.id, False)


@dataclass(frozen=True, slots=True)
class Misplaced:
    """One answer above better ones (`is_too_high`), or below worse ones; the widest gap first."""

    is_too_high: bool
    swaps: tuple[Swap, ...]

    @property
    def widest(self) -> Swap:
        return self.swaps[0]

    @property
    def sample(self) -> Sample:
        return self.widest.worse if self.is_too_high else self.widest.better

    @property
    def others(self) -> tuple[Sample, ...]:
        return tuple(it.better if self.is_too_high else it.worse for it in self.swaps)

    @property
    def blamed(self) -> tuple[Blamed, int] | None:
        """The criterion that does most for most of the swaps, and for how many. Of two that do for
        as many, the one of the wider gap."""
        named = [it.blamed for it in self.swaps if it.blamed is not None]
        if not named:
            return None
        [(key, times)] = Counter(it.key for it in named).most_common(1)
        return next(it for it in named if it.key == key), times


def misplaced(swaps: Sequence[Swap]) -> tuple[Misplaced, ...]:
    """Each swap once, under the answer that is out of place in most of those not yet put down to
    another; of several such, the one with the widest gap. The widest gap first.

    `swaps` come with the widest gap first. Takes n log n steps for n swaps: a side whose count has
    fallen is looked at again only when it comes first.
    """
    of_side: dict[Side, deque[int]] = {}
    for number, swap in enumerate(swaps):
        for side in swap.sides:
            of_side.setdefault(side, deque()).append(number)
    left = {side: len(own) for side, own in of_side.items()}
    taken: set[int] = set()
    waiting = [(-len(own), own[0], not side[1], side) for side, own in of_side.items()]
    heapify(waiting)
    found: list[tuple[int, Misplaced]] = []
    while waiting:
        known, _, is_low, side = heappop(waiting)
        if not left[side]:
            continue
        waits = of_side[side]
        while waits[0] in taken:
            waits.popleft()
        if left[side] != -known:
            heappush(waiting, (-left[side], waits[0], is_low, side))
            continue
        own = [it for it in waits if it not in taken]
        found.append((own[0], Misplaced(side[1], tuple(swaps[it] for it in own))))
        taken.update(own)
        for number in own:
            for other in swaps[number].sides:
                left[other] -= 1
    return tuple(it for _, it in sorted(found, key=lambda it: it[0]))


def findings_of(swaps: Sequence[Swap]) -> Iterator[Finding]:
    """One for each answer that is out of place, however many others it stands wrong to."""
    for it in misplaced(swaps):
        blamed = it.blamed
        yield Finding(
            kind="inversion",
            figure=1,
            title=_title(it),
            sentence=_sentence(it),
            answer=it.sample.id,
            criterion=blamed[0].key if blamed else None,
            action="open_criterion" if blamed else "open_grades",
            weight=it.widest.gap,
        )


def _title(it: Misplaced) -> str:
    side, kind = ("above", "better") if it.is_too_high else ("below", "worse")
    others = [sample.letter for sample in it.others]
    named = listed(others) if len(others) <= MOST_NAMED else f"{len(others)} {kind} answers"
    return f"{it.sample.letter} should not score {side} {named}"


def _sentence(it: Misplaced) -> str:
    side, kind = ("above", "better") if it.is_too_high else ("below", "worse")
    widest = it.others[0]
    said = f"{it.sample.called} scores {gap_words(it.widest.gap)} {side} {widest.called}"
    more = len(it.swaps) - 1
    if more:
        said += f", and {side} {counted(more, f'other {kind} answer')}"
    if it.blamed is None:
        return f"{said}."
    blamed, times = it.blamed
    which = (
        "it" if not more else f"{'all' if times > more else f'{times} of these'} {more + 1} swaps"
    )
    return f"{said}. Criterion {blamed.number} does most for {which}: {quoted(blamed.text)}"
