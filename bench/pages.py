"""Queries and server time of the writing, grading and labelling page, at 50 and 500 criteria.

python -m bench.pages [--times 40] [--criteria 50 500]

The grading page shows six answers: at 50 criteria 300 cells. The time is that of Django from
request to response, the database's included, without network and browser.
"""

import argparse
import json
import statistics
import time
from dataclasses import dataclass

from bench.stage import stage
from bench.table import Table, table

ANSWERS = 6
MOST_QUERIES = 15
# At this many criteria the time has a target; at any number the queries have.
USUAL = 50
MOST_MILLISECONDS = 200


def make_question(criteria: int):
    """A published question with this many criteria in five sections, six answers and a run."""
    from rubric_studio.accounts.models import Membership, Role, Team, User
    from rubric_studio.grading.answers.editing import add_answer
    from rubric_studio.grading.runs.starting import start_run
    from rubric_studio.grading.transfer.importing import import_file
    from rubric_studio.rubrics.collecting import create_collection
    from rubric_studio.rubrics.publishing import publish

    user = User.objects.create_user(f"bench{criteria}@example.com")
    team = Team.objects.create(name=f"Bench {criteria}")
    Membership.objects.create(team=team, user=user, role=Role.AUTHOR)
    collection = create_collection(team, user, name=f"Bench {criteria}")
    import_file(collection, user, "rubric-studio", rubric_of(criteria))
    question = collection.questions.get()
    for number in range(ANSWERS):
        text = f"Answer {number}. " + "Call the emergency number and stay where you are. " * 30
        add_answer(question, user, name=f"Answer {number}", text=text, tier=3 - number // 2)
    publish(question, user, note="The first.")
    start_run(question, user, judge=None, version=None, answers=None)
    return user, question


def rubric_of(criteria: int) -> bytes:
    document = {
        "schema": "rubric-studio/1",
        "question": {"key": "bench", "messages": [{"role": "user", "content": "What now?"}]},
        "sections": [{"key": f"s-{n}", "title": f"Section {n}"} for n in range(5)],
        "criteria": [
            {
                "key": f"c-{number}",
                "section": f"s-{number % 5}",
                "text": f"Says what to do about danger {number}, in words that a lay reader knows.",
                "points": (number % 10 + 1) * (-1 if number % 7 == 6 else 1),
                "tags": ["axis:accuracy"],
            }
            for number in range(criteria)
        ],
        "scoring": {"method": "points"},
    }
    return json.dumps(document).encode()


@dataclass(frozen=True)
class Measured:
    queries: int
    milliseconds: list[float]  # of each request
    busy: float  # milliseconds of this process's CPU, per request
    kilobytes: float


def measure(user, path: str, times: int) -> Measured:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.force_login(user)
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        page = client.get(path)
        # Read here: the next request empties the connection's list.
        queries = len(captured)
    assert page.status_code == 200, path
    taken, busy = [], time.process_time()
    for _ in range(times):
        started = time.perf_counter()
        client.get(path)
        taken.append((time.perf_counter() - started) * 1000)
    busy = (time.process_time() - busy) * 1000 / times
    return Measured(queries, taken, busy, len(page.content) / 1000)


def add_figures(to: Table, name: str, criteria: int, found: Measured) -> None:
    slowest = statistics.quantiles(found.milliseconds, n=20)[-1]
    most = {"most": MOST_MILLISECONDS} if criteria == USUAL else {}
    to.add(f"{name}: queries", found.queries, most=MOST_QUERIES)
    to.add(f"{name}: server time, p95", slowest, "ms", **most)
    to.add(f"{name}: server time, median", statistics.median(found.milliseconds), "ms")
    to.add(f"{name}: busy per request", found.busy, "ms")
    to.add(f"{name}: size before compression", found.kilobytes, "kB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--criteria", type=int, nargs="+", default=[50, 500])
    options = parser.parse_args()
    with stage(), table() as figures:
        from django.conf import settings

        settings.ALLOWED_HOSTS.append("testserver")
        for criteria in options.criteria:
            user, question = make_question(criteria)
            for name, page in (("writing", ""), ("grading", "grade"), ("labelling", "labels")):
                found = measure(user, f"/q/{question.pk}/{page}", options.times)
                add_figures(figures, f"{name} page, {criteria} criteria", criteria, found)


if __name__ == "__main__":
    main()
