import pytest
from django.urls import reverse

from tests.cast import make_collection
from tests.steering.collection.labelled import judge_again, make_labelled

pytestmark = pytest.mark.django_db


def page(client, user, collection, **query):
    client.force_login(user)
    return client.get(reverse("collection-agreement", args=[collection.slug]), query)


def test_the_page_says_how_far_the_judge_can_be_trusted(client, bob, team):
    collection, [run] = make_labelled(team, questions=1, c4="00010010")
    shown = page(client, bob, collection).content.decode()
    assert "qwen3-32b and your experts say the same on 124 of 128 verdicts: 0.94" in shown
    assert "Your experts reach 1.00 with each other; the judge lies below that." in shown
    key = run.question.criteria.order_by("position")[4].key
    grade = reverse("grade", args=[run.question_id])
    assert f"{grade}?run={run.pk}&amp;cell=A.{key}#cell" in shown
    assert client.get(f"{grade}?run={run.pk}&cell=A.{key}").status_code == 200


def test_another_judge_can_be_chosen(client, bob, team):
    collection, [run] = make_labelled(team, questions=1)
    other = judge_again(run, "Cheap", c0="00000000").judge
    assert b"Cheap and your experts" in page(client, bob, collection, judge=other.pk).content
    assert page(client, bob, collection, judge="nobody").status_code == 200


def test_a_collection_without_labels_says_what_is_missing(client, bob, team):
    shown = page(client, bob, make_collection(team))
    assert shown.status_code == 200
    assert b"No expert has labelled an answer of this collection yet." in shown.content


def test_labels_without_a_judge_show_the_experts_own_limit(client, bob, team):
    from rubric_studio.grading.models import Run

    collection, _ = make_labelled(team, questions=1)
    Run.objects.update(status="cancelled")
    shown = page(client, bob, collection).content.decode()
    assert "No judge has graded a labelled answer" in shown
    assert "Your experts reach 1.00 with each other" in shown


def test_a_stranger_finds_nothing(client, charlie, team):
    collection, _ = make_labelled(team, questions=1, experts=0)
    assert page(client, charlie, collection).status_code == 404


def test_only_reading_is_offered(client, bob, team):
    client.force_login(bob)
    url = reverse("collection-agreement", args=[make_collection(team).slug])
    assert client.post(url).status_code == 405


def test_the_collections_page_leads_there(client, bob, team):
    collection = make_collection(team)
    client.force_login(bob)
    shown = client.get(collection.get_absolute_url()).content.decode()
    assert reverse("collection-agreement", args=[collection.slug]) in shown


def test_the_page_takes_few_queries(client, bob, team, django_assert_max_num_queries):
    collection, _ = make_labelled(team, questions=3, experts=2)
    client.force_login(bob)
    with django_assert_max_num_queries(17):
        page(client, bob, collection)
