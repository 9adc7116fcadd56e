import pytest

from rubric_studio.grading.labels import set_label
from rubric_studio.rubrics.draft import draft_document
from tests.api.conftest import assert_problem
from tests.cast import make_rubric
from tests.grading_cast import make_answers


@pytest.fixture
def answer(team):
    return make_answers(make_rubric(team, "Explains the risks"), "Call now.")[0]


@pytest.fixture
def key(answer):
    return draft_document(answer.question).criteria[0].key


def test_an_author_settles_a_cell_and_labels_stay(api, answer, key, rita, olga, alice):
    set_label(answer, key, rita, verdict="met")
    set_label(answer, key, olga, verdict="unmet")
    path = f"answers/{answer.pk}/adjudications"
    sent = {"criterion": key, "verdict": "unmet", "note": "Only one of three."}
    made = api(alice).post(path, sent)
    assert made.status_code == 201
    said = made.json()
    assert (said["criterion"], said["status"], said["value"]) == (key, "graded", 0)
    assert (said["note"], said["author"]) == ("Only one of three.", alice.email)
    api(alice).post(path, {**sent, "verdict": "met"})
    assert [it["value"] for it in api(rita).get(path).json()["results"]] == [1]
    assert len(api(rita).get(f"answers/{answer.pk}/labels").json()["results"]) == 2


@pytest.mark.parametrize("change", [{"note": ""}, {"verdict": "maybe"}, {"criterion": "c-gone"}])
def test_what_can_not_hold_is_refused(api, answer, key, alice, change):
    sent = {"criterion": key, "verdict": "met", "note": "So.", **change}
    assert_problem(api(alice).post(f"answers/{answer.pk}/adjudications", sent), 400)


def test_reviewers_and_strangers_settle_nothing(api, answer, key, rita, charlie):
    sent = {"criterion": key, "verdict": "met", "note": "So."}
    path = f"answers/{answer.pk}/adjudications"
    assert_problem(api(rita).post(path, sent), 403)
    assert_problem(api(charlie).post(path, sent), 404)
    assert_problem(api(charlie).get(path), 404)
