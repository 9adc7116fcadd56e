"""The labelled rubrics of `lint_rubrics.txt`, and what the rules say of each."""

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from rubric_studio.engine.document.lint import lint_document
from rubric_studio.engine.document.types import (
    Criterion,
    Document,
    Example,
    Gate,
    Message,
    Question,
    Scoring,
    Section,
)

RUBRICS = Path(__file__).with_name("lint_rubrics.txt")
OF_RUBRICS = {"L15", "L16", "L18", "L20", *(f"R0{number}" for number in range(1, 8))}
# Of no rule's concern, and nothing alike.
FILLERS = (
    "Names the emergency number.",
    "Cites the second clause of the lease.",
    "Explains conduction by moving electrons.",
    "Recommends paracetamol against the pain.",
    "Says that Lisbon lies on the Tagus.",
    "Calculates a mass of 4.2 kg.",
    "Quotes Hamlet on sleep.",
    "Proposes Tuesday for the meeting.",
    "Identifies copper as the conductor.",
    "Lists the three branches of government.",
    "Asks how old the horse is.",
    "Translates the greeting into Welsh.",
    "Opens the file in binary mode.",
    "Defines inflation as rising prices.",
    "Compares oak with pine by hardness.",
    "Warns that the bridge is closed.",
    "Draws the triangle with its heights.",
    "Mentions Marie Curie by name.",
    "Rejects the null hypothesis.",
    "Thanks the customer for the order.",
)
LINE = re.compile(
    r"(?P<points>-?\d+) (?P<text>[^@#!~]+?)\s*(?P<section>@\w+)?\s*(?P<tag>#\S+)?"
    r"\s*(?P<gate>!)?(?P<bare>~)?"
)


@dataclass(slots=True)
class LabelledRubric:
    """`rules` are counted: one that should speak twice stands there twice."""

    rules: Counter[str]
    messages: list[Message] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    criteria: list[Criterion] = field(default_factory=list)
    is_tree: bool = False

    @property
    def document(self) -> Document:
        question = Question("q", tuple(self.messages))
        scoring = Scoring("tree") if self.is_tree else Scoring()
        return Document(question, tuple(self.sections), tuple(self.criteria), scoring)


def read_rubrics() -> list[LabelledRubric]:
    found: list[LabelledRubric] = []
    for line in RUBRICS.read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            named = line.removeprefix("= ").split()
            found.append(LabelledRubric(Counter(it for it in named if it != "-")))
        elif not line.startswith("#"):
            _add(found[-1], line)
    return found


def found_in_rubric(rubric: LabelledRubric) -> Counter[str]:
    said = lint_document(rubric.document).findings
    return Counter(it.rule.id for it in said if it.rule.id in OF_RUBRICS)


def _add(rubric: LabelledRubric, line: str) -> None:
    kind, _, rest = line.partition(" ")
    if kind == "?":
        rubric.messages.append(Message("user", rest))
    elif kind == ">":
        rubric.messages += (Message("user", rest), Message("assistant", "As you say."))
    elif kind == "+":
        title, _, parent = rest.partition(" < ")
        rubric.sections.append(Section(title, title, parent or None))
    elif kind == "tree":
        rubric.is_tree = True
    elif kind == "fill":
        number, points = map(int, rest.split())
        for text in FILLERS[:number]:
            _add(rubric, f"{points} {text}")
    else:
        rubric.criteria.append(_criterion(line, f"c{len(rubric.criteria)}"))


def _criterion(line: str, key: str) -> Criterion:
    found = LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"Not a line of a rubric: {line}")
    points = int(found["points"])
    return Criterion(
        key,
        found["text"],
        points,
        section=found["section"][1:] if found["section"] else None,
        tags=(found["tag"][1:],) if found["tag"] else (),
        gate=Gate(0) if found["gate"] else None,
        examples=() if found["bare"] else (Example("So it says.", "met"),),
    )
