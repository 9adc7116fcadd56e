"""What figure 6 says, in one sentence and finding by finding."""

from collections.abc import Iterable, Sequence

from rubric_studio.engine.measuring.items import Discrimination
from rubric_studio.steering.figures.criteria_rows import Row, Twins
from rubric_studio.steering.findings import Finding
from rubric_studio.steering.sentences import counted, quoted

MOST_NUMBERS = 6
HALF = 0.5
# Written as a whole percentage there is nothing left.
ALL = 0.995


def criteria_sentence(
    rows: Sequence[Row], n: int, needs: int, findings: Sequence[Finding], *, is_flat: bool
) -> str:
    """Who makes the differences between the answers, and the gravest thing wrong."""
    said = _differences(rows, n, needs, findings, is_flat=is_flat)
    grave = [it for it in findings if it.kind != "dominates"]
    return f"{said} {_short(grave[0])}" if grave else said


def _differences(
    rows: Sequence[Row], n: int, needs: int, findings: Sequence[Finding], *, is_flat: bool
) -> str:
    if not rows:
        return "The rubric has no criterion yet."
    if needs:
        have = counted(n, "answer has", "answers have")
        more = f"{needs} more {'is' if needs == 1 else 'are'}"
        return f"{have} a complete score: {more} needed to see which criteria do the work."
    if is_flat:
        return f"All {n} answers score the same, so no criterion tells them apart."
    dominant = next((it for it in findings if it.kind == "dominates"), None)
    if dominant is not None:
        return _short(dominant)
    most = sorted((it.weight.effective or 0.0 for it in rows), reverse=True)
    reached, count = 0.0, 0
    while reached < HALF and count < len(most):
        reached += most[count]
        count += 1
    who = "1 criterion makes" if count == 1 else f"{count} criteria make"
    others = _others(rows, count, reached)
    return f"{who} {_part(reached)} of the differences between your answers{others}."


def _others(rows: Sequence[Row], count: int, reached: float) -> str:
    left = len(rows) - count
    if not left:
        return ""
    if reached >= ALL:
        return f"; the other {left} add none" if left > 1 else "; the other adds none"
    return f"; the other {left} share the rest" if left > 1 else "; the other makes the rest"


def _part(share: float) -> str:
    """What others take back again makes a share larger than the whole."""
    return "all" if share >= ALL else percent(share)


def _short(finding: Finding) -> str:
    """Its sentence without the criterion's own words."""
    return finding.sentence.partition(": “")[0] + "."


def reversed_sign(row: Row) -> Finding:
    ends = row.item.discrimination
    rewards = row.item.points > 0
    sentence = (
        f"Criterion {row.number} {'earns' if rewards else 'takes'} points, but"
        f" {_ends(ends, rewards=rewards)}: {quoted(row.text)}"
    )
    return Finding(
        kind="reversed_sign",
        figure=6,
        title=f"Check the sign of criterion {row.number}",
        sentence=sentence,
        criterion=row.key,
        action="reweight",
        weight=abs(row.item.points) * abs(ends.d if ends else 0),
    )


def _ends(ends: Discrimination | None, *, rewards: bool) -> str:
    if ends is None:
        raise ValueError("Without two tiers no sign can be told.")
    strong, weak = _met(ends.top, ends.n_top), _met(ends.bottom, ends.n_bottom)
    if rewards:
        return f"{weak} of your weakest answers meet it and {strong} of your best"
    return f"{strong} of your best answers meet it and {weak} of your weakest"


def _met(mean: float, n: int) -> str:
    """2 of 3 where that is whole; repeats and levels make shares."""
    met = mean * n
    return f"{round(met)} of {n}" if abs(met - round(met)) < 1e-9 else percent(mean)


