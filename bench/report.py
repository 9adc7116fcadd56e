"""What the steering report costs: to measure it in a worker, and to open its page once it is kept.

    python -m bench.report [--sizes 50x100x3 100x200x1 250x350x1 500x1000x1] [--bare]

Criteria x answers x repeats. A PostgreSQL of its own. Each run has 60 probes and steer tests more,
labels of two experts, and a rubric with caps and a gate (see bench/graded.py), none of which a
`--bare` one has. The first size has the targets; the others show how time grows, the last one
beyond what may run. Seconds are of the processor, so that other work on the machine counts little.
"""

import argparse
import resource
import time

from bench.stage import stage
from bench.table import table

MOST_SECONDS, MOST_PAGE_MS = 2.0, 300
PAGES = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    sizes = ["50x100x3", "100x200x1", "250x350x1", "500x1000x1"]
    parser.add_argument("--sizes", nargs="+", default=sizes)
    parser.add_argument("--bare", action="store_true", help="without caps, probes and labels")
    options = parser.parse_args()
    with stage(), table() as figures:
        from bench.graded import make_graded
        from bench.material import make_collection
        from rubric_studio.accounts.models import Membership, User

        user, collection, judge = make_collection("https://judge.example.com/v1", 16)
        second = User.objects.create_user("b@example.com")
        Membership.objects.create(team=collection.team, user=second, role="author")
        experts = (user, second)
        for number, size in enumerate(options.sizes):
            criteria, answers, repeats = (int(it) for it in size.split("x"))
            run = make_graded(
                collection, experts, judge, number, criteria, answers, repeats, bare=options.bare
            )
            target = MOST_SECONDS if number == 0 else None
            read, measured = _measured(run)
            figures.add(f"{size}: to read its rows", read, "s")
            figures.add(f"{size}: to measure it", measured, "s")
            figures.add(f"{size}: both", read + measured, "s", most=target)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            figures.add(f"{size}: most memory so far", peak, "MB")
            most = MOST_PAGE_MS if number == 0 else None
            figures.add(f"{size}: the page, kept", 1000 * _page(user, run), "ms", most=most)


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
