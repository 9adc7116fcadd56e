"""A large run at a slow judge: time, memory and messages.

    python -m bench.grading_large [--answers 100] [--criteria 50] [--delay-ms 500] [--in-flight 200]

As bench.grading_run, with a worker that may have all of the judge's calls in flight.
"""

import argparse
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bench.fixed_judge import FixedJudge
from bench.material import make_collection, make_question, run_to_end
from bench.stage import stage
from bench.table import table
from bench.worker import CHILDREN, worker
from tests.memory import memory_of

MOST_OF_IDEAL = 1.6
MOST_MEGABYTES = 300
MOST_MESSAGES = 150
MOST_TO_START = 500  # milliseconds
EVERY = 0.5  # seconds between two looks at the memory


@contextmanager
def watched(process: subprocess.Popen[str]) -> Iterator[list[float]]:
    """The worker's memory, looked at again and again."""
    seen, over = [memory_of(process.pid)], threading.Event()

    def look() -> None:
        while not over.wait(EVERY):
            seen.append(memory_of(process.pid))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def broker():
    from redis import Redis

    return Redis.from_url(os.environ["REDIS_URL"])


def messages_so_far() -> int:
    return int(broker().info("commandstats").get("cmdstat_lpush", {}).get("calls", 0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=int, default=100)
    parser.add_argument("--criteria", type=int, default=50)
    parser.add_argument("--delay-ms", type=float, default=500)
    parser.add_argument("--in-flight", type=int, default=200)
    options = parser.parse_args()
    os.environ["JUDGE_ENDPOINT_ALLOWLIST"] = "127.0.0.1"
    cells = options.answers * options.criteria
    ideal = cells * (options.delay_ms / 1000) / options.in_flight
    here = {"GRADING_CALLS_IN_FLIGHT": str(options.in_flight // CHILDREN)}
    fixed_judge = FixedJudge(options.delay_ms / 1000)
    with stage(), fixed_judge as judge, worker(**here) as at_work, table() as figures:
        user, collection, row = make_collection(judge.base_url, options.in_flight)
        run_to_end(user, make_question(collection, user, 0, 2, 2), row, at_work)  # warm
        question = make_question(collection, user, 1, options.criteria, options.answers)
        sent = messages_so_far()
        with watched(at_work) as megabytes:
            created, took = run_to_end(user, question, row, at_work)
        assert judge.counted()["most_in_flight"] <= options.in_flight
        figures.add("the ideal", ideal, "s")
        figures.add(f"{cells:,} cells", took, "s", most=MOST_OF_IDEAL * ideal)
        figures.add("times the ideal", took / ideal, most=MOST_OF_IDEAL)
        figures.add("of it the request to start", created * 1000, "ms", most=MOST_TO_START)
        figures.add("most memory of the workers", max(megabytes), "MB", most=MOST_MEGABYTES)
        figures.add("messages", messages_so_far() - sent, most=MOST_MESSAGES)
        results = len(list(broker().scan_iter("celery-task-meta-*")))
        figures.add("results left in the broker", results, most=0)


if __name__ == "__main__":
    main()
