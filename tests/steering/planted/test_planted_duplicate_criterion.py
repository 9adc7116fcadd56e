import pytest

from tests.steering.planted.collection import CLEAN, Planted, fix_first

pytestmark = pytest.mark.django_db


def duplicates(found):
    return [it for it in found if it["kind"] == "duplicate"]


def test_planted_duplicate_criterion_is_found_by_its_verdicts_and_words(team):
    planted = CLEAN.and_criterion("Advises calling the emergency number.", 7, "11111000")
    found, keys = fix_first(team, planted)
    assert keys[8] in {it["criterion"] for it in duplicates(found)}
    assert any("Criteria 1 and 9" in it["sentence"] for it in duplicates(found))


def test_equal_verdicts_on_few_answers_are_no_proof_for_other_words(team):
    found, _ = fix_first(team, CLEAN.and_criterion("Explains whom to ask later.", 2, "11111000"))
    assert not duplicates(found)


def test_planted_duplicate_criterion_is_found_by_its_verdicts_alone_on_many_answers(team):
    criteria = tuple((text, points, verdicts * 3) for text, points, verdicts in CLEAN.criteria)
    planted = Planted(criteria, CLEAN.tiers * 3)
    clean, _ = fix_first(team, planted)
    assert not duplicates(clean)
    found, keys = fix_first(
        team, planted.and_criterion("Explains whom to ask later.", 2, "10110100" * 3)
    )
    assert [it["criterion"] for it in duplicates(found)] == [keys[8]]


def test_what_every_good_answer_does_is_not_one_thing(team):
    """All strong and acceptable answers meet it, no weak one does, like the first criterion: their
    quality explains that."""
    criteria = tuple((text, points, verdicts * 3) for text, points, verdicts in CLEAN.criteria)
    planted = Planted(criteria, CLEAN.tiers * 3)
    found, _ = fix_first(
        team, planted.and_criterion("Explains whom to ask later.", 2, "11111000" * 3)
    )
    assert not duplicates(found)


def test_two_wordings_of_one_thing_with_other_verdicts_are_two_things(team):
    planted = CLEAN.and_criterion("Advises calling the emergency number.", 7, "11110100")
    found, _ = fix_first(team, planted)
    assert not [it for it in duplicates(found) if it["figure"] == 6]
