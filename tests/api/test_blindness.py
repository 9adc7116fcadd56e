"""What REST tells somebody who was asked to label an answer and has not finished it."""

import json

import pytest

from rubric_studio.grading.labels import set_label
from tests.blinded import SECRETS


@pytest.fixture
def run(blinded):
    return blinded.run


@pytest.fixture
def answers(blinded):
    return blinded.answers


@pytest.fixture
def keys(blinded):
    return blinded.keys


def first(run):
    return run.run_answers.order_by("answer__ordinal").first().answer


REPLIES = {
    "grades": lambda run: f"runs/{run.pk}/grades",
    "labels": lambda run: f"answers/{first(run).pk}/labels",
    "adjudications": lambda run: f"answers/{first(run).pk}/adjudications",
    "an export": lambda run: (
        f"collections/{run.question.collection.slug}/export"
        "?format=rubric-studio&drafts=true&answers=true"
    ),
}


def says(response, secret):
    body = b"".join(response) if response.streaming else response.content
    return secret in body.decode()


@pytest.mark.parametrize("door", REPLIES)
def test_no_reply_over_rest_does_either(api, run, rita, olga, door):
    path = REPLIES[door](run)
    assert any(says(api(olga).get(path), f"{it} in A") for it in SECRETS)
    assert not any(says(api(rita).get(path), f"{it} in A") for it in SECRETS)


def test_scores_and_report_over_rest_leave_the_answer_out(api, run, answers, rita, olga):
    scored = [it["answer"] for it in json.loads(api(rita).get(f"runs/{run.pk}").content)["scores"]]
    assert scored == [str(answers[1].pk)]
    assert len(json.loads(api(olga).get(f"runs/{run.pk}").content)["scores"]) == 2
    refused = api(rita).get(f"runs/{run.pk}/steering")
    assert refused.status_code == 409
    assert "asked to label an answer" in json.loads(refused.content)["detail"]
    assert api(olga).get(f"runs/{run.pk}/steering").status_code == 200


def test_agreement_over_the_collection_leaves_its_labels_out(api, run, rita, olga):
    path = f"collections/{run.question.collection.slug}/agreement"
    labels = [json.loads(api(it).get(path).content)["labels"] for it in (olga, rita)]
    assert labels == [4, 2]


def test_own_labels_can_be_read_over_rest_meanwhile(api, run, answers, keys, rita):
    set_label(answers[0], keys[0], rita, verdict="unmet", note="Mine.")
    rows = json.loads(api(rita).get(f"answers/{answers[0].pk}/labels").content)["results"]
    assert [it["note"] for it in rows] == ["Mine."]
