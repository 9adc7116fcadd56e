"""How many grades a second a run gets, from the request to the last row.

    python -m bench.grading_run [--answers 20] [--criteria 50] [--delay-ms 50] [--rounds 3]

A PostgreSQL and a Valkey of its own, one Celery worker with two children, and the scripted judge
as a process of its own, all on this machine. In the first round the children are new.
"""

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.stage import stage
from bench.table import Table, table
from tests.scripted_judge import JudgeProcess

ROOT = Path(__file__).resolve().parent.parent
CHILDREN = 2
LEAST_GRADES_A_SECOND = 300


@contextmanager
def worker() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "celery", "-A", "rubric_studio", "worker"]
    process = subprocess.Popen(
        [*command, "-c", str(CHILDREN), "-l", "info", "--without-gossip", "--without-mingle"],
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
    # Unread, the pipe fills up and the worker stands still in mid-run.
    threading.Thread(target=process.stdout.read, daemon=True).start()
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def make_collection(base_url: str, in_flight: int):
    """A user, a collection and a judge."""
    from rubric_studio.accounts.models import Membership, Team, User
    from rubric_studio.grading.judges import add_judge
    from rubric_studio.rubrics.models import Collection

    team, user = Team.objects.create(name="Bench"), User.objects.create_user("a@example.com")
    Membership.objects.create(team=team, user=user, role="owner")
    judge = add_judge(
        team, user, name="Scripted", base_url=base_url, model="m", concurrency=in_flight
    )
    collection = Collection.objects.create(team=team, slug="bench", name="Bench")
    return user, collection, judge


def make_question(collection, user, number: int, criteria: int, answers: int):
    from rubric_studio.engine.document.types import Criterion, Document, Message, Question
    from rubric_studio.engine.formats import Imported, ImportedQuestion
    from rubric_studio.grading.answers import add_answers
    from rubric_studio.rubrics.importing import import_questions

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
    return question


def measure(user, question, judge, at_work: subprocess.Popen[str]) -> tuple[float, float]:
    """Seconds until the request to start a run has its answer, and until the run is done."""
    from rubric_studio.grading.models import Run
    from rubric_studio.grading.runs import start_run

    started = time.perf_counter()
    run = start_run(question, user, judge=judge, version=None)
    created = time.perf_counter() - started
    while Run.objects.only("status").get(pk=run.pk).status in ("queued", "running"):
        if at_work.poll() is not None:
            raise SystemExit(f"The worker ended in mid-run, with exit code {at_work.returncode}.")
        time.sleep(0.02)
    took = time.perf_counter() - started
    run.refresh_from_db()
    assert run.status == "done", run.status
    return created, took


def add_rounds(
    figures: Table, options: argparse.Namespace, base_url: str, at_work: subprocess.Popen[str]
) -> None:
    user, collection, judge = make_collection(base_url, options.in_flight)
    cells, speeds = options.criteria * options.answers, []
    for number in range(1, options.rounds + 1):
        question = make_question(collection, user, number, options.criteria, options.answers)
        created, took = measure(user, question, judge, at_work)
        speeds.append(cells / took)
        figures.add(f"round {number}: the request to start", created * 1000, "ms")
        figures.add(f"round {number}: grades a second", speeds[-1])
    figures.add("median: grades a second", median(speeds), least=LEAST_GRADES_A_SECOND)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=int, default=20)
    parser.add_argument("--criteria", type=int, default=50)
    parser.add_argument("--delay-ms", type=float, default=50)
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    os.environ["JUDGE_ENDPOINT_ALLOWLIST"] = "127.0.0.1"
    judge_process = JudgeProcess(delay=options.delay_ms / 1000, keep_requests=False)
    with stage(), judge_process as judge, worker() as at_work, table() as figures:
        add_rounds(figures, options, judge.base_url, at_work)


if __name__ == "__main__":
    main()
