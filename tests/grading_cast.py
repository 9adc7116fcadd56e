"""What tests of grading need besides the cast: answers, judges, runs, and a worker's turn."""

import pytest


@pytest.fixture
def allow_loopback(settings):
    """The scripted judge lives on loopback."""
    settings.JUDGE_ENDPOINT_ALLOWLIST = ["127.0.0.1"]


@pytest.fixture
def judge(allow_loopback, scripted_judge, team):
    """A judge of the team that is the scripted judge."""
    return make_judge(team, scripted_judge)


def make_judge(team, scripted, name="Scripted", **fields):
    from rubric_studio.grading.judges.editing import add_judge
    from tests.cast import author_of

    return add_judge(
        team, author_of(team), name=name, base_url=scripted.base_url, model="scripted", **fields
    )


def import_rubric(collection, user, criteria):
    """A question with so many criteria, at once."""
    from rubric_studio.engine.document.types import Criterion, Document, Message, Question
    from rubric_studio.engine.formats import Imported, ImportedQuestion
    from rubric_studio.rubrics.importing import import_questions

    document = Document(
        Question(key="q", messages=(Message("user", "What now?"),)),
        criteria=tuple(Criterion(f"c-{n}", f"Says thing {n}.", 1) for n in range(criteria)),
    )
    imported = Imported((ImportedQuestion(document),))
    [question] = import_questions(collection, user, imported)
    return question


def make_answers(question, *texts, **fields):
    from rubric_studio.grading.answers.editing import add_answer

    return [add_answer(question, None, text=text, **fields) for text in texts]


def make_run(question, judge=None, version=None, **options):
    from rubric_studio.grading.runs.starting import start_run

    return start_run(question, None, judge=judge, version=version, **options)


def work(run):
    """Take a turn at each of the run's answers, as a worker does; the run as it is afterwards."""
    from rubric_studio.grading.tasks import grade_answer

    for pk in run.run_answers.values_list("pk", flat=True):
        grade_answer(pk)
    run.refresh_from_db()
    return run


def parts_of(run):
    """The runs of a panel's judges, in their order."""
    from rubric_studio.grading.models import Run

    return list(Run.objects.filter(panel=run).order_by("ordinal"))


def work_panel(run):
    """As `work`, for each judge of a panel's run."""
    for part in parts_of(run):
        work(part)
    run.refresh_from_db()
    return run


def statuses(run):
    """How many grades have which status."""
    from collections import Counter

    return dict(Counter(run.grades.values_list("status", flat=True)))
