"""What a format without our finer points cannot carry, in words."""

from collections.abc import Callable, Iterable, Mapping

from rubric_studio.engine.document.types import Criterion, Document, Scoring

CRITERION_FEATURES: Mapping[str, tuple[str, Callable[[Criterion], bool]]] = {
    "guidance": ("guidance for the judge", lambda it: bool(it.guidance)),
    "levels": ("levels, the criterion becomes met or unmet", lambda it: it.levels is not None),
    "may_not_apply": ("that a criterion may not apply", lambda it: it.may_not_apply),
    "gate": ("gates", lambda it: it.gate is not None),
    "requires": ("requires", lambda it: bool(it.requires)),
    "guard": ("guards", lambda it: it.guard),
    "check": (
        "checks by a program, the criterion goes to a judge",
        lambda it: it.check is not None,
    ),
    "examples": ("examples", lambda it: bool(it.examples)),
    "source": ("sources", lambda it: bool(it.source)),
}


def criterion_losses(document: Document) -> tuple[str, ...]:
    """What every criterion of only text, points and tags loses, with the number of criteria."""
    return tuple(
        f"{name} ({_count(it for it in document.criteria if has(it))})"
        for name, has in CRITERION_FEATURES.values()
        if any(has(it) for it in document.criteria)
    )


def scoring_losses(document: Document) -> tuple[str, ...]:
    """The floor and the pass mark, where they are not the usual ones."""
    usual = Scoring()
    found = []
    if document.scoring.floor != usual.floor:
        found.append("the floor of the score")
    if document.scoring.pass_mark != usual.pass_mark:
        found.append("the pass mark")
    return tuple(found)


def _count(criteria: Iterable[Criterion]) -> str:
    number = len(list(criteria))
    return "1 criterion" if number == 1 else f"{number} criteria"
