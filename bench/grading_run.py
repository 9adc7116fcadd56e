"""How close a run comes to the speed that the judge allows, from the request to the last row.

    python -m bench.grading_run [--answers 60] [--criteria 50] [--delay-ms 50] [--rounds 3]

A PostgreSQL and a Valkey of its own, one Celery worker with two children, and a judge with a fixed
delay as a process of its own, all on this machine. The ideal is in-flight / delay. In the first
round the children are new.
"""

import argparse
import os
from statistics import median

from bench.fixed_judge import FixedJudge
from bench.material import make_collection, make_question, run_to_end
from bench.stage import stage
from bench.table import table
from bench.worker import CHILDREN, worker

LEAST_SHARE = 0.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=int, default=60)
    parser.add_argument("--criteria", type=int, default=50)
    parser.add_argument("--delay-ms", type=float, default=50)
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    os.environ["JUDGE_ENDPOINT_ALLOWLIST"] = "127.0.0.1"
    ideal = options.in_flight / (options.delay_ms / 1000)
    cells, shares = options.criteria * options.answers, []
    here = {"GRADING_CALLS_IN_FLIGHT": str(options.in_flight // CHILDREN)}
    fixed_judge = FixedJudge(options.delay_ms / 1000)
    with stage(), fixed_judge as judge, worker(**here) as at_work, table() as figures:
        user, collection, row = make_collection(judge.base_url, options.in_flight)
        for number in range(1, options.rounds + 1):
            question = make_question(collection, user, number, options.criteria, options.answers)
            created, took = run_to_end(user, question, row, at_work)
            shares.append(cells / took / ideal)
            figures.add(f"round {number}: the request to start", created * 1000, "ms")
            figures.add(f"round {number}: grades a second", cells / took)
            figures.add(f"round {number}: share of the ideal", shares[-1])
        assert judge.counted()["most_in_flight"] <= options.in_flight
        figures.add("median: share of the ideal", median(shares), least=LEAST_SHARE)


if __name__ == "__main__":
    main()
