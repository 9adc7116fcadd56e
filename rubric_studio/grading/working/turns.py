"""A worker's turn at a run, from lease to end: what the task does."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import now

from rubric_studio.engine.judging.outcome import SessionEnd
from rubric_studio.errors import DomainError
from rubric_studio.grading.judges.resting import Admission, admit, is_failing
from rubric_studio.grading.models import Grade, Run, RunAnswer, Status
from rubric_studio.grading.runs.finishing import finish_answers, finish_run
from rubric_studio.grading.runs.queueing import enqueue
from rubric_studio.grading.working import leases
from rubric_studio.grading.working.calling import Turn, judge_job
from rubric_studio.grading.working.jobs import Job, load_job
from rubric_studio.grading.working.leases import Lease
from rubric_studio.grading.working.money import release_reserved
from rubric_studio.grading.working.recording import fail_waiting

LONGEST_LIMITED = timedelta(hours=24)
# For each call that may be in flight: so many that a turn's beginning and end weigh little.
CELLS_A_CALL = 20
BEHIND_OTHERS = 1.0  # seconds
LAST_ATTEMPT = 3.0  # seconds until it
RATE_LIMITED = "The judge asked for no calls for more than a day. Judge again when it has room."


def take_turn(run_answer_id: int) -> None:
    """Judge what waits of this answer, unless somebody else is at it, and of as many others of its
    run as keep calls in flight. Safe to call twice."""
    lease = leases.take(run_answer_id, cells=CELLS_A_CALL * settings.GRADING_CALLS_IN_FLIGHT)
    if lease is None:
        return
    try:
        job = load_job(lease)
    except DomainError as error:
        fail_waiting(lease.ids, error.code, error.message)
        _hand_back(lease)
        return
    admission = admit(job.judge) if job.cells else Admission()
    if admission.wait:
        _rest(lease, job, admission.wait)
        return
    turn, end = judge_job(job, is_probe=admission.is_probe)
    release_reserved(lease)
    if turn.is_mine:
        _after(lease, turn, end)
    else:
        # What of it is still ours; the rest was taken away, and its loss counted.
        leases.give_back(lease)


def _after(lease: Lease, turn: Turn, end: SessionEnd) -> None:
    if turn.is_broke:
        # Whoever resumed the run meanwhile with more money is not paused for the old budget.
        live = Run.objects.unfinished().filter(pk=lease.run_id, budget=turn.job.run.budget)
        live.update(status=Run.Status.PAUSED_BUDGET, finished_at=now())
    if turn.rest is not None:
        _rest(lease, turn.job, turn.rest.seconds + BEHIND_OTHERS)
        return
    # Other answers first: this one may be what the judge stumbles over.
    silence = LAST_ATTEMPT if turn.is_in_doubt else None
    if end.reason == "rate_limited":
        silence = end.retry_after or 60.0
        started_at = turn.job.run.started_at or now()
        if now() + timedelta(seconds=silence) > started_at + LONGEST_LIMITED:
            fail_waiting(lease.ids, "rate_limited", RATE_LIMITED)
    _hand_back(lease, silence)


def _rest(lease: Lease, job: Job, seconds: float) -> None:
    """Wait for the end of the judge's rest. It may have replied to somebody else since this turn
    was told to wait: whoever woke those who waited did not find this one among them."""
    _hand_back(lease, seconds)
    if not is_failing(job.judge.pk):
        leases.wake(lease)
        _send_next(lease)


def _hand_back(lease: Lease, silence: float | None = None) -> None:
    """Give the lease back; what still waits in the run goes to the next worker, now or after the
    silence."""
    leases.give_back(lease, wait=silence)
    finish_answers(lease.run_id)
    if not finish_run(lease.run_id) and silence is None:
        _send_next(lease)


def _send_next(lease: Lease) -> None:
    waiting = Grade.objects.filter(run_answer=OuterRef("pk"), status=Status.PENDING, is_check=False)
    free = RunAnswer.objects.filter(
        Q(next_attempt_at=None) | Q(next_attempt_at__lte=now()),
        run=lease.run_id,
        run__in=Run.objects.unfinished(),
        finished_at=None,
        leased_until=None,
    )
    # One message for the one that brought this turn: whoever gets it takes others with it.
    following = free.filter(Exists(waiting)).order_by("ordinal").values_list("pk", flat=True)[:1]
    for run_answer_id in following:
        RunAnswer.objects.filter(pk=run_answer_id).update(enqueued_at=now())
        enqueue([run_answer_id])
