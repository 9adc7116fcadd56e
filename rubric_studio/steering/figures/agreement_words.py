"""What figure 8 says in a sentence, and what it asks to be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rubric_studio.engine.measuring.agreement import MIN_PAIRS
from rubric_studio.steering.figures.agreement_rows import AgreementRow
from rubric_studio.steering.findings import Finding
from rubric_studio.steering.sentences import counted, quoted

if TYPE_CHECKING:
    from rubric_studio.steering.figures.agreement import AgreementFigure


def sentence_of(figure: AgreementFigure) -> str:
    if not figure.labels:
        return _nothing(figure)
    if not figure.by_judge or not figure.pooled.counts.n:
        return _experts_alone(figure)
    low = [it for it in figure.rows if it.is_low]
    if low:
        return _low(low)
    if figure.status == "none":
        return _too_few(figure)
    agreed = _agreed(figure)
    if figure.is_biased:
        counts = figure.pooled.counts
        more, fewer = (counts.fp, counts.fn) if counts.fp > counts.fn else (counts.fn, counts.fp)
        does = "credits too much" if counts.fp > counts.fn else "refuses too much"
        return (
            f"The judge {does}: of {counts.n} verdicts {more} differ that way, {fewer} the other."
        )
    if figure.has_low_kappa:
        return f"{agreed}, which may be little better than chance."
    if figure.is_low:
        return f"{agreed}, less than 4 times in 5 and on no criterion far less than on the others."
    experts = [it for it in figure.rows if it.experts_differ]
    if experts:
        first = experts[0]
        return (
            f"{agreed}, but experts read criterion {first.number} alike only"
            f" {_times(first.experts.raw.hits, first.experts.n)}."
        )
    enough = sum(not it.judge.needs for it in figure.rows)
    if not enough:
        return f"{agreed}; no criterion has {MIN_PAIRS} labels yet to be judged by itself."
    doubtful = sum(it.may_be_low for it in figure.rows)
    if doubtful:
        less = counted(doubtful, "criterion", "criteria")
        return f"{agreed}; less than 4 times in 5 on {less}, which may be luck."
    least = "on none of them less than 4 times in 5"
    if enough < len(figure.rows):
        least = f"on none of the {enough} with {MIN_PAIRS} labels less than 4 times in 5"
    return f"{agreed}, {least}."


def findings_of(figure: AgreementFigure) -> tuple[Finding, ...]:
    """Criteria that the judge credits too easily or too rarely; where it is no single one, the
    judge as a whole. Where it only looks so, the labels that would tell."""
    rows = tuple(_finding(it) for it in figure.rows if it.over_credits or it.under_credits)
    doubtful = tuple(_doubtful(it) for it in figure.rows if it.more)
    if rows or not figure.is_biased:
        return (*rows, *doubtful)
    counts = figure.pooled.counts
    over = counts.fp > counts.fn
    return (
        Finding(
            kind="over_credit" if over else "under_credit",
            figure=8,
            title=f"The judge {'credits' if over else 'refuses'} too much",
            sentence=sentence_of(figure),
            action="open_grades",
            weight=abs(counts.bias or 0.0),
        ),
        *doubtful,
    )


def _finding(row: AgreementRow) -> Finding:
    over = row.over_credits
    return Finding(
        kind="over_credit" if over else "under_credit",
        figure=8,
        title=f"Reword criterion {row.number}: the judge credits it too"
        f" {'easily' if over else 'rarely'}",
        sentence=f"{quoted(row.text)} {_wrongly(row, over=over)}.",
        answer=next((it.answer for it in row.wrong if it.accepts == over), None),
        criterion=row.key,
        action="reword",
        weight=abs(row.judge.bias or 0.0),
    )


def _doubtful(row: AgreementRow) -> Finding:
    over = row.leans_to_met
    labels, is_one = counted(row.more, "more label"), row.more == 1
    why = f"{labels} {'is' if is_one else 'are'} needed before that says anything"
    if not row.judge.needs:
        why = f"that may be luck, but not if {labels} {'goes' if is_one else 'go'} the same way"
    return Finding(
        kind="over_credit" if over else "under_credit",
        figure=8,
        title=f"Label {counted(row.more, 'more answer')} on criterion {row.number}",
        sentence=f"{quoted(row.text)} {_wrongly(row, over=over)}; {why}.",
        answer=next((it.answer for it in row.wrong if it.accepts == over), None),
        criterion=row.key,
        action="label_more",
        weight=abs(row.judge.bias or 0.0),
        more=row.more,
    )


def _wrongly(row: AgreementRow, *, over: bool) -> str:
    many = row.judge.fp if over else row.judge.fn
    said = "met where an expert says not met" if over else "not met where an expert says met"
    return f"The judge says {said} {_times(many, row.judge.n)}"


def _nothing(figure: AgreementFigure) -> str:
    if figure.stale:
        have = counted(figure.stale, "label was", "labels were")
        return f"{have} given under another wording or text; none counts for this run."
    if figure.aside:
        return (
            f"{counted(figure.aside, 'label says', 'labels say')} not applicable or cannot tell;"
            " none says met or not met."
        )
    return (
        f"No expert has labelled these answers yet. {MIN_PAIRS} labels on a criterion are enough"
        " to begin."
    )


def _experts_alone(figure: AgreementFigure) -> str:
    lead = "" if figure.by_judge else "These verdicts are the experts’ own. "
    if figure.experts < 2:
        if figure.by_judge:
            return f"The judge has no verdict on the {counted(figure.labels, 'labelled cell')} yet."
        return f"{lead}One expert has nobody to agree with; a second one shows how far it holds."
    if not figure.alpha.units:
        return f"{lead}No cell has labels of two experts yet, so nothing can be compared."
    low = [it for it in figure.rows if it.experts_differ]
    if low:
        times = _times(low[0].experts.raw.hits, low[0].experts.n)
        return f"{lead}Experts read criterion {low[0].number} alike only {times}."
    hits = sum(it.experts.raw.hits for it in figure.rows)
    n = sum(it.experts.n for it in figure.rows)
    return f"{lead}Two experts say the same {_times(hits, n)}."


def _low(low: list[AgreementRow]) -> str:
    first = low[0]
    times = _times(first.judge.raw.hits, first.judge.n)
    said = f"Judge and experts read criterion {first.number} alike only {times}."
    if first.over_credits:
        said += " The judge credits it too often."
    elif first.under_credits:
        said += " The judge credits it too rarely."
    if len(low) > 1:
        others = counted(len(low) - 1, "other criterion is", "other criteria are")
        said += f" {others} read in two ways too."
    return said


def _too_few(figure: AgreementFigure) -> str:
    counts = figure.pooled.counts
    most = max((it.judge.n for it in figure.rows), default=0)
    return (
        f"Judge and experts say the same {_times(counts.raw.hits, counts.n)};"
        f" {counted(MIN_PAIRS - most, 'more label')} on one criterion"
        f" {'is' if MIN_PAIRS - most == 1 else 'are'} needed before that says anything."
    )


def _agreed(figure: AgreementFigure) -> str:
    raw = figure.pooled.counts.raw
    if raw.hits == raw.n:
        return f"Judge and experts agree on all {raw.n} verdicts compared"
    return f"Judge and experts agree on {raw.hits} of {raw.n} verdicts"


def _times(hits: int, n: int) -> str:
    return f"{counted(hits, 'time')} in {n}"
