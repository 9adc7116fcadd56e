import pytest

from tests.cast import make_collection
from tests.steering.collection.labelled import make_labelled

pytestmark = pytest.mark.django_db


def test_a_collections_agreement_is_read_over_rest(api, bob, team):
    collection, [run] = make_labelled(team, questions=1, c4="00010010")
    said = api(bob).get(f"collections/{collection.slug}/agreement").json()
    assert (said["experts"], said["labels"], said["between_experts"]["alpha"]) == (2, 128, 1)
    [judge] = said["judges"]
    assert (judge["name"], judge["n"], judge["false_accepts"]) == ("qwen3-32b", 128, 4)
    assert judge["kappa"] == pytest.approx(0.936, abs=0.001)
    worst = judge["criteria"][0]
    assert worst["criterion"] == run.question.criteria.order_by("position")[4].key
    assert [it["judge"] for it in worst["wrong"]] == ["met", "met"]


def test_nothing_labelled_gives_nulls(api, bob, team):
    said = api(bob).get(f"collections/{make_collection(team).slug}/agreement").json()
    assert (said["judges"], said["between_experts"]["alpha"]) == ([], None)


def test_a_stranger_gets_404(api, charlie, team):
    slug = make_collection(team).slug
    assert api(charlie).get(f"collections/{slug}/agreement").status_code == 404
