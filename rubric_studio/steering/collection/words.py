"""What the collection's page says in a sentence."""

from rubric_studio.engine.measuring.agreement import MIN_FOR_KAPPA
from rubric_studio.rubrics.drawing.numbers import score
from rubric_studio.steering.collection.agreement import CollectionAgreement, JudgeAgreement
from rubric_studio.steering.sentences import counted


def sentence(found: CollectionAgreement, judge: JudgeAgreement | None) -> str:
    """The first thing to know, true at every number of labels."""
    if not found.labels:
        return "No expert has labelled an answer of this collection yet."
    if judge is None:
        return _without_judge(found)
    counts = judge.pooled.counts
    if not counts.n:
        return (
            f"{judge.name} has no verdict on a cell that an expert labelled under the same wording."
        )
    experts = "expert" if found.experts == 1 else "experts"
    said = (
        f"{judge.name} and your {experts} say the same on {counts.raw.hits} of {counts.n} verdicts"
    )
    if counts.needs_for_kappa:
        more = counted(counts.needs_for_kappa, "more pair")
        return f"{said}; {more} would show how much of that is more than luck."
    if counts.kappa is None:
        return f"{said}, but all are alike, so nothing shows whether that is more than luck."
    if counts.kappa > 0:
        said += f": {score(counts.kappa)} of the way from luck to no difference"
    else:
        said += ", which is no better than luck"
    if found.experts == 1:
        return f"{said}. A second expert on the same cells would show how far experts agree."
    if found.ceiling is None:
        return (
            f"{said}. No two experts share {MIN_FOR_KAPPA} cells, so their own limit is not known."
        )
    low, high = score(found.ceiling.low), score(found.ceiling.high)
    span = f"reach {low}" if low == high else f"reach {low} to {high}"
    lies = "in or above that range" if counts.kappa >= found.ceiling.low else "below that"
    return f"{said}. Your experts {span} with each other; the judge lies {lies}."


def bias_sentence(judge: JudgeAgreement) -> str:
    """Whether it credits too much, and for whose answers most."""
    pooled = judge.pooled
    bias, interval = pooled.counts.bias, pooled.bias_interval
    if bias is None or interval is None:
        return f"Too few answers to tell a lean from luck: {counted(pooled.needs, 'more')} needed."
    points = f"{abs(bias) * 100:.0f} in 100 verdicts"
    if 0.0 in interval:
        said = "It leans neither way by more than luck would"
    elif bias > 0:
        said = f"It credits too much, by {points}"
    else:
        said = f"It credits too little, by {points}"
    if judge.spread is None:
        return f"{said}. Fewer than two sources have {MIN_FOR_KAPPA} pairs to compare its lean by."
    return f"{said}. Between sources its lean differs by {judge.spread * 100:.0f} in 100."


def _without_judge(found: CollectionAgreement) -> str:
    lead = "No judge has graded a labelled answer of this collection yet."
    if found.experts == 1:
        return f"{lead} A second expert on the same cells would show how far experts agree."
    if found.ceiling is None:
        return f"{lead} No two experts share {MIN_FOR_KAPPA} cells either."
    low, high = score(found.ceiling.low), score(found.ceiling.high)
    span = low if low == high else f"{low} to {high}"
    return f"{lead} Your experts reach {span} with each other, where 0 is luck and 1 no difference."
