import pytest

from tests.steering.planted.collection import CLEAN, fix_first

pytestmark = pytest.mark.django_db


def test_planted_tiers_not_separated_are_named(team):
    """B, of the strong tier, and D, of the acceptable one, earn the same."""
    planted = CLEAN.with_criterion(3, verdicts="10110100").with_criterion(4, verdicts="10010010")
    # B: 10 + 8 + 6 + 3 = 27. D: 10 + 8 + 5 + 4 = 27.
    found, _ = fix_first(team, planted)
    [it] = [it for it in found if it["kind"] == "tiers_not_separated"]
    assert it["figure"] == 2
    assert "B and D" in it["sentence"]