def dominates(row: Row) -> Finding:
    share = _part(row.weight.effective or 0.0)
    given = percent(row.weight.nominal or 0.0)
    return Finding(
        kind="dominates",
        figure=6,
        title=f"Share out the points of criterion {row.number}",
        sentence=(
            f"Criterion {row.number} alone makes {share} of the differences between your"
            f" answers, with {given} of the points: {quoted(row.text)}"
        ),
        criterion=row.key,
        action="reweight",
        weight=row.weight.effective or 0.0,
    )


def duplicate(twins: Twins) -> Finding:
    first, second = twins.first, twins.second
    same = "the same verdict on all" if twins.phi == 1 else "nearly always the same verdict on"
    return Finding(
        kind="duplicate",
        figure=6,
        title=f"Merge criteria {first.number} and {second.number}",
        sentence=(
            f"Criteria {first.number} and {second.number} got {same}"
            f" {counted(twins.n, 'answer')}, so one thing is paid twice: {quoted(second.text)}"
        ),
        criterion=second.key,
        action="open_criterion",
        weight=min(abs(first.item.points), abs(second.item.points)),
    )


def dead(rows: Sequence[Row]) -> Iterable[Finding]:
    """One finding for all of them, at the heaviest."""
    if not rows:
        return
    row = max(rows, key=lambda it: it.item.points)
    upper = row.item.met.interval
    most = f"; in truth up to {percent(upper.high)} may" if upper else ""
    hits = f"{row.item.met.hits or 'None'} of {row.item.n} answers"
    verb = "meets" if row.item.met.hits < 2 else "meet"
    said = f"{hits} {verb} criterion {row.number}{most}: {quoted(row.text)}"
    yield Finding(
        kind="dead",
        figure=6,
        title=f"Write an answer that meets criterion {row.number}, or drop it",
        sentence=said + _more(rows, row, "is met as seldom", "are met as seldom"),
        criterion=row.key,
        action="open_criterion",
        weight=row.item.points,
    )


def always_met(rows: Sequence[Row]) -> Iterable[Finding]:
    """One finding for all of them, at the heaviest."""
    if not rows:
        return
    row = max(rows, key=lambda it: abs(it.item.points))
    everyone = row.item.met.hits == row.item.n
    who = f"All {row.item.n}" if everyone else f"{row.item.met.hits} of {row.item.n}"
    hits = f"{who} answers meet criterion {row.number}"
    pays = "pays" if row.item.points > 0 else "costs"
    said = f"{hits}, weak ones too, so it {pays} every answer alike: {quoted(row.text)}"
    yield Finding(
        kind="always_met",
        figure=6,
        title=f"Reword or drop criterion {row.number}",
        sentence=said + _more(rows, row, "is met as often", "are met as often"),
        criterion=row.key,
        action="reword",
        weight=abs(row.item.points),
    )


def _more(rows: Sequence[Row], named: Row, one: str, many: str) -> str:
    others = [str(it.number) for it in rows if it.key != named.key]
    if not others:
        return ""
    if len(others) == 1:
        return f" Criterion {others[0]} {one}."
    listed = ", ".join(others[:MOST_NUMBERS])
    if len(others) > MOST_NUMBERS:
        return f" Criteria {listed} and {len(others) - MOST_NUMBERS} more {many}."
    return f" Criteria {listed.rpartition(', ')[0]} and {others[-1]} {many}."


def flag_of(row: Row, *, is_dominant: bool, is_twin: bool) -> str:
    """The few words at the end of a criterion's row; "" where it does its work."""
    item = row.item
    if item.is_reversed:
        return "sign?"
    if is_dominant:
        return "decides alone"
    if is_twin:
        return "paid twice"
    if item.is_dead:
        return f"met by {item.met.hits or 'none'}"
    if item.is_always_met:
        return "same in every tier"
    return ""


def percent(share: float) -> str:
    """12 %, below 1 %, 0 %; a true minus."""
    if 0 < abs(share) < 0.005:
        return "less than 1 %"
    return f"{100 * share:.0f} %".replace("-", "−")


def share(number: float | None) -> str:
    """As percent, a dash where there is none."""
    return "–" if number is None else percent(number)
