"""The bar over the table: how a run's cells stand, what it cost, how long it may take."""

from dataclasses import dataclass

from django.db.models import Count

from rubric_studio.grading.judges.resting import resting_sentence
from rubric_studio.grading.models import Grade, Run, Status
from rubric_studio.grading.page.sheet import Sheet
from rubric_studio.grading.page.waiting import waiting_sentence
from rubric_studio.grading.runs.spending import in_words, money

LEAST_TO_GUESS = 5  # verdicts before the time left is worth saying


@dataclass(frozen=True)
class Part:
    """A stretch of the bar, in percent of its width."""

    name: str
    words: str
    count: int
    start: float
    width: float


@dataclass(frozen=True)
class RunBar:
    run: Run
    parts: tuple[Part, ...]
    total: int
    verdicts: int
    without: int
    again: int  # cells that a resumed run would judge
    why: str  # the commonest reason for a cell without a verdict
    by_programs: int  # verdicts that no judge was asked for
    is_programs_alone: bool

    @property
    def took(self) -> str:
        run = self.run
        return in_words(run.worked) if run.started_at and run.finished_at else ""

    @property
    def left(self) -> str:
        """About how long it will take yet, "" while that is a guess."""
        judged = next((it.count for it in self.parts if it.name == "judged"), 0)
        waiting = sum(it.count for it in self.parts if it.name in ("flight", "waits"))
        if not self.run.is_live or self.run.started_at is None or judged < LEAST_TO_GUESS:
            return ""
        return in_words(self.run.worked * waiting / judged)

    @property
    def resting(self) -> str:
        """Why nothing happens: the judge does not answer. "" while it does."""
        return resting_sentence(self.run.judge) if self.run.is_live else ""

    @property
    def waiting(self) -> str:
        """Why nothing happens: no worker is there. "" once one has begun."""
        return waiting_sentence(self.run)

    @property
    def cost(self) -> str:
        return money(self.run.cost)

    @property
    def spent(self) -> str:
        """What it cost, as words that stand by themselves."""
        return f"cost {self.cost}" if self.run.cost else self.cost

    @property
    def again_cost(self) -> str:
        """About what judging the rest again will cost, by what this run's calls have cost."""
        if not self.run.calls or not self.run.cost:
            return ""
        calls = -(-self.again // self.run.criteria_per_call)
        return money(self.run.cost / self.run.calls * calls)

    @property
    def budget(self) -> str:
        return money(self.run.budget) if self.run.budget else ""


def runbar_of(sheet: Sheet) -> RunBar | None:
    """None for the draft, which has no run."""
    if sheet.run is None:
        return None
    progress = sheet.progress
    counts = [
        ("known", "known already", progress.reused),
        ("judged", "judged", progress.judged),
        ("without", "no verdict", progress.without_verdict),
        ("flight", "with a worker", sheet.in_hand),
        ("waits", "waiting", progress.pending - sheet.in_hand),
    ]
    total, start, parts = progress.total or 1, 0.0, []
    for name, words, count in counts:
        width = 100 * count / total
        parts.append(Part(name, words, count, round(start, 3), round(width, 3)))
        start += width
    return RunBar(
        run=sheet.run,
        parts=tuple(parts),
        total=progress.total,
        verdicts=progress.verdicts,
        without=progress.without_verdict,
        again=progress.failed + progress.cancelled,
        why=_commonest_reason(sheet.run) if progress.failed else "",
        by_programs=sheet.by_programs,
        is_programs_alone=all(it.check is not None for it in sheet.document.criteria),
    )


def _commonest_reason(run: Run) -> str:
    failed = Grade.objects.filter(run=run, status=Status.FAILED).order_by()
    counted = failed.values_list("error").annotate(cells=Count("pk")).order_by("-cells", "error")
    error, cells = counted[0]
    return f"{error} ({cells} cell{'' if cells == 1 else 's'})"
