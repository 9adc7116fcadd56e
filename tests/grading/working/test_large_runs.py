"""Runs of a thousand cells: what they cost in messages, memory and money."""

import sys
from decimal import Decimal

import pytest
from redis import Redis

from rubric_studio.engine.judging.outcome import Cell
from rubric_studio.grading.models import Grade, Run
from rubric_studio.grading.runs.queueing import enqueue
from rubric_studio.grading.runs.starting import document_of, resume_run
from rubric_studio.grading.working import turns
from rubric_studio.grading.working.leases import take
from rubric_studio.grading.working.money import estimated_cost
from tests.cast import author_of, make_collection, make_team
from tests.grading_cast import import_rubric, make_answers, make_judge, make_run, statuses
from tests.memory import memory_of
from tests.scripted_judge import JudgeProcess

pytestmark = pytest.mark.slow

CRITERIA, ANSWERS = 50, 20
CELLS = CRITERIA * ANSWERS
MOST_MEGABYTES = 300


@pytest.fixture
def fast_judge():
    with JudgeProcess(delay=0.05, keep_requests=False) as judge:
        yield judge


def make(scripted, **judge):
    team = make_team()
    made = make_judge(team, scripted, concurrency=64, **judge)
    question = import_rubric(make_collection(team), author_of(team), CRITERIA)
    make_answers(question, *(f"Answer number {number}." for number in range(ANSWERS)))
    return question, made


def is_over(run):
    return lambda: Run.objects.get(pk=run.pk).status not in ("queued", "running")


def pushed(broker):
    return Redis.from_url(broker.url).info("commandstats").get("cmdstat_lpush", {}).get("calls", 0)


def test_j12_a_thousand_cells_take_few_messages_little_memory_and_leave_no_result(
    workers, fast_judge
):
    question, judge = make(fast_judge)
    with workers.start() as worker:
        before = pushed(workers.broker)
        run = make_run(question, judge)
        workers.sweep_until(is_over(run), 120)
        assert statuses(run) == {"graded": CELLS}
        assert fast_judge.stats()["calls"] == CELLS
        assert pushed(workers.broker) - before <= 1.5 * ANSWERS
        assert not list(Redis.from_url(workers.broker.url).scan_iter("celery-task-meta-*"))
        if sys.platform == "linux":
            assert memory_of(worker.process.pid) <= MOST_MEGABYTES


def test_j9_money_for_a_hundred_calls_makes_no_more_of_them(workers, fast_judge):
    """The scripted judge says how many tokens it took, which is below what was reserved."""
    question, judge = make(fast_judge, price_in=Decimal(100), price_out=Decimal(100))
    a_call = dearest_call(question, judge)
    with workers.start(), workers.start():
        run = make_run(question, judge, budget=100 * a_call)
        workers.sweep_until(is_over(run), 120)
        run.refresh_from_db()
        assert run.status == Run.Status.PAUSED_BUDGET
        assert run.cost <= run.budget
        asked = fast_judge.stats()["calls"]
        assert 0 < asked == run.calls
        assert Grade.objects.filter(run=run, status="graded").count() == asked
        # More money judges the rest, and nothing twice.
        resume_run(run, None, budget=10_000 * a_call)
        workers.sweep_until(is_over(run), 120)
    assert statuses(run) == {"graded": CELLS}
    assert fast_judge.stats()["calls"] == CELLS


def dearest_call(question, judge):
    """What is put aside for one call."""
    from rubric_studio.grading.answers.editing import content_of
    from rubric_studio.grading.judges.endpoints import endpoint_of
    from rubric_studio.rubrics.draft import draft_document

    document, endpoint = draft_document(question), endpoint_of(judge)
    content = content_of(question.answers.first())
    cells = (Cell(it.key, document.question, (it,), content) for it in document.criteria)
    return max(estimated_cost(endpoint, cell) for cell in cells)


def test_j7_a_worker_lost_between_its_last_verdict_and_the_next_message_stops_nothing(
    workers, fast_judge
):
    """It took the message, judged a part and died before it sent the one that follows."""
    question, judge = make(fast_judge)
    run = make_run(question, judge)
    first = run.run_answers.order_by("ordinal").first()
    # Taken and never given back, as by a worker that was killed; its message is used up.
    assert take(first.pk, cells=turns.CELLS_A_CALL) is not None
    Redis.from_url(workers.broker.url).flushall()
    enqueue([first.pk])
    with workers.start():
        workers.sweep_until(is_over(run), 120)
    assert statuses(run) == {"graded": CELLS}
    assert len(document_of(run).criteria) == CRITERIA
    assert fast_judge.stats()["max_calls_per_cell"] == 1
