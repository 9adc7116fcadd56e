"""Precision and recall of the rules on labelled criteria: `python -m bench.lint`."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from rubric_studio.engine.document.lint import Sentence, lint_sentence

LABELLED = Path(__file__).with_name("lint_labelled.txt")
# Definitions of length, and the lack of an example: nothing to be wrong about.
UNMEASURED = {"L17", "L18"}
HELD_BACK = "HELD BACK"


@dataclass(frozen=True, slots=True)
class Labelled:
    text: str
    points: float
    rules: frozenset[str]
    is_held_back: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """Of one rule: rightly found, found in vain, missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float | None:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else None

    @property
    def recall(self) -> float | None:
        return self.right / (self.right + self.missed) if self.right + self.missed else None


def read_labelled() -> list[Labelled]:
    found, is_held_back = [], False
    for line in LABELLED.read_text(encoding="utf-8").splitlines():
        if line == HELD_BACK:
            is_held_back = True
        elif line and not line.startswith("#"):
            rules, points, text = line.split(" ", 2)
            named = frozenset() if rules == "-" else frozenset(rules.split(","))
            found.append(Labelled(text, float(points), named, is_held_back))
    return found


def found_in(it: Labelled) -> set[str]:
    share = 0.2 if it.points >= 40 else 0.05
    said = lint_sentence(Sentence(it.text, it.points, share=share))
    return {finding.rule.id for finding in said} - UNMEASURED


def measure(labelled: list[Labelled]) -> dict[str, Measured]:
    right, wrong, missed = Counter(), Counter(), Counter()
    for it in labelled:
        found = found_in(it)
        right.update(found & it.rules)
        wrong.update(found - it.rules)
        missed.update(it.rules - found)
    rules = sorted({*right, *wrong, *missed})
    return {it: Measured(right[it], wrong[it], missed[it]) for it in rules}


def main() -> None:
    labelled = read_labelled()
    tuned, held = (
        measure([it for it in labelled if not it.is_held_back]),
        measure([it for it in labelled if it.is_held_back]),
    )
    print(f"{len(labelled)} criteria, {sum(it.is_held_back for it in labelled)} of them held back")
    print("rule  right wrong missed precision recall | held back: right wrong missed")
    for rule, it in tuned.items():
        back = held.get(rule, Measured(0, 0, 0))
        shares = f"{_share(it.precision)}      {_share(it.recall)}"
        print(f"{rule}  {it.right:5} {it.wrong:5} {it.missed:6} {shares} |", end=" ")
        print(f"{back.right:5} {back.wrong:5} {back.missed:6}")


def _share(share: float | None) -> str:
    return "   –" if share is None else f"{share:.2f}"


if __name__ == "__main__":
    main()
