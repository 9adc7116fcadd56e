import pytest

from tests.steering.planted.collection import CLEAN, fix_first, grade

pytestmark = pytest.mark.django_db
OURS = {"reversed_sign", "dead", "always_met", "dominates", "duplicate", "unstable_weight"}


def test_a_clean_collection_has_nothing_to_fix_in_its_criteria_and_weights(team):
    found, _ = fix_first(team, CLEAN)
    assert not OURS & {it["kind"] for it in found}


def test_the_figures_of_a_clean_collection_are_as_they_should_be(team):
    from rubric_studio.steering.report import report_json, report_of

    _, run = grade(team, CLEAN)
    figures = report_json(report_of(run))["figures"]
    assert figures["criteria"]["status"] == "ok"
    assert figures["weights"]["status"] == "ok"
    assert sum(it["effective_weight"] for it in figures["criteria"]["criteria"]) == pytest.approx(1)
    assert figures["weights"]["order_kept"] == 1
