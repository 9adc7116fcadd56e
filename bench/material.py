"""What the grading benches grade, and how they wait for it. Call inside `stage()`."""

import subprocess
import time

OVER = ("done", "incomplete", "cancelled", "paused_budget")


def make_collection(base_url: str, in_flight: int):
    """A user, a collection and a judge."""
    from rubric_studio.accounts.models import Membership, Team, User
    from rubric_studio.grading.judges.editing import add_judge
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
    from rubric_studio.grading.answers.editing import add_answers
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


def run_to_end(user, question, judge, at_work: subprocess.Popen[str]) -> tuple[float, float]:
    """Seconds until the request to start a run has its answer, and until the run is done."""
    from rubric_studio.grading.models import Run
    from rubric_studio.grading.runs.starting import start_run

    started = time.perf_counter()
    run = start_run(question, user, judge=judge, version=None)
    created = time.perf_counter() - started
    while Run.objects.only("status").get(pk=run.pk).status not in OVER:
        if at_work.poll() is not None:
            raise SystemExit(f"The worker ended in mid-run, with exit code {at_work.returncode}.")
        time.sleep(0.02)
    took = time.perf_counter() - started
    run.refresh_from_db()
    assert run.status == "done", run.status
    return created, took
