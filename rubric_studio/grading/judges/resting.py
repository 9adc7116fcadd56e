"""The circuit breaker of a judge, shared by all workers through its row.

An endpoint that fails steadily is left alone for a while, longer each time. The first turn after a
rest asks one call; when that fails too, the next rest begins. After the last rest's beginning what
waits for the judge is given up, with the reason, and can be resumed.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, prefetch_related_objects
from django.utils.timezone import now

from rubric_studio.engine.judging.outcome import Trouble
from rubric_studio.grading.models import Call, Grade, Judge, Run, RunAnswer, Status
from rubric_studio.grading.runs.finishing import finish_answers, finish_run
from rubric_studio.grading.runs.locking import lock_free, lock_run

logger = logging.getLogger(__name__)

# What a prober that vanished keeps others waiting for, beside its call's own time.
PROBE_MARGIN = 10.0
GAVE_UP = "The judge has been failing since {since}. {reason} Judge again when it works."


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether a turn may ask the judge: not for `wait` seconds, or one call to begin with."""

    wait: float = 0.0
    is_probe: bool = False


def admit(judge: Judge) -> Admission:
    """Asked before each turn. After a rest only one turn is the probe; the others wait for it."""
    judge.refresh_from_db(fields=["failing_since", "resting_until"])
    if judge.failing_since is None:
        return Admission()
    moment = now()
    rested = Judge.objects.filter(pk=judge.pk, failing_since__isnull=False)
    claim = moment + timedelta(seconds=judge.timeout + PROBE_MARGIN)
    if rested.filter(resting_until__lte=moment).update(resting_until=claim):
        return Admission(is_probe=True)
    judge.refresh_from_db(fields=["failing_since", "resting_until"])
    if judge.failing_since is None or judge.resting_until is None:
        return Admission()
    return Admission(wait=max(0.1, (judge.resting_until - now()).total_seconds()))


@dataclass(frozen=True, slots=True)
class Rest:
    """How long the judge rests. With the last one what waits for it is given up."""

    seconds: float
    is_last: bool = False


@transaction.atomic
def trip(judge_id: UUID, trouble: Trouble, *, is_probe: bool) -> Rest | None:
    """Let the judge rest. None: others got replies from it meanwhile, so the
    trouble is not its own but that of what was asked."""
    judge = Judge.objects.select_for_update(no_key=True).get(pk=judge_id)
    moment = now()
    if not is_probe:
        if judge.resting_until is not None and judge.resting_until > moment:
            return Rest((judge.resting_until - moment).total_seconds())
        if has_replied(judge.pk, trouble.failed):
            return None
    rests = settings.GRADING_RESTS
    judge.failing_trips += 1
    judge.failing_since = judge.failing_since or datetime.fromtimestamp(trouble.since, UTC)
    judge.failing_reason = trouble.message
    rest = float(rests[min(judge.failing_trips, len(rests)) - 1])
    judge.resting_until = moment + timedelta(seconds=rest)
    judge.save(update_fields=["failing_trips", "failing_since", "failing_reason", "resting_until"])
    logger.warning("Judge %s rests for %g s: %s", judge.pk, rest, trouble.message)
    return Rest(rest, is_last=judge.failing_trips >= len(rests))


def give_up(judge_id: UUID) -> None:
    """Fail what waits for the judge; resuming a run asks for it again."""
    judge = Judge.objects.get(pk=judge_id)
    if judge.failing_since is None:
        return
    error = GAVE_UP.format(since=_clock(judge.failing_since), reason=judge.failing_reason)
    for run_id in Run.objects.unfinished().filter(judge=judge).values_list("pk", flat=True):
        _fail_waiting(run_id, error)
        finish_answers(run_id)
        finish_run(run_id)


@transaction.atomic
def _fail_waiting(run_id: UUID, error: str) -> None:
    lock_run(run_id)
    waiting = Grade.objects.filter(run=run_id, status=Status.PENDING, is_check=False)
    waiting.update(status=Status.FAILED, error_code="judge_failing", error=error, graded_at=now())


def note_reply(judge_id: UUID) -> None:
    """The judge answers: whoever waits for the end of its rest may go on at once."""
    failing = Judge.objects.filter(pk=judge_id, failing_since__isnull=False)
    closed = failing.update(
        failing_since=None, failing_reason="", failing_trips=0, resting_until=None
    )
    if closed:
        _wake(judge_id)


def is_resting(judge_id: UUID) -> bool:
    return Judge.objects.filter(pk=judge_id, resting_until__gt=now()).exists()


def is_failing(judge_id: UUID) -> bool:
    return Judge.objects.filter(pk=judge_id, failing_since__isnull=False).exists()


def has_replied(judge_id: UUID, moment: float) -> bool:
    """Whether a call that was sent after that Unix time got a reply. By the calls' own clocks:
    replies are written in batches, so that some from before an outage reach their rows after it
    has begun."""
    since = datetime.fromtimestamp(moment, UTC)
    runs = Run.objects.filter(Q(finished_at=None) | Q(finished_at__gt=since), judge=judge_id)
    recent = Call.objects.filter(run_answer__run__in=runs, created_at__gt=since)
    last = (attempts[-1] for attempts in recent.values_list("attempts", flat=True))
    return any(not it["code"] and it["at"] > moment for it in last)


def try_now(judge: Judge) -> None:
    """Somebody asks for another try: the rest is over, the next turn is the probe."""
    failing = Judge.objects.filter(pk=judge.pk, failing_since__isnull=False)
    if failing.update(resting_until=now()):
        _wake(judge.pk)


def resting_sentence(judge: Judge | None) -> str:
    """ "Not answering since 14:02 UTC: … Next try in 40 s.", or "" for a judge that answers. Of a
    panel, each of its judges that does not, by name. One query for a panel, none for others."""
    if judge is None:
        return ""
    if judge.is_panel:
        prefetch_related_objects([judge], "members")
        said = [(it.name, resting_sentence(it)) for it in judge.members.all()]
        return " ".join(f"{name}: {sentence}" for name, sentence in said if sentence)
    if judge.failing_since is None:
        return ""
    sentence = f"Not answering since {_clock(judge.failing_since)}. {judge.failing_reason}"
    if judge.resting_until is None or judge.resting_until <= now():
        return f"{sentence} It is being tried now."
    seconds = round((judge.resting_until - now()).total_seconds())
    return f"{sentence} Next try in {seconds} s."


@transaction.atomic
def _wake(judge_id: UUID) -> None:
    waiting = RunAnswer.objects.filter(
        run__judge=judge_id, finished_at=None, leased_until=None, next_attempt_at__isnull=False
    )
    free = lock_free(waiting.values_list("pk", flat=True))
    RunAnswer.objects.filter(pk__in=free).update(next_attempt_at=None, enqueued_at=None)


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%H:%M} UTC"
