"""What the steering report costs: to measure it in a worker, and to open its page once it is kept.

    python -m bench.report [--sizes 50x100x3 100x200x1 250x500x1 500x1000x1]

Criteria x answers x repeats. A PostgreSQL of its own; verdicts are drawn with a fixed seed, better
tiers meet more, five in a hundred flip between repeats. The first size has the targets; the others
show how time grows. Seconds are of the processor, so that other work on the machine counts little.
"""

import argparse
import resource
import time
from random import Random

from bench.stage import stage
from bench.table import table

MOST_SECONDS, MOST_PAGE_MS = 2.0, 300
TIERS = 4
FLIPS = 0.05
PAGES = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    sizes = ["50x100x3", "100x200x1", "250x500x1", "500x1000x1"]
    parser.add_argument("--sizes", nargs="+", default=sizes)
    options = parser.parse_args()
    with stage(), table() as figures:
        from bench.material import make_collection

        user, collection, judge = make_collection("https://judge.example.com/v1", 16)
        for number, size in enumerate(options.sizes):
            criteria, answers, repeats = (int(it) for it in size.split("x"))
            run = make_graded(user, collection, judge, number, criteria, answers, repeats)
            target = MOST_SECONDS if number == 0 else None
            read, measured = _measured(run)
            figures.add(f"{size}: to read its rows", read, "s")
            figures.add(f"{size}: to measure it", measured, "s", most=target)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            figures.add(f"{size}: most memory so far", peak, "MB")
            most = MOST_PAGE_MS if number == 0 else None
            figures.add(f"{size}: the page, kept", 1000 * _page(user, run), "ms", most=most)


def make_graded(user, collection, judge, number, criteria, answers, repeats):  # type: ignore[no-untyped-def]
    """A finished run with a verdict in every row."""
    from bench.material import make_question
    from rubric_studio.grading.runs import pinning
    from rubric_studio.grading.runs.starting import start_run

    pinning.MOST_CELLS = max(
        pinning.MOST_CELLS, criteria * answers * repeats
    )  # beyond what may run
    question = make_question(collection, user, number, criteria, answers)
    tiers = {}
    for place, answer in enumerate(question.answers.order_by("ordinal")):
        tiers[answer.pk] = answer.tier = 1 + place % TIERS
        answer.save(update_fields=["tier"])
    run = start_run(question, user, judge=judge, version=None, repeats=repeats)
    _give_verdicts(run, tiers, Random(number))
    return run


def _give_verdicts(run, tiers, random) -> None:  # type: ignore[no-untyped-def]
    from django.db import connection
    from django.utils.timezone import now

    met: dict[tuple[object, str], bool] = {}
    ids, values = [], []
    rows = run.grades.values_list("pk", "run_answer__answer_id", "criterion_key")
    for pk, answer, key in rows.order_by("pk").iterator():
        share = tiers[answer] / (TIERS + 1)
        settled = met.setdefault((answer, key), random.random() < share)
        ids.append(pk)
        values.append(float(settled != (random.random() < FLIPS)))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE grading_grade g SET status = 'graded', value = n.value, graded_at = now()"
            " FROM unnest(%s::bigint[], %s::float8[]) AS n(id, value) WHERE g.id = n.id",
            [ids, values],
        )
        cursor.execute("ANALYZE")
    run.run_answers.update(finished_at=now())
    type(run).objects.filter(pk=run.pk).update(status="done", finished_at=now())
    run.refresh_from_db()


def _measured(run) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    """Seconds of the processor for the rows, and for all figures."""
    from rubric_studio.steering.assessment import measure_report
    from rubric_studio.steering.loading import material_of

    started = time.process_time()
    material = material_of(run)
    read = time.process_time()
    report = measure_report(material)
    done = time.process_time()
    assert report.is_tested
    return read - started, done - read


def _page(user, run) -> float:  # type: ignore[no-untyped-def]
    """The median of a few readings, in seconds, from request to response."""
    from statistics import median

    from django.test import Client
    from django.urls import reverse

    from rubric_studio.steering.storing import stored_report

    stored_report(run)
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    took = []
    for _ in range(PAGES):
        started = time.perf_counter()
        response = client.get(reverse("steering", args=[run.question_id]))
        took.append(time.perf_counter() - started)
        assert response.status_code == 200
    return median(took)


if __name__ == "__main__":
    main()
