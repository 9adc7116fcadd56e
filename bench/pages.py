"""Queries and server time of the writing and the grading page, at 50 and at 500 criteria.

python -m bench.pages [--times 40]
"""

import argparse
import statistics
import time

from bench.stage import stage

ANSWERS = 6
VERDICTS = ("met", "unmet")


def make_question(criteria: int):
    """A question with this many criteria in five sections, six answers, and a run by labels."""
    from rubric_studio.grading.importing import import_file
    from rubric_studio.grading.runs import start_run

    from rubric_studio.accounts.models import Membership, Role, Team, User
    from rubric_studio.grading.answers import add_answer
    from rubric_studio.rubrics.collecting import create_collection

    user = User.objects.create_user(f"bench{criteria}@example.com")
    team = Team.objects.create(name=f"Bench {criteria}")
    Membership.objects.create(team=team, user=user, role=Role.AUTHOR)
    collection = create_collection(team, user, name=f"Bench {criteria}")
    import_file(collection, user, "rubric-studio", rubric_of(criteria))
    question = collection.questions.get()
    for number in range(ANSWERS):
        text = f"Answer {number}. " + "Call the emergency number and stay where you are. " * 30
        add_answer(question, user, name=f"Answer {number}", text=text, tier=3 - number // 2)
    start_run(question, user, judge=None, version=None, answers=None)
    return user, question


def rubric_of(criteria: int) -> bytes:
    import json

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


def measure(user, path: str, times: int) -> tuple[int, list[float], int]:
    """Queries of one request, milliseconds of each, bytes of the page."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.force_login(user)
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        page = client.get(path)
    assert page.status_code == 200, path
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        client.get(path)
        taken.append((time.perf_counter() - started) * 1000)
    return len(captured), taken, len(page.content)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=40)
    times = parser.parse_args().times
    print(f"{'page':<10}{'criteria':>9}{'queries':>9}{'median ms':>11}{'p95 ms':>9}{'KB':>7}")
    with stage():
        from django.conf import settings

        settings.ALLOWED_HOSTS.append("testserver")
        for criteria in (50, 500):
            user, question = make_question(criteria)
            for name in ("", "grade"):
                path = f"/q/{question.pk}/{name}"
                queries, taken, size = measure(user, path, times)
                p95 = statistics.quantiles(taken, n=20)[-1]
                print(
                    f"{name or 'write':<10}{criteria:>9}{queries:>9}"
                    f"{statistics.median(taken):>11.0f}{p95:>9.0f}{size // 1024:>7}"
                )


if __name__ == "__main__":
    main()
