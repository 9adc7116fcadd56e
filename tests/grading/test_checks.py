"""Criteria that programs decide, in runs."""

import pytest

from rubric_studio.grading.models import Run
from rubric_studio.grading.tasks import check_answer
from tests.cast import make_rubric
from tests.grading_cast import make_answers, make_run, statuses, work

ASPIRIN = {"kind": "contains", "values": ["aspirin"]}
SHORT = {"kind": "length", "unit": "words", "at_most": 3}


@pytest.fixture
def question(team):
    """One criterion for a judge, two for programs."""
    return make_rubric(
        team,
        "Says when to call.",
        {"text": "Names aspirin.", "check": ASPIRIN},
        {"text": "Is short.", "check": SHORT},
    )


def check(run):
    """Take a worker's turn at the checks of each of the run's answers."""
    for pk in run.run_answers.values_list("pk", flat=True):
        check_answer(pk)
    run.refresh_from_db()
    return run


def values(run):
    """Criterion's text to value, of the run's first answer."""
    from rubric_studio.grading.runs import document_of

    texts = {it.key: it.text for it in document_of(run).criteria}
    rows = run.grades.filter(is_check=True).values_list("criterion_key", "value")
    return {texts[key]: value for key, value in rows}


def test_judge_and_programs_each_decide_their_own(question, judge, scripted_judge):
    make_answers(question, "Chew an Aspirin.")

    run = check(make_run(question, judge))

    assert statuses(run) == {"graded": 2, "pending": 1}
    assert values(run) == {"Names aspirin.": 1.0, "Is short.": 1.0}
    assert run.status == Run.Status.RUNNING

    run = work(run)
    assert statuses(run) == {"graded": 3}
    assert (run.status, run.calls) == (Run.Status.DONE, 1)
