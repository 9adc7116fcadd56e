"""What choices between two answers say: their order, what to ask next, and who contradicts whom."""

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil

MOST_TIERS = 9
REPEAT_ONE_IN, MOST_REPEATS = 4, 4


@dataclass(frozen=True, slots=True)
class Choice[A: Hashable]:
    """One person's choice between two answers; with `is_tie` neither is the better one."""

    better: A
    worse: A
    is_tie: bool = False


@dataclass(frozen=True, slots=True)
class Sorted[A: Hashable]:
    """How far the choices go. `groups` are the answers placed so far, the worst first, each a set
    of ties; `ask` is the next pair to choose between, None when there is nothing left to ask.
    `left_out` are answers that only skipped pairs could place. `about_left` pairs are to be
    expected yet, the one in `ask` among them; ties make it fewer."""

    groups: tuple[tuple[A, ...], ...]
    ask: tuple[A, A] | None
    left_out: tuple[A, ...] = ()
    about_left: int = 0

    @property
    def is_whole(self) -> bool:
        return self.ask is None and not self.left_out


def sort_by_choices[A: Hashable](
    answers: Sequence[A],
    choices: Sequence[Choice[A]],
    skipped: Collection[frozenset[A]] = frozenset(),
) -> Sorted[A]:
    """Replays a binary insertion sort in the order of `answers`, the later choice of a pair
    counting, up to the first pair that nobody chose between.

    At most Σ ⌈log2(i + 1)⌉ over i < n pairs are asked, so n log n; a tie joins the group of the
    other answer. Answers that come later cost log n pairs each, those that left cost nothing where
    another of their group was compared. An insertion never asks what follows from earlier choices,
    so it cannot run into a circle. Source: Knuth, The Art of Computer Programming 3, 5.2.1.
    Works from no answer on; choices about other answers are not read. No errors.
    """
    said = _latest(choices)
    groups: list[list[A]] = []
    left_out: list[A] = []
    for number, answer in enumerate(answers, start=1):
        low, high = 0, len(groups)
        while low < high:
            middle = _middle(answer, groups, low, high, said, skipped)
            if middle is None:
                left_out.append(answer)
                break
            verdict = _verdict(answer, groups[middle], said)
            if verdict is None:
                other = next(it for it in groups[middle] if frozenset((answer, it)) not in skipped)
                left = _about_left(high - low, len(groups) + 1, len(answers) - number)
                return Sorted(_frozen(groups), (answer, other), tuple(left_out), left)
            if verdict == 0:
                groups[middle].append(answer)
                break
            low, high = (middle + 1, high) if verdict > 0 else (low, middle)
        else:
            groups.insert(low, [answer])
    return Sorted(_frozen(groups), None, tuple(left_out))


def most_pairs(n: int) -> int:
    """The most pairs that sorting n answers asks: Σ ⌈log2(i + 1)⌉ for i < n; 0 for n < 2.
    No errors."""
    return sum(i.bit_length() for i in range(n))


def _about_left(here: int, groups: int, answers: int) -> int:
    """Pairs to be expected: to place one among `here` groups, then each of so many answers among
    one group more than the one before it."""
    return ceil(_pairs_to_place(here) + sum(_pairs_to_place(groups + n) for n in range(answers)))


def _pairs_to_place(groups: int) -> float:
    """The mean number of choices that a binary search takes over the gaps between the groups."""
    most, gaps = groups.bit_length(), groups + 1
    return most - ((1 << most) - gaps) / gaps


