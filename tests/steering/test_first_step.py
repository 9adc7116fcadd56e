"""Where there is too little to say, the page begins with the nearest way to an order."""

import pytest
from django.urls import reverse

from tests.cast import make_answer, make_user
from tests.steering.graded import SIX, make_tested

pytestmark = pytest.mark.django_db


def step(client, user, question, **query):
    client.force_login(user)
    response = client.get(reverse("steering", args=[question.pk]), query)
    found = response.context["step"]
    if found is not None:
        html = response.content.decode()
        assert found.title in html
        assert client.get(found.way.url).status_code == 200
    return found


def label(question, rita, answers, criteria=10):
    from rubric_studio.grading.labels import set_label

    for answer in answers:
        for criterion in question.criteria.all()[:criteria]:
            set_label(answer, criterion.key, rita, verdict="met")


def test_enough_needs_no_first_step(client, alice, team):
    question, _ = make_tested(team, SIX)
    assert step(client, alice, question) is None


def test_too_few_answers_ask_for_more(client, alice, team):
    question, _ = make_tested(team, SIX[:3])
    found = step(client, alice, question)
    assert found.title == "Add 2 more ranked answers"
    assert found.way.url == reverse("answers", args=[question.pk])


def test_ranked_answers_outside_the_run_come_before_new_ones(client, alice, team):
    question, _ = make_tested(team, SIX[:3])
    make_answer(question, tier=1)
    found = step(client, alice, question)
    assert found.title == "Run 1 more ranked answer"
    assert found.why == "1 other answer with a tier is not in this run. 1 more is needed besides."
    assert found.way.words == "Run them too"


def test_answers_half_labelled_ask_for_labels_and_not_for_answers(client, alice, team):
    question, _ = make_tested(team, SIX)
    rita = make_user("Rita", team, "reviewer")
    label(question, rita, question.answers.all()[:2])
    label(question, rita, question.answers.all()[2:], criteria=4)
    found = step(client, alice, question, verdicts="labels")
    assert found.title == "Finish labelling 4 ranked answers"
    assert found.why.startswith("They have no complete score: each counts once every criterion")
    assert (found.way.words, found.way.url) == (
        "Label them",
        reverse("labelling", args=[question.pk]),
    )


def test_without_a_label_the_way_to_labelling_is_first(client, alice, team):
    question, _ = make_tested(team, SIX)
    found = step(client, alice, question, verdicts="labels")
    assert (found.title, found.way.words) == ("Label the answers", "Label them")


def test_cells_that_the_judge_left_open_lead_to_the_run(client, alice, team):
    question, run = make_tested(team, [*SIX[:4], (None, {"tier": 1})])
    found = step(client, alice, question)
    assert found.title == "Get the missing verdicts of 1 ranked answer"
    assert found.why.startswith("It has no complete score:")
    assert str(run.pk) in found.way.url


def test_a_live_run_is_waited_for(client, alice, team):
    question, run = make_tested(team, [*SIX[:4], (None, {"tier": 1})], status="running")
    found = step(client, alice, question)
    assert (found.title, found.way.url) == ("Wait for 1 ranked answer", run.get_absolute_url())


def test_a_run_without_verdicts_leads_to_it(client, alice, team):
    question, _ = make_tested(team, [(None, {"tier": 1})])
    found = step(client, alice, question)
    assert (found.title, found.way.words) == ("Get verdicts", "Open the run")


def test_graded_answers_without_a_tier_are_to_be_ranked(client, alice, team):
    question, _ = make_tested(team, [*SIX[:3], (4, {}), (2, {})])
    found = step(client, alice, question)
    assert found.title == "Say which tier 2 answers of this run are in"
    assert "stated with the scores known" in found.why
    assert "besides" not in found.why


def test_one_tier_alone_asks_for_another_tier(client, alice, team):
    question, _ = make_tested(team, [(reached, {"tier": 2}) for reached in (9, 8, 6, 5, 2)])
    found = step(client, alice, question)
    assert found.title == "Add 1 answer of another tier"
    assert found.why == "All 5 that count are in one tier, so none can be better than another."
