"""How long the plan of a large run takes of which nearly all is known already.

    python -m bench.planning [--answers 100] [--criteria 500] [--reworded 5]

A PostgreSQL and a Valkey of its own and no worker. Every cell of a first run is given a verdict in
its row; then one criterion in a hundred is reworded. Measured is what the page says before the
start, and the start itself, until the rows are committed and the messages sent.
"""

import argparse
import time

from bench.stage import stage
from bench.table import table

MOST_SECONDS = 3.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=int, default=100)
    parser.add_argument("--criteria", type=int, default=500)
    parser.add_argument("--reworded", type=int, default=5)
    options = parser.parse_args()
    with stage(), table() as figures:
        from bench.material import make_collection, make_question
        from rubric_studio.grading.runs.forecasting import forecast
        from rubric_studio.grading.runs.starting import start_run

        user, collection, judge = make_collection("https://judge.example.com/v1", 16)
        question = make_question(collection, user, 1, options.criteria, options.answers)
        started = time.perf_counter()
        first = start_run(question, user, judge=judge, version=None)
        figures.add("the start of the first run, nothing known", time.perf_counter() - started, "s")
        _give_verdicts(first)
        _reword(question, user, options.reworded)
        started = time.perf_counter()
        ahead = forecast(question, judge=judge, version=None)
        took = time.perf_counter() - started
        assert (ahead.cells, ahead.to_judge) == (
            options.answers * options.criteria,
            options.answers * options.reworded,
        )
        figures.add("what the page says before the start", took, "s", most=MOST_SECONDS)
        started = time.perf_counter()
        run = start_run(question, user, judge=judge, version=None)
        took = time.perf_counter() - started
        assert run.grades.filter(status="pending").count() == ahead.to_judge
        figures.add("the start: plan, rows and messages", took, "s", most=MOST_SECONDS)


def _give_verdicts(run):  # type: ignore[no-untyped-def]
    from django.db import connection

    run.grades.update(status="graded", value=1.0, reason="It says so.")
    run.run_answers.update(finished_at=run.created_at)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _reword(question, user, many):  # type: ignore[no-untyped-def]
    from rubric_studio.rubrics.editing import edit_criterion

    for criterion in question.criteria.order_by("pk")[:many]:
        text = f"{criterion.text} And more."
        edit_criterion(criterion, user, based_on=criterion.revision, text=text)


if __name__ == "__main__":
    main()
