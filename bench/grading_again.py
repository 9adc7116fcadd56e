"""What is asked again after a change: only what changed.

    python -m bench.grading_again [--answers 100] [--criteria 50]

Counts the calls that reach the judge.
"""

import argparse
import os

from bench.fixed_judge import FixedJudge
from bench.material import make_collection, make_question, run_to_end
from bench.stage import stage
from bench.table import table
from bench.worker import worker


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=int, default=100)
    parser.add_argument("--criteria", type=int, default=50)
    options = parser.parse_args()
    os.environ["JUDGE_ENDPOINT_ALLOWLIST"] = "127.0.0.1"
    with stage(), FixedJudge(0.01) as judge, worker() as at_work, table() as figures:
        from rubric_studio.rubrics.editing import edit_criterion

        user, collection, row = make_collection(judge.base_url, 64)
        question = make_question(collection, user, 1, options.criteria, options.answers)
        criterion = question.criteria.get(key="c-7")

        def grade(what: str, calls: int) -> None:
            before = judge.counted()["calls"]
            _, took = run_to_end(user, question, row, at_work)
            asked = judge.counted()["calls"] - before
            figures.add(f"{what}: calls", asked, most=calls, least=calls)
            figures.add(f"{what}: time", took, "s")

        grade("first run", options.answers * options.criteria)
        edit_criterion(criterion, user, None, text="Says another thing than before.")
        grade("one criterion reworded", options.answers)
        edit_criterion(criterion, user, None, points=7)
        grade("points changed", 0)
        grade("the same again", 0)


if __name__ == "__main__":
    main()
