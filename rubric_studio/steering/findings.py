"""What to fix first: the failed rows of the figures, the gravest first."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "reversed_sign",
    "inversion",
    "anchor_missed",
    "stuffable",
    "tiers_not_separated",
    "compound",
    "spills",
    "flips",
    "over_credit",
    "dominates",
    "band_missed",
    "duplicate",
    "unstable_weight",
    "dead",
    "always_met",
    "under_credit",
    "no_absence_criteria",
    "stale_labels",
    "lint",
]
# What the button beside a finding does.
Action = Literal[
    "open_criterion",
    "split",
    "reword",
    "reweight",
    "add_absence_criterion",
    "label_more",
    "re_ask",
    "open_answer",
    "open_grades",
    "open_probe",
]
FIX_FIRST = 5
# More of one kind wait until everything else has been said.
MOST_OF_A_KIND = 3
# What undoes the order stands before what only weakens it, causes before what they bring about.
GRAVEST_FIRST: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. `title` says in few words what to do, `sentence` why.

    `criterion` is a key, `answer` and `probe` are ids of answers; None where it is none in
    particular. `weight` ranks findings of one kind, the largest first. `more` labels would tell
    whether it is so, where its action is to give them.
    """

    kind: Kind
    figure: int
    title: str
    sentence: str
    answer: str | None = None
    criterion: str | None = None
    probe: str | None = None
    action: Action = "open_grades"
    weight: float = 0.0
    more: int = 0

    @property
    def is_doubtful(self) -> bool:
        """Whether what is missing is only the means to tell."""
        return self.action == "label_more"


@dataclass(frozen=True, slots=True)
class Fix:
    """What is to be done about one criterion or answer: the gravest finding on it, then those
    that the same repair would answer."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        return self.findings[0]

    @property
    def sentence(self) -> str:
        return " ".join(it.sentence for it in self.findings)

    @property
    def figures(self) -> tuple[int, ...]:
        return tuple(sorted({it.figure for it in self.findings}))


def ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """What is certain before what is not, then the gravest first; one for each criterion, answer
    and kind."""
    known: dict[tuple[object, ...], Finding] = {}
    for it in sorted(findings, key=_rank):
        key: tuple[object, ...] = (it.kind, it.criterion or it.answer or it.probe or it.title)
        if it.kind == "inversion":
            key = (*key, it.answer, it.title)
        known.setdefault(key, it)
    of_kind: Counter[Kind] = Counter()
    first: list[Finding] = []
    rest: list[Finding] = []
    for it in known.values():
        of_kind[it.kind] += 1
        (first if of_kind[it.kind] <= MOST_OF_A_KIND else rest).append(it)
    return (*first, *rest)


def _rank(it: Finding) -> tuple[bool, int, float]:
    return it.is_doubtful, GRAVEST_FIRST.index(it.kind), -it.weight


def fixes_of(findings: Iterable[Finding]) -> tuple[Fix, ...]:
    """Ranked findings by what is to be repaired. Those of one criterion are one fix; a swap is
    joined to nothing, as it is a fact about two answers."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for number, it in enumerate(findings):
        alone = it.criterion is None or it.kind == "inversion"
        key: tuple[object, ...] = (number,) if alone else ("criterion", it.criterion)
        groups.setdefault(key, []).append(it)
    return tuple(Fix(tuple(group)) for group in groups.values())
