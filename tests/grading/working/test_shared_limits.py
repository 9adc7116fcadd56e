"""What one worker learns of a judge, all of them heed: rate limits, and that it is away."""

import pytest
from redis import Redis

from rubric_studio.grading.judges.resting import resting_sentence
from rubric_studio.grading.models import Judge, Run
from tests.cast import author_of, make_collection, make_team
from tests.grading_cast import import_rubric, make_answers, make_judge, make_run, statuses
from tests.scripted_judge import JudgeProcess

pytestmark = pytest.mark.slow

CRITERIA, ANSWERS = 20, 8
CELLS = CRITERIA * ANSWERS


@pytest.fixture
def fast_judge():
    with JudgeProcess(keep_requests=False) as judge:
        yield judge


@pytest.fixture
def short_turns(workers):
    """So few cells a turn that every worker has a part of the run."""
    workers.environment["GRADING_CALLS_IN_FLIGHT"] = "4"


def start(scripted):
    team = make_team()
    judge = make_judge(team, scripted, concurrency=16)
    question = import_rubric(make_collection(team), author_of(team), CRITERIA)
    make_answers(question, *(f"Answer number {number}." for number in range(ANSWERS)))
    return make_run(question, judge)


def is_over(run):
    return lambda: Run.objects.get(pk=run.pk).status not in ("queued", "running")


class Callers:
    """Which processes have held slots of the run's judge."""

    def __init__(self, broker, run):
        self.redis, self.key = Redis.from_url(broker.url), f"rs:slots:{run.judge_id}"
        self.seen = set()

    def now(self):
        return {int(name.rpartition(b":")[2]) for name in self.redis.hkeys(self.key)}

    def watch(self, is_over):
        """`is_over`, looking who calls each time that it is asked."""

        def look():
            self.seen |= self.now()
            return is_over()

        return look


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_j8_no_worker_calls_in_the_silence_that_another_was_asked_for(
    workers, short_turns, fast_judge, form
):
    """A bucket of 20 calls a second that tells everybody to wait, again and again."""
    rate = 20
    fast_judge.script(bucket={"per_second": rate, "burst": rate, "form": form})
    run = work_with_two(workers, fast_judge)
    stats = fast_judge.stats()
    refused = stats["faults"]["rate_limit"]
    assert_heard(run, stats)
    assert stats["calls"] == refused + CELLS
    # Each window ends with what the processes had on their way, which AIMD keeps few.
    assert 0 < refused <= CELLS
    seconds, ideal = stats["last_call_at"] - stats["first_call_at"], (CELLS - rate) / rate
    print(f"{form}: {seconds:.1f} s, {seconds / ideal:.2f} x ideal, {refused} refused")
    # A date counts whole seconds; the rest is for a machine that has other things to do.
    assert seconds <= 1.3 * ideal + (1 if form == "date" else 0) + 5


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_j8_calls_in_full_flow_stop_everywhere_at_one_refusal(
    workers, short_turns, fast_judge, form
):
    """All have calls in flight, one is refused: the others are not told by the judge."""
    refusals = [30, 70, 110]
    fault = {"kind": "rate_limit", "calls": refusals, "seconds": 2, "form": form}
    fast_judge.script(fault, delay=0.1)
    run = work_with_two(workers, fast_judge)
    stats = fast_judge.stats()
    print(f"{form}: {stats}")
    assert_heard(run, stats)
    assert stats["faults"]["rate_limit"] == len(refusals)
    assert stats["calls"] == CELLS + len(refusals)


def work_with_two(workers, scripted):
    """The run, judged by two workers with two children each."""
    with workers.start() as one, workers.start() as other:
        run = start(scripted)
        callers = Callers(workers.broker, run)
        workers.sweep_until(callers.watch(is_over(run)), 90, every=0.1)
        assert callers.seen & set(one.children())
        assert callers.seen & set(other.children())
    return run


def assert_heard(run, stats):
    assert statuses(run) == {"graded": CELLS}
    assert set(run.grades.values_list("attempts", flat=True)) == {1}
    assert stats["early_calls"] == 0


def test_an_endpoint_that_goes_away_rests_for_both_workers_and_is_taken_up_again(
    workers, short_turns
):
    workers.environment["GRADING_RESTS"] = "3,3,3,3,3,60"
    endpoint = JudgeProcess(delay=0.1, keep_requests=False)
    with endpoint, workers.start() as one, workers.start() as other:
        run = start(endpoint)
        callers = Callers(workers.broker, run)
        workers.sweep_until(callers.watch(lambda: graded(run) > 40), 30, every=0.1)
        assert callers.seen & set(one.children())
        assert callers.seen & set(other.children())
        endpoint.__exit__(None, None, None)
        workers.sweep_until(lambda: has_stopped(run), 60, every=0.1)
        assert "Not answering since" in resting_sentence(judge_of(run))
        assert not callers.now()
        kept = graded(run)
        assert statuses(run) == {"graded": kept, "pending": CELLS - kept}
        # At its place something that fails: until its rests end it is asked no more than once.
        with JudgeProcess(port=endpoint.port, keep_requests=False) as failing:
            failing.script({"kind": "server_error"})
            trips = judge_of(run).failing_trips
            workers.sweep_until(lambda: judge_of(run).failing_trips > trips, 30, every=0.1)
            assert failing.stats()["calls"] <= 2
            assert statuses(run) == {"graded": kept, "pending": CELLS - kept}
        with JudgeProcess(port=endpoint.port, keep_requests=False) as back:
            workers.sweep_until(is_over(run), 60)
            assert back.stats()["calls"] == CELLS - kept
    assert statuses(run) == {"graded": CELLS}
    assert judge_of(run).failing_since is None


def graded(run):
    return run.grades.filter(status="graded").count()


def judge_of(run):
    return Judge.objects.get(pk=run.judge_id)


def has_stopped(run):
    """The judge rests, and no worker of either holds a part of the run."""
    held = run.run_answers.filter(leased_until__isnull=False)
    return judge_of(run).resting_until is not None and not held.exists()
