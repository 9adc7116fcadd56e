"""How many grades a second a run gets, from the request to the last row.

    python -m bench.grading_run [--answers 20] [--criteria 50] [--delay-ms 50]

A PostgreSQL and a Valkey of its own, one Celery worker with two children, and the scripted judge
as a process of its own, all on this machine.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.stage import stage
from tests.scripted_judge import JudgeProcess

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def worker() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "celery", "-A", "rubric_studio", "worker", "-c", "2"]
    process = subprocess.Popen(
        [*command, "-l", "info", "--without-gossip", "--without-mingle"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if " ready." in line:
            break
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def rounds(criteria: int, answers: int, base_url: str, in_flight: int) -> Iterator[str]:
    from rubric_studio.accounts.models import Membership, Team, User
    from rubric_studio.engine.document.types import Criterion, Document, Message, Question
    from rubric_studio.engine.formats import Imported, ImportedQuestion
    from rubric_studio.grading.answers import add_answers
    from rubric_studio.grading.judges import add_judge
    from rubric_studio.grading.models import Run
    from rubric_studio.grading.runs import start_run
    from rubric_studio.rubrics.importing import import_questions
    from rubric_studio.rubrics.models import Collection

    team, user = Team.objects.create(name="Bench"), User.objects.create_user("a@example.com")
    Membership.objects.create(team=team, user=user, role="owner")
    collection = Collection.objects.create(team=team, slug="bench", name="Bench")
    judge = add_judge(
        team, user, name="Scripted", base_url=base_url, model="m", concurrency=in_flight
    )
    for number in (1, 2, 3):
        document = Document(
            Question(key=f"q-{number}", messages=(Message("user", "What should I do now?"),)),
            criteria=tuple(
                Criterion(f"c-{at}", f"Says thing {at} of question {number}.", 1)
                for at in range(criteria)
            ),
        )
        [question] = import_questions(collection, user, Imported((ImportedQuestion(document),)))
        texts = [{"text": f"Answer {at}. " + "It says a few words. " * 40} for at in range(answers)]
        add_answers(question, user, texts)
        started = time.perf_counter()
        run = start_run(question, user, judge=judge, version=None)
        created = time.perf_counter() - started
        while Run.objects.get(pk=run.pk).status in ("queued", "running"):
            time.sleep(0.02)
        took = time.perf_counter() - started
        run.refresh_from_db()
        cells = criteria * answers
        yield (
            f"round {number}: {cells} cells {run.status}, {run.calls} calls, started in "
            f"{created * 1000:.0f} ms, {took:.2f} s, {cells / took:.0f} grades/s"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=int, default=20)
    parser.add_argument("--criteria", type=int, default=50)
    parser.add_argument("--delay-ms", type=float, default=50)
    parser.add_argument("--in-flight", type=int, default=64)
    options = parser.parse_args()
    os.environ["JUDGE_ENDPOINT_ALLOWLIST"] = "127.0.0.1"
    delay = options.delay_ms / 1000
    with stage(), JudgeProcess(delay=delay, keep_requests=False) as judge, worker():
        lines = rounds(options.criteria, options.answers, judge.base_url, options.in_flight)
        for line in lines:
            print(line, flush=True)


if __name__ == "__main__":
    main()
