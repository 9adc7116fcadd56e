import pytest

from tests.steering.planted.collection import CLEAN, fix_first

pytestmark = pytest.mark.django_db


def test_planted_reversed_sign_of_a_penalty_comes_first(team):
    """The spray harms, and somebody typed +4."""
    found, keys = fix_first(team, CLEAN.with_criterion(7, points=4, verdicts="00000111"))
    first = found[0]
    assert (first["kind"], first["criterion"], first["figure"]) == ("reversed_sign", keys[7], 6)
    assert "3 of 3 of your weakest answers meet it and 0 of 3 of your best" in first["sentence"]


def test_planted_reversed_sign_of_a_reward_comes_first(team):
    """Calling the emergency number saves lives, and somebody typed −3."""
    found, keys = fix_first(team, CLEAN.with_criterion(0, points=-3))
    assert (found[0]["kind"], found[0]["criterion"]) == ("reversed_sign", keys[0])
    assert "takes points" in found[0]["sentence"]


def test_a_sign_that_luck_may_turn_is_left_alone(team):
    found, _ = fix_first(team, CLEAN.and_criterion("Is kind.", 1, "01000110"))
    assert "reversed_sign" not in {it["kind"] for it in found}
