"""A run's scores under the draft's points, without a call."""

import re

import pytest
from django.urls import reverse

from rubric_studio.engine.document.scoring import score
from rubric_studio.grading.runs.starting import document_of
from rubric_studio.grading.tryout.rescoring import rescored_by_draft
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.editing import add_criterion, delete_criterion, edit_criterion
from tests.cast import make_rubric
from tests.grading_cast import make_answers, make_run, work
from tests.rubrics.pages import HTMX, page

LEVELS = [{"label": it, "value": at / 2, "description": ""} for at, it in enumerate("abc")]


@pytest.fixture
def run(client, team, alice, judge, scripted_judge):
    """Three criteria, one with levels, two answers, all judged."""
    client.force_login(alice)
    scripted_judge.answer_with(
        lambda criterion, answer: criterion.verdicts[1 if "now" in answer else 0]
    )
    question = make_rubric(
        team, "Says when", {"text": "Is thorough", "levels": LEVELS}, {"text": "Lies", "points": -2}
    )
    make_answers(question, "Call now.", tier=3)
    make_answers(question, "Wait.", tier=1)
    return work(make_run(question, judge))


def values(rescoring):
    return [(it.before.score, it.after.score) for it in rescoring.lines]


def test_points_and_levels_move_scores_and_verdicts_stay(run, alice, scripted_judge):
    calls = scripted_judge.stats()["calls"]
    first, second, _ = run.question.criteria.all()
    edit_criterion(first, alice, 1, points=15)
    worth = [{**it, "value": new} for it, new in zip(LEVELS, (0, 0.75, 1), strict=True)]
    edit_criterion(second, alice, 1, levels=worth)

    found = rescored_by_draft(run)

    draft = draft_document(run.question)
    keys = [it.key for it in draft.criteria]
    strong = dict(zip(keys, (0, 0.75, 0), strict=True))
    weak = dict(zip(keys, (1, 0, 1), strict=True))
    assert [it.after for it in found.lines] == [score(draft, strong), score(draft, weak)]
    strong[keys[1]] = 0.5
    former = document_of(run)
    assert [it.before for it in found.lines] == [score(former, strong), score(former, weak)]
    assert scripted_judge.stats()["calls"] == calls


def test_there_is_nothing_to_say_while_nothing_moves_or_the_words_differ(run, alice):
    first, *_ = run.question.criteria.all()
    assert rescored_by_draft(run) is None
    edit_criterion(first, alice, 1, points=15, text="Says where")
    assert rescored_by_draft(run) is None
    edit_criterion(first, alice, 2, text="Says when")
    assert rescored_by_draft(run) is not None
    add_criterion(run.question, alice, text="Says more", points=1)
    assert rescored_by_draft(run) is None


def test_a_deleted_criterion_counts_no_more(run, alice):
    *_, lie = run.question.criteria.all()
    delete_criterion(lie, alice)

    assert values(rescored_by_draft(run)) == [(0.25, 0.25), (0.3, 0.5)]


def test_the_grading_page_shows_scores_of_the_draft(client, run, alice, bob, charlie):
    url = reverse("draft-scores", args=[run.pk])
    assert client.get(url, headers=HTMX).status_code == 204
    assert url not in page(client.get(run.get_absolute_url()))
    edit_criterion(run.question.criteria.first(), alice, 1, points=15)

    assert url in page(client.get(run.get_absolute_url()))
    said = re.sub(r"<[^>]+>|\s+", " ", page(client.get(url, headers=HTMX)))
    assert re.search(r"Answer B\s+0\.30\s+→\s+, now\s+0\.65", said)
    assert client.get(url).url == run.get_absolute_url()
    client.force_login(bob)
    assert client.get(url, headers=HTMX).status_code == 200
    client.force_login(charlie)
    assert client.get(url, headers=HTMX).status_code == 404
