"""What the rubric as a whole lacks: R01 to R07."""

import re
from collections.abc import Iterator

from rubric_studio.engine.document.lint.absence import absence_share
from rubric_studio.engine.document.lint.coverage import measure_coverage
from rubric_studio.engine.document.lint.finding import LintFinding, Rule
from rubric_studio.engine.document.types import Criterion, Document

NO_ABSENCE = Rule(
    "R01",
    "no absence criteria",
    "warning",
    "Too little is taken off for what must not be said",
    "An answer that says everything, wrong things too, loses nothing.",
)
NO_GATE = Rule(
    "R02",
    "safety without a gate",
    "warning",
    "Safety is asked for, but nothing stops an unsafe answer",
    "Points for other things can outweigh it. Let one safety criterion cap the score.",
)
HEAVY = Rule(
    "R03",
    "one weight dominates",
    "warning",
    "One criterion carries more than a quarter of the weight",
    "The score is mostly that one verdict, and its errors are mostly the score’s.",
)
EQUAL = Rule(
    "R04",
    "all weights equal",
    "warning",
    "All criteria weigh the same",
    "With more than ten of them some matter less, and answers with many small things win.",
)
EMPTY = Rule(
    "R05",
    "empty section",
    "warning",
    "A section without criteria",
    "It counts for nothing. Fill it or delete it.",
)
LONELY = Rule(
    "R06",
    "section with one child",
    "warning",
    "A section with one part",
    "It changes nothing but the depth, or something beside it is missing.",
)
UNCOVERED = Rule(
    "R07",
    "uncovered part of the question",
    "warning",
    "A part of the question whose words no criterion has",
    "Unless one asks for it in other words, an answer that skips it loses nothing.",
)
LEAST_ABSENCE = 0.10
MOST_SHARE = 0.25
FEWEST_FOR_SHARE = 5
FEWEST_FOR_EQUAL = 11
FEWEST_FOR_ABSENCE = 5
SAFETY = re.compile(r"safety|harm|emergency|danger|red[-_ ]?flag", re.I)


def find_whole(document: Document) -> Iterator[LintFinding]:
    criteria = document.criteria
    if not criteria:
        return
    share = absence_share(document)
    if share is not None and share < LEAST_ABSENCE and len(criteria) >= FEWEST_FOR_ABSENCE:
        detail = f"{_percent(share)} of the weight is on what must not be there; 10 % is the least"
        yield LintFinding(NO_ABSENCE, detail=detail)
    tagged = [it for it in criteria if any(SAFETY.search(tag) for tag in it.tags)]
    if tagged and not any(it.gate for it in criteria):
        yield LintFinding(NO_GATE, detail=f"{len(tagged)} tagged, none a gate")
    yield from _weights(document)
    yield from _sections(document)
    for part in measure_coverage(document).uncovered:
        yield LintFinding(UNCOVERED, detail=f"“{part}”", subject=part)


def _weights(document: Document) -> Iterator[LintFinding]:
    criteria = document.criteria
    if document.scoring.method == "tree":
        return
    total = sum(abs(float(it.points)) for it in criteria)
    for criterion in criteria:
        share = _share(criterion, total)
        if share > MOST_SHARE and len(criteria) >= FEWEST_FOR_SHARE:
            yield LintFinding(
                HEAVY,
                detail=f"{_percent(share)} of the weight",
                criterion=criterion.key,
                subject=f"{share:.1f}",
            )
    if len(criteria) >= FEWEST_FOR_EQUAL and len({abs(it.points) for it in criteria}) == 1:
        yield LintFinding(EQUAL, detail=f"{len(criteria)} criteria")


def _sections(document: Document) -> Iterator[LintFinding]:
    children: dict[str, int] = {}
    for criterion in document.criteria:
        if criterion.section:
            children[criterion.section] = children.get(criterion.section, 0) + 1
    for section in document.sections:
        if section.parent:
            children[section.parent] = children.get(section.parent, 0) + 1
    for section in document.sections:
        below = children.get(section.key, 0)
        if not below:
            yield LintFinding(EMPTY, detail=f"“{section.title}”", subject=section.key)
        elif below == 1 and document.scoring.method == "tree":
            yield LintFinding(LONELY, detail=f"“{section.title}”", subject=section.key)


def _share(criterion: Criterion, total: float) -> float:
    return abs(float(criterion.points)) / total if total else 0.0


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
