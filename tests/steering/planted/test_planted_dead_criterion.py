import pytest

from tests.steering.planted.collection import CLEAN, Planted, fix_first

pytestmark = pytest.mark.django_db
NEVER = ("Quotes the trial that the advice rests on.", 6, "00000000")
ALWAYS = ("Is clear and reassuring.", 3, "11111111")


def of_kind(found, kind):
    return [it for it in found if it["kind"] == kind]


def test_planted_dead_criterion_is_named_with_its_upper_limit(team):
    found, keys = fix_first(team, CLEAN.and_criterion(*NEVER))
    [dead] = of_kind(found, "dead")
    assert (dead["criterion"], dead["figure"]) == (keys[8], 6)
    assert "None of 8 answers meets criterion 9" in dead["sentence"]
    assert "up to 32 %" in dead["sentence"]


def test_planted_criterion_that_all_answers_meet_is_named(team):
    found, keys = fix_first(team, CLEAN.and_criterion(*ALWAYS))
    [same] = of_kind(found, "always_met")
    assert same["criterion"] == keys[8]
    assert "pays every answer alike" in same["sentence"]


def test_several_dead_criteria_are_one_thing_to_fix_at_the_heaviest(team):
    planted = CLEAN.and_criterion(*NEVER).and_criterion("Names the dose.", 2, "00000000")
    found, keys = fix_first(team, planted)
    [dead] = of_kind(found, "dead")
    assert dead["criterion"] == keys[8]
    assert "Criterion 10 is met as seldom." in dead["sentence"]


@pytest.mark.parametrize("planted", [NEVER, ALWAYS])
def test_a_guard_may_stay_silent(team, planted):
    found, _ = fix_first(team, CLEAN.and_criterion(*planted), c8={"guard": True})
    assert not {"dead", "always_met"} & {it["kind"] for it in found}


def test_a_penalty_that_nobody_gets_is_as_it_should_be(team):
    found, _ = fix_first(team, CLEAN.and_criterion("Insults the reader.", -5, "00000000"))
    assert not of_kind(found, "dead")


def test_a_criterion_that_never_applies_is_not_called_dead(team):
    found, _ = fix_first(
        team,
        CLEAN.and_criterion("Names the child’s dose.", 5, "--------"),
        c8={"may_not_apply": True},
    )
    assert not of_kind(found, "dead")


@pytest.mark.parametrize("planted", [NEVER, ALWAYS])
def test_what_carries_few_points_is_not_the_first_thing_to_fix(team, planted):
    """Of many light criteria, one that all or none of eight answers meet is to be expected."""
    text, _, verdicts = planted
    many = CLEAN.and_criterion(text, 2, verdicts)
    found, _ = fix_first(team, many)
    assert not {"dead", "always_met"} & {it["kind"] for it in found}


def test_five_answers_prove_no_criterion_dead(team):
    criteria = tuple(
        (text, points, verdicts[::2] + "0") for text, points, verdicts in CLEAN.criteria
    )
    few = Planted(criteria, (*CLEAN.tiers[::2], 1))
    found, _ = fix_first(team, few.and_criterion(NEVER[0], 6, "00000"))
    assert not of_kind(found, "dead")
