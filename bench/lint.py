"""Precision and recall of the rules on labelled criteria and rubrics: `python -m bench.lint`."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.lint_rubrics import found_in_rubric, read_rubrics
from rubric_studio.engine.document.lint import Sentence, lint_sentence

LABELLED = Path(__file__).with_name("lint_labelled.txt")
OF_SENTENCES = {f"L{number:02}" for number in (*range(1, 15), 17, 19)}
TUNED, HELD_BACK, SECOND = "TUNED", "HELD BACK", "SECOND"


@dataclass(frozen=True, slots=True)
class Labelled:
    text: str
    points: float
    rules: frozenset[str]
    part: str

    @property
    def is_held_back(self) -> bool:
        return self.part == HELD_BACK


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
    found, part = [], TUNED
    for line in LABELLED.read_text(encoding="utf-8").splitlines():
        if line in {HELD_BACK, SECOND}:
            part = line
        elif line and not line.startswith("#"):
            rules, points, text = line.split(" ", 2)
            named = frozenset() if rules == "-" else frozenset(rules.split(","))
            found.append(Labelled(text, float(points), named, part))
    return found


def found_in(it: Labelled) -> Counter[str]:
    share = 0.2 if it.points >= 40 else 0.05
    said = lint_sentence(Sentence(it.text, it.points, share=share))
    return Counter({finding.rule.id for finding in said} & OF_SENTENCES)


def measure(labelled: Iterable[Labelled]) -> dict[str, Measured]:
    return compared((Counter(it.rules), found_in(it)) for it in labelled)


def measure_rubrics() -> dict[str, Measured]:
    return compared((it.rules, found_in_rubric(it)) for it in read_rubrics())


def compared(pairs: Iterable[tuple[Counter[str], Counter[str]]]) -> dict[str, Measured]:
    """Of what should be found and what is, rule by rule."""
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    for expected, found in pairs:
        right.update(found & expected)
        wrong.update(found - expected)
        missed.update(expected - found)
    rules = sorted({*right, *wrong, *missed})
    return {it: Measured(right[it], wrong[it], missed[it]) for it in rules}


def main() -> None:
    labelled, rubrics = read_labelled(), read_rubrics()
    parts = Counter(it.part for it in labelled)
    print(f"{len(labelled)} criteria ({parts[HELD_BACK]} held back), {len(rubrics)} rubrics")
    print("rule  right wrong missed precision recall | held back: right wrong missed")
    held = measure(it for it in labelled if it.is_held_back)
    for rule, it in sorted({**measure(labelled), **measure_rubrics()}.items()):
        shares = f"{_share(it.precision)}      {_share(it.recall)}"
        line = f"{rule}  {it.right:5} {it.wrong:5} {it.missed:6} {shares}"
        if back := held.get(rule):
            line += f" | {back.right:16} {back.wrong:5} {back.missed:6}"
        print(line)


def _share(share: float | None) -> str:
    return "   –" if share is None else f"{share:.2f}"


if __name__ == "__main__":
    main()
