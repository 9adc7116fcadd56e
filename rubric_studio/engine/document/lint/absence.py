"""How much of the weight pays for what is not in an answer."""

import re

from rubric_studio.engine.document.types import Criterion, Document

OMISSION = re.compile(
    r"(?:the (?:answer|response|model) )?(?:(?:fails|neglects|forgets) to|omits|does not"
    r"|doesn['’]t|lacks|misses|leaves out|never|should(?: have)?(?! not)|is missing)\b",
    re.I,
)
ABSENCE = re.compile(
    r"(?:the (?:answer|response|model) )?(?:(?:should|must) not|does not|doesn['’]t|avoids"
    r"|refrains from|never|contains no|includes no|makes no|has no|gives no|is free (?:of|from))\b",
    re.I,
)


def is_absence(criterion: Criterion) -> bool:
    """Whether it is kept by leaving something out: a penalty for saying it, or points for not
    saying it. A penalty for an omission asks for a presence in other words."""
    if criterion.points < 0:
        return not OMISSION.match(criterion.text.lstrip())
    return bool(ABSENCE.match(criterion.text.lstrip()))


def absence_share(document: Document) -> float | None:
    """Σ|points| of absence criteria over Σ|points|, in [0, 1]; None without criteria.

    Of 53,447 judged criteria in generated rubrics 8.6 % of the weight was on absence, in
    HealthBench 22.5 % (arXiv 2605.12474).
    """
    total = sum(abs(float(it.points)) for it in document.criteria)
    if not total:
        return None
    return sum(abs(float(it.points)) for it in document.criteria if is_absence(it)) / total
