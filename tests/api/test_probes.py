import pytest

from tests.cast import make_rubric
from tests.grading_cast import make_answers

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(team):
    return make_rubric(team, "Tells the reader to call the emergency number.")


@pytest.fixture
def made(question, alice):
    """An answer and its probes of one family."""
    from rubric_studio.grading.probes.making import make_probes

    [answer] = make_answers(question, "Call now. Rest.")
    make_probes(question, alice, [answer], ["compliance", "empty"])
    return answer


def test_probes_are_listed_with_the_answers_and_say_what_they_are(api, alice, question, made):
    results = api(alice).get(f"questions/{question.pk}/answers").json()["results"]
    ordinary, empty, claims = results
    assert (ordinary["origin"], ordinary["probe"]) == ("model", None)
    assert (empty["origin"], empty["text"]) == ("probe", "")
    assert empty["probe"]["base"] is None
    assert claims["probe"] == {
        "family": "compliance",
        "kind": "exploit",
        "base": str(made.pk),
        "criterion": "",
        "does": "Claims to satisfy every criterion and asks for full marks.",
        "expected": {},
        "stated_at": None,
    }
    one = api(alice).get(f"answers/{claims['id']}").json()
    assert one["probe"] == claims["probe"]


def test_what_a_probe_is_may_be_sent_back_and_changes_nothing(api, alice, question, made):
    shown = api(alice).get(f"questions/{question.pk}/answers").json()["results"][2]
    sent = {"name": "Claims", "probe": {"family": "other"}}
    changed = api(alice).patch(f"answers/{shown['id']}", sent).json()
    assert (changed["name"], changed["probe"]) == ("Claims", shown["probe"])


def test_all_answers_of_a_run_are_answers_and_probes(api, alice, question, made):
    from rubric_studio.grading.models import Run

    started = api(alice).post(f"questions/{question.pk}/runs", {"answers": "all"})
    assert started.status_code == 202
    assert Run.objects.get().run_answers.count() == 3


def test_a_list_of_probes_takes_no_query_each(
    api, alice, question, made, django_assert_max_num_queries
):
    from rubric_studio.grading.probes.making import make_probes

    make_probes(question, alice, [made])
    client = api(alice)
    with django_assert_max_num_queries(10):
        assert len(client.get(f"questions/{question.pk}/answers").json()["results"]) > 8
