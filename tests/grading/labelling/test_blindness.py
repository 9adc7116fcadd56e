"""Every door to a verdict, tried by somebody who was asked to label and has not finished."""

import pytest

from rubric_studio.grading.labelling.assigning import withdraw
from rubric_studio.grading.labelling.blindness import still_to_label, still_to_label_in
from rubric_studio.grading.labels import set_label
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.editing import edit_criterion
from tests.blinded import JUDGED, NOTED, SECRETS, SETTLED


@pytest.fixture
def run(blinded):
    return blinded.run


@pytest.fixture
def answers(blinded):
    return blinded.answers


@pytest.fixture
def keys(blinded):
    return blinded.keys


@pytest.fixture
def question(blinded):
    return blinded.question


def get(address):
    return lambda client, run: client.get(address(run), headers={"HX-Request": "true"})


def page(address):
    return lambda client, run: client.get(address(run))


def cell(run, letter="A"):
    key = draft_document(run.question).criteria[0].key
    return f"run={run.pk}&cell={letter}.{key}"


def evidence(run):
    return f"/runs/{run.pk}/evidence?{cell(run).partition('&')[2]}"


# What each shows of A to somebody who was asked for nothing: words of a verdict on it.
PAGES = {
    "the grading page's cell": (get(lambda run: f"/q/{run.question_id}/cell?{cell(run)}"), JUDGED),
    "the evidence": (page(evidence), JUDGED),
    "the list of disagreements": (
        page(lambda run: f"/q/{run.question_id}/labels/disagreements"),
        f"{SETTLED} in A",
    ),
    "the report": (page(lambda run: f"/q/{run.question_id}/steering?run={run.pk}"), "figure-1"),
}
FILES = {
    "a file of the collection": (
        page(
            lambda run: (
                f"/c/{run.question.collection.slug}/export/file"
                "?format=rubric-studio&drafts=on&answers=on"
            )
        ),
        f"{NOTED} in A",
    ),
}


def body(response):
    return b"".join(response) if response.streaming else response.content


def says(response, secret):
    return secret in body(response).decode()


DOORS = {**PAGES, **FILES}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", ["rita", "alice"])
def test_no_page_shows_a_verdict_to_who_has_still_to_label(client, request, run, name, door, olga):
    look, telling = DOORS[door]
    client.force_login(olga)
    assert says(look(client, run), telling)
    client.force_login(request.getfixturevalue(name))
    shown = body(look(client, run)).decode()
    assert not any(f"{it} in A" in shown for it in SECRETS)
    assert telling not in shown


def test_the_report_says_what_to_do_first(client, run, rita):
    client.force_login(rita)
    path = f"/q/{run.question_id}/steering"
    shown = client.get(path).text
    assert "You were asked to label 1 answer that is not finished." in shown
    assert f'href="/q/{run.question_id}/labels"' in shown
    assert client.get(f"{path}/freshness").status_code == 409


def test_the_grading_page_leaves_the_answer_out_and_says_so(client, run, rita, keys):
    client.force_login(rita)
    shown = client.get(f"/q/{run.question_id}/grade?run={run.pk}").text
    assert "1 answer that you were asked to label is left out until you have." in shown
    assert f'"B.{keys[0]}"' in shown
    assert f"A.{keys[0]}" not in shown


def test_marks_and_quotes_leave_the_answer_out_where_criteria_are_written(
    client, run, alice, olga, question
):
    row = question.criteria.first()
    path = f"/q/{question.pk}/marked?criterion={row.pk}"
    client.force_login(olga)
    assert client.get(path).text.count("<mark") == 2
    client.force_login(alice)
    assert client.get(path).text.count("<mark") == 1


def test_a_judge_is_not_tried_on_an_answer_that_waits_for_its_author(
    client, run, alice, question, answers
):
    from rubric_studio.grading.answers.pins import pin_answer

    pin_answer(answers[0])
    row = question.criteria.first()
    fields = {"text": row.text, "points": "5", "gate": "none"}
    client.force_login(alice)
    headers = {"HX-Request": "true"}
    refused = client.post(f"/criteria/{row.pk}/try", fields, headers=headers)
    assert refused.status_code == 409
    assert "asked to label" in refused.text


def test_the_last_key_opens_every_door(client, run, answers, keys, rita):
    assert still_to_label(run.question, rita) == {answers[0].pk}
    assert still_to_label_in(run.question.collection, rita) == {answers[0].pk}
    for key in keys:
        set_label(answers[0], key, rita, verdict="unmet")
    assert still_to_label(run.question, rita) == frozenset()
    assert still_to_label_in(run.question.collection, rita) == frozenset()
    client.force_login(rita)
    assert says(client.get(evidence(run)), JUDGED)


def test_one_that_was_reworded_waits_again(run, answers, keys, rita, question, alice):
    for key in keys:
        set_label(answers[0], key, rita, verdict="unmet")
    row = question.criteria.get(key=keys[0])
    edit_criterion(row, alice, text="Explains every risk", based_on=row.revision)
    assert still_to_label(question, rita) == {answers[0].pk}


def test_an_author_may_take_back_what_was_asked_of_them(client, run, alice):
    client.force_login(alice)
    assert client.get(evidence(run)).status_code == 409
    withdraw(run.question, alice)
    assert says(client.get(evidence(run)), JUDGED)


def test_whoever_was_asked_for_nothing_costs_one_query(
    run, question, olga, django_assert_num_queries
):
    with django_assert_num_queries(1):
        assert still_to_label(question, olga) == frozenset()
