"""Answers whose checks nobody is at: sent again, and given up after three losses."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import now
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from rubric_studio.grading.models import Grade, Run, RunAnswer, Status
from rubric_studio.grading.runs.locking import lock_free, lock_runs_of
from rubric_studio.grading.runs.queueing import CHECKS_QUEUE, enqueue_checks, waiting_messages
from rubric_studio.grading.working.checking import LOST_WORKER, MOST_TRIES

logger = logging.getLogger(__name__)

# Also with messages in the queue: one of them could be lost among many.
FORGOTTEN = timedelta(minutes=10)
MOST_AT_ONCE = 1000


def sweep_checks() -> None:
    """Whoever decides an answer's checks gives a sign of life with every few of them; where none
    came for as long as a lease lasts, the worker or the message was lost."""
    silent = _silent()
    _give_up(silent.filter(check_tries__gte=MOST_TRIES))
    _send_again(silent.filter(check_tries__lt=MOST_TRIES))


def _silent() -> QuerySet[RunAnswer]:
    waiting = Grade.objects.filter(run_answer=OuterRef("pk"), is_check=True, status=Status.PENDING)
    patience = timedelta(seconds=settings.GRADING_LEASE_SECONDS)
    live = [Run.Status.QUEUED, Run.Status.RUNNING, Run.Status.PAUSED_BUDGET]
    return RunAnswer.objects.filter(
        Exists(waiting), run__status__in=live, finished_at=None
    ).exclude(checks_enqueued_at__gt=now() - patience)


@transaction.atomic
def _give_up(rows: QuerySet[RunAnswer]) -> None:
    ids = list(rows.values_list("pk", flat=True)[:MOST_AT_ONCE])
    if not ids:
        return
    logger.warning("The checks of run answers %s lost their worker three times", ids)
    lock_runs_of(ids)
    waiting = Grade.objects.filter(run_answer__in=ids, is_check=True, status=Status.PENDING)
    waiting.update(status=Status.FAILED, error_code="lost_worker", error=LOST_WORKER)


def _send_again(rows: QuerySet[RunAnswer]) -> None:
    moment = now()
    if not rows.exists():
        return
    try:
        if waiting_messages(CHECKS_QUEUE):
            rows = rows.filter(
                Q(checks_enqueued_at=None) | Q(checks_enqueued_at__lt=moment - FORGOTTEN)
            )
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("The broker can't be reached: %s", error)
        return
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    if ids and enqueue_checks(ids):
        _note_sent(ids, moment)


@transaction.atomic
def _note_sent(ids: list[int], moment: datetime) -> None:
    RunAnswer.objects.filter(pk__in=lock_free(ids)).update(checks_enqueued_at=moment)
