import pytest

from rubric_studio.grading.answers.editing import answer_hash, content_of, edit_answer
from rubric_studio.grading.labels import (
    clear_label,
    consensus,
    labels_of,
    set_label,
)
from rubric_studio.grading.models import Label
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.editing import InvalidEdit, edit_criterion
from tests.cast import make_rubric
from tests.grading_cast import make_answers

LEVELS = [
    {"label": "none", "value": 0, "description": ""},
    {"label": "some", "value": 0.5, "description": ""},
    {"label": "all", "value": 1, "description": ""},
]


@pytest.fixture
def question(team):
    return make_rubric(team, "Explains the risks", {"text": "Is thorough", "levels": LEVELS})


@pytest.fixture
def answer(question):
    return make_answers(question, "Call now.")[0]


@pytest.fixture
def keys(question):
    return [it.key for it in draft_document(question).criteria]


def said(question):
    document = draft_document(question)
    hashes = {it.pk: answer_hash(content_of(it)) for it in question.answers.all()}
    return consensus(document, labels_of(question), hashes)


def test_a_second_thought_replaces_the_label_and_the_first_one_stays(answer, keys, rita):
    set_label(answer, keys[0], rita, verdict="met")
    set_label(answer, keys[0], rita, verdict="unmet", note="No: only one.")
    assert [it.value for it in Label.objects.all()] == [1.0, 0.0]
    assert [it.value for it in Label.objects.current()] == [0.0]
    clear_label(answer, keys[0], rita)
    assert not Label.objects.current().exists()


def test_a_verdict_that_the_criterion_does_not_have_is_refused(answer, keys, rita):
    for key, verdict in [(keys[0], "all"), (keys[1], "met"), (keys[0], ""), ("c-gone", "met")]:
        with pytest.raises(InvalidEdit):
            set_label(answer, key, rita, verdict=verdict)
    assert set_label(answer, keys[1], rita, verdict="some").value == 0.5


def test_experts_together_say_the_mean_and_not_applicable_needs_a_majority(
    question, answer, keys, rita, alice, olga
):
    for user, verdict in [(rita, "met"), (alice, "unmet"), (olga, "met")]:
        set_label(answer, keys[0], user, verdict=verdict)
    for user, verdict in [(rita, "not_applicable"), (alice, "some")]:
        set_label(answer, keys[1], user, verdict=verdict)
    cells = said(question)
    assert cells[answer.pk, keys[0]].value == 2 / 3
    assert cells[answer.pk, keys[1]].value == 0.5
    set_label(answer, keys[1], alice, verdict="not_applicable")
    assert said(question)[answer.pk, keys[1]].status == "not_applicable"


def test_cannot_tell_alone_is_no_verdict_and_beside_others_does_not_count(
    question, answer, keys, rita, alice
):
    set_label(answer, keys[0], rita, verdict="cannot_assess")
    assert said(question)[answer.pk, keys[0]].status == "cannot_assess"
    set_label(answer, keys[0], alice, verdict="met")
    assert said(question)[answer.pk, keys[0]].value == 1.0


def test_a_label_is_stale_once_the_wording_or_the_answer_changed(
    question, answer, keys, rita, alice
):
    set_label(answer, keys[0], rita, verdict="met")
    set_label(answer, keys[1], rita, verdict="all")
    criterion = question.criteria.get(key=keys[0])
    edit_criterion(criterion, alice, based_on=criterion.revision, text="Explains every risk")
    assert set(said(question)) == {(answer.pk, keys[1])}
    edit_answer(answer, alice, text="Call later.")
    assert said(question) == {}


def test_another_value_of_a_level_is_the_value_of_the_labels_that_chose_it(
    question, answer, keys, rita, alice
):
    set_label(answer, keys[1], rita, verdict="some")
    criterion = question.criteria.get(key=keys[1])
    levels = [*LEVELS[:1], {**LEVELS[1], "value": 0.25}, *LEVELS[2:]]
    edit_criterion(criterion, alice, based_on=criterion.revision, points=9, levels=levels)
    assert said(question)[answer.pk, keys[1]].value == 0.25
