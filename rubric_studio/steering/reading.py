"""The report for a reader, who should not have to wait for it.

What is small is measured where it is read. What is large is measured by a worker: the page shows
the report as it was until then and says so, or that the first one is under way.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, Value
from django.utils.timezone import now

from rubric_studio.grading.models import Grade, Label, Run
from rubric_studio.grading.runs.queueing import send
from rubric_studio.steering.assessment import Report
from rubric_studio.steering.inputs import inputs_of
from rubric_studio.steering.models import StoredReport
from rubric_studio.steering.samples import VerdictsFrom
from rubric_studio.steering.storing import is_kept, kept_report, measured_report

# The judge's verdicts and the experts' that a request may measure: a third of a second of the
# processor, see bench/report.py.
MOST_IN_REQUEST = 5000
# A worker that was asked and said nothing for so long is asked again.
PATIENCE = timedelta(minutes=1)
# Runs whose report nobody has opened yet are measured ahead, if they ended not longer ago.
AHEAD = timedelta(days=1)
MOST_AHEAD = 20


@dataclass(frozen=True, slots=True)
class Reading:
    """`report` is None while the first one is under way, and so is `measured_at`, the moment from
    which on changes are not in it. `is_asked`: no worker is needed, or one was asked; False while
    none can be."""

    report: Report | None
    is_current: bool
    is_asked: bool = True
    measured_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a report is there and up to date; `is_asked` as of a `Reading`."""

    is_current: bool
    is_asked: bool = True


def read_report(run: Run, verdicts_from: VerdictsFrom = "run") -> Reading:
    inputs = inputs_of(run)
    kept = kept_report(run, verdicts_from, inputs)
    if kept is None or not kept.is_current:
        if not is_small(run):
            was_asked = ask_for(run, verdicts_from)
            if kept is None:
                return Reading(None, is_current=False, is_asked=was_asked)
            return Reading(kept.report, False, was_asked, kept.measured_at)
        kept = measured_report(run, verdicts_from, inputs)
    return Reading(kept.report, is_current=True, measured_at=kept.measured_at)


def standing_of(run: Run, verdicts_from: VerdictsFrom = "run") -> Standing:
    """For those who wait for a report. It is not read: a large one has megabytes."""
    inputs = inputs_of(run)
    if is_kept(run, verdicts_from, inputs):
        return Standing(is_current=True)
    if is_small(run):
        measured_report(run, verdicts_from, inputs)
        return Standing(is_current=True)
    return Standing(is_current=False, is_asked=ask_for(run, verdicts_from))


def is_small(*runs: Run) -> bool:
    """Whether what is measured from these runs is measured where it is read. One query."""
    questions = [it.question_id for it in runs]
    verdicts = Grade.objects.filter(run__in=runs).order_by().values_list(Value(1))
    labels = (
        Label.objects.current()
        .filter(answer__question__in=questions)
        .order_by()
        .values_list(Value(1))
    )
    return verdicts.union(labels, all=True).count() <= MOST_IN_REQUEST * len(runs)


def ask_for(run: Run, verdicts_from: VerdictsFrom) -> bool:
    """Let a worker measure it, once for all who wait; False when the broker is away, then the next
    who asks sends."""
    from rubric_studio.steering.tasks import measure_report

    rows = StoredReport.objects.defer("figures")
    row, _ = rows.get_or_create(run=run, verdicts_from=verdicts_from)
    moment = now()
    is_free = Q(asked_at=None) | Q(asked_at__lt=moment - PATIENCE)
    mine = StoredReport.objects.filter(is_free, pk=row.pk)
    if not mine.update(asked_at=moment) or send(measure_report, [row.pk]):
        return True
    StoredReport.objects.filter(pk=row.pk, asked_at=moment).update(asked_at=None)
    return False


def measure_asked(row: StoredReport) -> None:
    """What a worker does. Without effect when somebody has measured it meanwhile."""
    inputs = inputs_of(row.run)
    if is_kept(row.run, row.verdicts_from, inputs):
        StoredReport.objects.filter(pk=row.pk).update(asked_at=None)
    else:
        measured_report(row.run, row.verdicts_from, inputs)


def measure_ahead() -> None:
    """Have the reports on runs measured that ended lately, so that they are there when opened."""
    done = StoredReport.objects.filter(
        run=OuterRef("pk"), verdicts_from="run", measured_at__gte=OuterRef("finished_at")
    ).exclude(figures="")
    ended = Run.objects.whole().filter(status__in=Run.FINISHED, finished_at__gt=now() - AHEAD)
    for run in ended.filter(~Exists(done)).only("pk").order_by("finished_at")[:MOST_AHEAD]:
        ask_for(run, "run")
