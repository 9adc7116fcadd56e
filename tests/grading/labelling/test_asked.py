import pytest
from django.urls import reverse

from rubric_studio.accounts.models import Membership
from rubric_studio.grading.answers.editing import edit_answer
from rubric_studio.grading.labelling.asked import asked_of
from rubric_studio.grading.labelling.assigning import assign
from rubric_studio.grading.labels import Wording, set_label
from rubric_studio.rubrics.draft import draft_document
from rubric_studio.rubrics.editing import edit_criterion
from tests.cast import make_collection, make_rubric
from tests.grading_cast import make_answers


@pytest.fixture
def question(team):
    return make_rubric(team, "Explains the risks", "Names the dose", title="Chest pressure")


@pytest.fixture
def answers(question):
    return make_answers(question, "Call now.", "Wait.")


def waiting(user):
    return [(it.answers, it.open, it.stale) for it in asked_of(user)]


def test_start_page_says_what_an_expert_is_asked_to_label(client, question, answers, alice, rita):
    client.force_login(rita)
    assert "To label" not in client.get(reverse("home")).text
    assign(question, alice, [rita], answers, 1)
    page = client.get(reverse("home")).text
    assert "4 cells to label in 2 answers" in page
    assert reverse("labelling", args=[question.pk]) in page


def test_it_goes_away_label_by_label_and_comes_back_with_a_new_wording(
    question, answers, alice, rita
):
    assign(question, alice, [rita], answers, 1)
    keys = [it.key for it in draft_document(question).criteria]
    for answer in answers:
        for key in keys:
            set_label(answer, key, rita, verdict="met")
    assert waiting(rita) == []
    criterion = question.criteria.get(key=keys[0])
    edit_criterion(criterion, alice, based_on=criterion.revision, text="Explains every risk")
    assert waiting(rita) == [(2, 0, 2)]
    edit_answer(answers[0], alice, text="Call later.")
    assert waiting(rita) == [(2, 0, 3)]


def test_a_label_of_an_old_wording_that_came_late_is_to_be_read_again(question, answers, rita):
    key = draft_document(question).criteria[0].key
    set_label(answers[0], key, rita, verdict="met", read=Wording("0" * 64, "0" * 64))
    assert waiting(rita) == [(0, 0, 1)]


def test_who_left_the_team_is_asked_nothing(question, answers, alice, rita):
    assign(question, alice, [rita], answers, 1)
    Membership.objects.filter(user=rita).delete()
    assert waiting(rita) == []


def test_queries_do_not_grow_with_the_questions(team, alice, rita, django_assert_max_num_queries):
    for _ in range(4):
        question = make_rubric(team, "Explains", collection=make_collection(team))
        answers = make_answers(question, "Call now.", "Wait.")
        assign(question, alice, [rita], answers, 1)
        set_label(answers[0], draft_document(question).criteria[0].key, rita, verdict="met")
        edit_answer(answers[1], alice, text="Run.")
    with django_assert_max_num_queries(5):
        assert len(asked_of(rita)) == 4
