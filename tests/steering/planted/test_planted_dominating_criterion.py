import pytest

from tests.steering.planted.collection import CLEAN, fix_first

pytestmark = pytest.mark.django_db


def test_planted_dominating_criterion_is_named_with_its_share(team):
    found, keys = fix_first(team, CLEAN.with_criterion(0, points=90))
    [it] = [it for it in found if it["kind"] == "dominates"]
    assert (it["criterion"], it["figure"]) == (keys[0], 6)
    assert "alone makes" in it["sentence"]


def test_planted_unstable_weight_names_the_pair_and_how_little_it_takes(team):
    # D has 23 points and F 5 - 10 + points of criterion 6: at 27.5 they are half a point apart.
    found, keys = fix_first(team, CLEAN.with_criterion(5, points=27.5))
    [it] = [it for it in found if it["kind"] == "unstable_weight"]
    assert it["figure"] == 7
    assert it["criterion"] in keys
    assert "which you hold to be better" in it["sentence"]
