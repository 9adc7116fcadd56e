"""What makes rows the queue of record: whatever got lost is found in them and sent again."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.timezone import now
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from rubric_studio.grading.models import Grade, Judge, Run, RunAnswer, Status
from rubric_studio.grading.runs.finishing import finish_answers, finish_run
from rubric_studio.grading.runs.locking import lock_free, lock_run
from rubric_studio.grading.runs.queueing import enqueue, waiting_messages
from rubric_studio.grading.working.heartbeat import note_heartbeat
from rubric_studio.grading.working.lost_checks import sweep_checks
from rubric_studio.grading.working.money import count_as_spent
from rubric_studio.grading.working.recording import fail_waiting

logger = logging.getLogger(__name__)

MOST_LOSSES = 3
LOST_WORKER = (
    "The worker that judged this answer ended without a word, three times. "
    "Look at the worker's log, then judge again."
)
# A message that no worker has taken and that is no longer in the queue was lost.
UNSEEN = timedelta(seconds=3)
# Also with messages in the queue: one of them could be lost among many.
FORGOTTEN = timedelta(minutes=10)
MOST_AT_ONCE = 1000
EARLIEST = F("next_attempt_at").asc(nulls_first=True)


def sweep_runs() -> None:
    """Break leases that ran out, send again what nobody works on, close what is over."""
    note_heartbeat()
    for run_answer in _lost():
        _break_lease(run_answer)
    sweep_checks()
    for run in Run.objects.unfinished().only("pk"):
        finish_answers(run.pk)
        finish_run(run.pk)
    _send_again()


def _lost() -> list[RunAnswer]:
    return list(RunAnswer.objects.filter(leased_until__lt=now()))


@transaction.atomic
def _break_lease(run_answer: RunAnswer) -> None:
    """The holder vanished. After three losses what is left of the answer is failed: it may be
    the answer itself that ends its workers."""
    lock_run(run_answer.run_id)
    held = RunAnswer.objects.filter(pk=run_answer.pk, token=run_answer.token)
    broken = held.filter(leased_until__lt=now()).update(
        leased_until=None, losses=F("losses") + 1, enqueued_at=None
    )
    if not broken:
        return
    logger.warning("The worker of run answer %s vanished", run_answer.pk)
    count_as_spent(run_answer)
    if run_answer.losses + 1 >= MOST_LOSSES:
        fail_waiting([run_answer.pk], "lost_worker", LOST_WORKER)


def _send_again() -> None:
    moment = now()
    waiting = Grade.objects.filter(run_answer=OuterRef("pk"), status=Status.PENDING, is_check=False)
    unowned = RunAnswer.objects.filter(
        Exists(waiting),
        Q(next_attempt_at=None) | Q(next_attempt_at__lte=moment),
        run__in=Run.objects.unfinished(),
        finished_at=None,
        leased_until=None,
    ).exclude(enqueued_at__gt=moment - UNSEEN)
    unowned = unowned.exclude(run__judge__kind=Judge.Kind.PANEL)  # its members' answers are sent
    unowned = unowned.exclude(run__judge__resting_until__gt=moment)
    if not unowned.exists():
        return
    try:
        if waiting_messages():
            unowned = unowned.filter(
                Q(enqueued_at=None)
                | Q(enqueued_at__lt=moment - FORGOTTEN)
                | Q(next_attempt_at__gt=F("enqueued_at"))
            )
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("The broker can't be reached: %s", error)
        return
    ids = list(unowned.order_by(EARLIEST, "pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    if ids and enqueue(ids):
        _note_sent(ids, moment)


@transaction.atomic
def _note_sent(ids: list[int], moment: datetime) -> None:
    RunAnswer.objects.filter(pk__in=lock_free(ids)).update(enqueued_at=moment)
