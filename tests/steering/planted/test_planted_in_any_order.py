"""A planted fault is found wherever it stands, and however many answers show it."""

from random import Random

import pytest

from tests.steering.planted.collection import CLEAN, Planted, fix_first

pytestmark = pytest.mark.django_db

SEEDS = range(5)
REVERSED = CLEAN.with_criterion(6, points=9)
DEAD = CLEAN.with_criterion(2, verdicts="0" * 8)
ALWAYS = CLEAN.with_criterion(2, verdicts="1" * 8)
DOMINATING = CLEAN.with_criterion(0, points=90)
DUPLICATE = CLEAN.and_criterion(
    "Tells the reader to ring the emergency number.", 10, CLEAN.criteria[0][2]
)
# B, of the strong tier, and D, of the acceptable one, earn the same.
TOUCHING = CLEAN.with_criterion(3, verdicts="10110100").with_criterion(4, verdicts="10010010")
FAULTS = {
    "reversed_sign": REVERSED,
    "dead": DEAD,
    "always_met": ALWAYS,
    "dominates": DOMINATING,
    "duplicate": DUPLICATE,
    "tiers_not_separated": TOUCHING,
}


def shuffled(planted, seed, times):
    """Criteria and answers in another order, every answer `times` over."""
    random = Random(seed)
    criteria = random.sample(planted.criteria, len(planted.criteria))
    places = random.sample(range(len(planted.tiers)), len(planted.tiers)) * times
    return Planted(
        tuple((text, points, "".join(v[it] for it in places)) for text, points, v in criteria),
        tuple(planted.tiers[it] for it in places),
    )


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", FAULTS)
def test_planted_faults_are_found_in_any_order(team, kind, seed, times):
    found, _ = fix_first(team, shuffled(FAULTS[kind], seed, times))
    assert kind in [it["kind"] for it in found]


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_clean_collection_has_nothing_to_fix_in_any_order(team, seed, times):
    found, _ = fix_first(team, shuffled(CLEAN, seed, times))
    assert found == []
