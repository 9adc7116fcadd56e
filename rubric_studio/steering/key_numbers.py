"""The report's key numbers of two runs beside each other."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, cast

from rubric_studio.engine.measuring.intervals import Interval, Proportion
from rubric_studio.engine.probing.families import BY_KEY
from rubric_studio.rubrics.drawing.numbers import score
from rubric_studio.steering.assessment import Report
from rubric_studio.steering.figures.agreement import AgreementFigure
from rubric_studio.steering.figures.lint import LintFigure
from rubric_studio.steering.figures.probes import ProbesFigure
from rubric_studio.steering.figures.repeatability import RepeatabilityFigure
from rubric_studio.steering.figures.spillover import SpilloverFigure
from rubric_studio.steering.figures.steer_tests import SteerTestsFigure
from rubric_studio.steering.sentences import counted

# "unclear": the numbers differ, by no more than luck alone would make them.
Turn = Literal["better", "worse", "same", "unclear", "unknown"]
# Differences below this are the last digits of a float.
SAME = 1e-9
# So much of a score may move without anybody having done anything: the bar of a passing probe.
SMALL = 0.02


@dataclass(frozen=True, slots=True)
class Number:
    """`value`, the higher the better, tells which of two is better; None where the data carry
    none. `words` are shown. Values within each other's `luck` are not told apart."""

    value: float | None
    words: str
    luck: Interval | None = None

    def may_be(self, other: float) -> bool:
        return self.luck is not None and other in self.luck


@dataclass(frozen=True, slots=True)
class KeyNumber:
    """One line: what it is, the figure that has it, both sides, and which way it went."""

    figure: int
    name: str
    before: Number
    after: Number
    turn: Turn


def key_numbers(before: Report, after: Report) -> tuple[KeyNumber, ...]:
    """In the order of the page; lines on which neither side has anything are left out."""
    rows = []
    for figure, name, read in _KEYS:
        old, new = read(before), read(after)
        if old.value is not None or new.value is not None:
            rows.append(KeyNumber(figure, name, old, new, _turn(old, new)))
    return tuple(rows)


def _turn(old: Number, new: Number) -> Turn:
    if old.value is None or new.value is None:
        return "unknown"
    if abs(new.value - old.value) <= SAME:
        return "same"
    if old.may_be(new.value) or new.may_be(old.value):
        return "unclear"
    return "better" if new.value > old.value else "worse"


# Each of these reads one number and says it as its figure does.
def _order(report: Report) -> Number:
    found = report.order.measured
    if found.needs or found.concordance is None:
        return Number(None, f"{found.needs} more answers needed" if found.needs else "not known")
    swaps = counted(len(found.inversions), "swap") if found.inversions else "no swap"
    return Number(found.concordance, f"{score(found.concordance)}, {swaps} in {found.pairs} pairs")


def _margin(report: Report) -> Number:
    margins = report.separation.measured.margins
    if not margins:
        return _none()
    least = min(it.worst for it in margins)
    words = f"{score(abs(least))} {'overlap' if least < 0 else 'apart'}"
    return Number(least, words, _near(least))


def _band(report: Report) -> Number:
    found = report.bands
    if not found.measured.hits.n:
        return _none("none tried")
    worst = max(found.measured.misses, key=lambda it: abs(it.miss or 0.0), default=None)
    if worst is None:
        return Number(0.0, f"all {found.measured.hits.n} in range")
    letter, miss = found.samples[worst.index].letter, worst.miss or 0.0
    return Number(-abs(miss), f"{letter} misses by {score(abs(miss))}", _near(-abs(miss)))


def _moves(report: Report) -> Number:
    return _share(cast(SteerTestsFigure, report.figure("steer_tests")).measured.sensitivity)


def _still(report: Report) -> Number:
    return _share(cast(SteerTestsFigure, report.figure("steer_tests")).measured.invariance)


def _spills(report: Report) -> Number:
    found = cast(SpilloverFigure, report.figure("spillover"))
    if found.needs:
        return _none("too few edits")
    pairs = len(found.spilling)
    return Number(-pairs, f"in {counted(pairs, 'pair')} of criteria" if pairs else "none found")


def _probe(report: Report) -> Number:
    worst = cast(ProbesFigure, report.figure("probes")).measured.worst
    if worst is None or worst.gain is None:
        return _none("none graded")
    title = BY_KEY[worst.family].title if worst.family in BY_KEY else worst.family
    gain = f"+{score(worst.gain)}" if round(worst.gain, 2) > 0 else score(worst.gain)
    return Number(-worst.gain, f"{gain}, {title[0].lower()}{title[1:]}", _near(-worst.gain))


def _lint(report: Report) -> Number:
    found = cast(LintFigure, report.figure("lint"))
    if found.status == "none":
        return _none("not read")
    errors = found.counts["error"]
    return Number(-errors, counted(errors, "criterion", "criteria") if errors else "none")


def _agreement(report: Report) -> Number:
    return _share(cast(AgreementFigure, report.figure("agreement")).pooled.counts.raw)


def _changes(report: Report) -> Number:
    flips = cast(RepeatabilityFigure, report.figure("repeatability")).pooled.flips
    share, luck = flips.share, flips.interval
    if share is None or luck is None:
        return _none("asked once")
    return Number(-share, f"{flips.hits} of {flips.n}", Interval(-luck.high, -luck.low))


def _share(share: Proportion) -> Number:
    if share.share is None:
        return _none()
    return Number(share.share, f"{share.hits} of {share.n}", share.interval)


def _near(value: float) -> Interval:
    return Interval(value - SMALL, value + SMALL)


def _none(words: str = "not known") -> Number:
    return Number(None, words)


_KEYS: tuple[tuple[int, str, Callable[[Report], Number]], ...] = (
    (1, "Pairs in your order", _order),
    (2, "Least room between tiers", _margin),
    (3, "Worst miss of a stated range", _band),
    (4, "Verdicts that follow an edit", _moves),
    (4, "Edits of form that change nothing", _still),
    (5, "Edits that move other criteria", _spills),
    (10, "Worst probe", _probe),
    (11, "Criteria that can’t be judged as written", _lint),
    (8, "Judge and experts alike", _agreement),
    (9, "Cells on which the judge changed its mind", _changes),
)
