import pytest

from rubric_studio.grading.tryout.room import room
from tests.cast import make_rubric
from tests.grading_cast import make_answers


@pytest.fixture(autouse=True)
def empty_room():
    room.places.clear()
    room.began.clear()


@pytest.fixture
def criterion(client, team, alice, judge, scripted_judge):
    """One criterion, two answers; the judge takes "now" for met."""
    client.force_login(alice)
    scripted_judge.answer_with(lambda criterion, answer: "met" if "now" in answer else "unmet")
    question = make_rubric(team, "Says when to call")
    make_answers(question, "Call now.", tier=3, name="Good")
    make_answers(question, "Wait a day.", tier=1, name="Bad")
    return question.criteria.get()