def pair_to_repeat[A: Hashable](
    answers: Collection[A],
    choices: Sequence[Choice[A]],
    skipped: Collection[frozenset[A]] = frozenset(),
) -> tuple[A, A] | None:
    """A pair to ask about once more, so that this person's own consistency can be told; None when
    enough were repeated.

    One in four pairs is, at most four: those that were first chosen at even distances, the earliest
    first, so that which ones does not hang on how hard they were. Minimum: 4 pairs chosen between.
    No errors.
    """
    if not repeats_left(answers, choices):
        return None
    times = Counter(frozenset((it.better, it.worse)) for it in choices)
    asked = [pair for pair in times if pair.issubset(answers)]
    wanted = min(len(asked) // REPEAT_ONE_IN, MOST_REPEATS)
    for place in range(wanted):
        pair = asked[place * len(asked) // wanted]
        if times[pair] == 1 and pair not in skipped:
            first = next(it for it in choices if frozenset((it.better, it.worse)) == pair)
            return first.better, first.worse
    return None


def repeats_left[A: Hashable](
    answers: Collection[A], choices: Sequence[Choice[A]], to_come: int = 0
) -> int:
    """How many pairs are to be asked about once more when so many others have been chosen yet:
    from 0 to 4. No errors."""
    times = Counter(frozenset((it.better, it.worse)) for it in choices)
    asked = [pair for pair in times if pair.issubset(answers)]
    wanted = min((len(asked) + to_come) // REPEAT_ONE_IN, MOST_REPEATS)
    return max(wanted - sum(times[pair] > 1 for pair in asked), 0)


def tiers_of_groups[A: Hashable](groups: Sequence[Sequence[A]]) -> dict[A, int]:
    """A tier from 1 (the worst) for each answer: one per group, or with more than nine groups nine
    tiers of neighbouring groups, which keeps the order and loses some of its steps. No errors."""
    count = len(groups)
    return {
        answer: number + 1 if count <= MOST_TIERS else number * MOST_TIERS // count + 1
        for number, group in enumerate(groups)
        for answer in group
    }


@dataclass(frozen=True, slots=True)
class Consistency:
    """`circles` of `triads` triples whose three pairs were all chosen without a tie run in a
    circle; `changed` of `repeated` pairs chosen more than once were chosen differently."""

    triads: int
    circles: int
    repeated: int
    changed: int


def consistency[A: Hashable](choices: Sequence[Choice[A]]) -> Consistency:
    """Circular triads over the latest choice of each pair, and changed minds over all of them.

    A full triad is circular when each of its answers won once; by luck 1 in 4 is. Kendall and
    Babington Smith (1940), Biometrika 31:324-345. Minimum n: a triad, or a pair chosen twice;
    below, the counts are 0 of 0. A pair changed when its last two choices differ. No errors.
    """
    said = _latest(choices)
    beaten: dict[A, set[A]] = {}
    met: dict[A, set[A]] = {}
    for pair, choice in said.items():
        if not choice.is_tie:
            beaten.setdefault(choice.better, set()).add(choice.worse)
            for it in pair:
                met.setdefault(it, set()).update(pair - {it})
    triads = circles = 0
    for it, losers in beaten.items():
        for loser in losers:
            # Each full triad is met at its three pairs.
            triads += len(met[it] & met[loser])
            circles += sum(it in beaten.get(third, ()) for third in beaten.get(loser, ()))
    triads, circles = triads // 3, circles // 3
    given = Counter(frozenset((it.better, it.worse)) for it in choices)
    by_pair: dict[frozenset[A], list[A | None]] = {}
    for choice in choices:
        chosen = None if choice.is_tie else choice.better
        by_pair.setdefault(frozenset((choice.better, choice.worse)), []).append(chosen)
    repeated = [pair for pair, times in given.items() if times > 1]
    changed = sum(by_pair[pair][-1] != by_pair[pair][-2] for pair in repeated)
    return Consistency(triads, circles, len(repeated), changed)


@dataclass(frozen=True, slots=True)
class Concordance:
    """`alike` of `pairs` that two people both ordered have the same order; `share` is that in
    [0, 1], None without such a pair. `answers` were placed by both."""

    answers: int
    pairs: int
    alike: int

    @property
    def share(self) -> float | None:
        return self.alike / self.pairs if self.pairs else None


def concordance[A: Hashable](one: Mapping[A, int], other: Mapping[A, int]) -> Concordance:
    """How far two people's ranks agree: pairs ordered alike, of the pairs that neither tied.

    (1 + γ) / 2 with Goodman and Kruskal's γ (1954), JASA 49:732-764. Ties of either are left out.
    Minimum n: one pair; pairs share answers, so they are not independent draws. No errors.
    """
    both = [it for it in one if it in other]
    alike = pairs = 0
    for a, b in combinations(both, 2):
        product = (one[a] - one[b]) * (other[a] - other[b])
        pairs += product != 0
        alike += product > 0
    return Concordance(len(both), pairs, alike)


def _latest[A: Hashable](choices: Sequence[Choice[A]]) -> dict[frozenset[A], Choice[A]]:
    return {frozenset((it.better, it.worse)): it for it in choices}


def _verdict[A: Hashable](
    answer: A, group: Sequence[A], said: Mapping[frozenset[A], Choice[A]]
) -> int | None:
    """1 above the group, -1 below, 0 tied with it; None when not compared with any of it."""
    for other in group:
        choice = said.get(frozenset((answer, other)))
        if choice is not None:
            return 0 if choice.is_tie else 1 if choice.better == answer else -1
    return None


def _middle[A: Hashable](
    answer: A,
    groups: Sequence[Sequence[A]],
    low: int,
    high: int,
    said: Mapping[frozenset[A], Choice[A]],
    skipped: Collection[frozenset[A]],
) -> int | None:
    """The group to compare with: the middle one, or the next to it that was not skipped."""
    middle = (low + high) // 2
    for at in sorted(range(low, high), key=lambda it: (abs(it - middle), it)):
        if _verdict(answer, groups[at], said) is not None:
            return at
        if any(frozenset((answer, it)) not in skipped for it in groups[at]):
            return at
    return None


def _frozen[A](groups: Sequence[Sequence[A]]) -> tuple[tuple[A, ...], ...]:
    return tuple(tuple(group) for group in groups)
