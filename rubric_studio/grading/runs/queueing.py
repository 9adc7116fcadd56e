"""Messages to the workers: one per answer of a run, sent once its rows are committed.

What a judge decides and what programs decide lie in two queues: no program waits for a judge.
"""

import logging
from collections.abc import Sequence

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

QUEUE, CHECKS_QUEUE = "celery", "cpu"
BROKER_PATIENCE = 2.0  # seconds


def enqueue_on_commit(run_answer_ids: Sequence[int]) -> None:
    """Send the messages after the commit. Without a broker nothing is lost: the sweeper sends."""
    if run_answer_ids:
        transaction.on_commit(lambda: enqueue(run_answer_ids))


def enqueue_checks_on_commit(run_answer_ids: Sequence[int]) -> None:
    """The same for the answers' checks."""
    if run_answer_ids:
        transaction.on_commit(lambda: enqueue_checks(run_answer_ids))


def enqueue(run_answer_ids: Sequence[int]) -> bool:
    """Send the messages now; whether all went out."""
    from rubric_studio.grading.tasks import grade_answer

    return send(grade_answer, run_answer_ids)


def enqueue_checks(run_answer_ids: Sequence[int]) -> bool:
    """Send the messages of the answers' checks now; whether all went out."""
    from rubric_studio.grading.tasks import check_answer

    return send(check_answer, run_answer_ids)


def send(task: Task, ids: Sequence[int]) -> bool:
    """One message for each id, now; whether all went out."""
    try:
        with task.app.connection_for_write() as connection:
            # Not tried again and again: whoever started the run is waiting for the page.
            connection.ensure_connection(max_retries=1, timeout=BROKER_PATIENCE)
            with task.app.amqp.Producer(connection) as producer:
                for pk in ids:
                    task.apply_async([pk], producer=producer, retry=False)
    except OperationalError as error:
        logger.warning("The broker can't be reached; the sweeper will send: %s", error)
        return False
    return True


def waiting_messages(queue: str = QUEUE) -> int:
    """How many messages no worker has taken yet. Raises OperationalError without a broker."""
    from rubric_studio.celery import app

    with app.connection_for_read() as connection:
        connection.ensure_connection(max_retries=1, timeout=BROKER_PATIENCE)
        return int(connection.default_channel.queue_declare(queue).message_count)
