from dataclasses import replace

import pytest

from tests.steering.planted.collection import CLEAN, fix_first

pytestmark = pytest.mark.django_db


def of(found, kind):
    return [it for it in found if it["kind"] == kind]


def test_planted_compound_credited_in_half_is_found_in_its_text(team):
    text = "Advises chewing aspirin and tells the reader to unlock the door."
    found, keys = fix_first(team, CLEAN.with_criterion(3, text=text))
    [compound] = of(found, "compound")
    assert (compound["criterion"], compound["figure"]) == (keys[3], 11)
    assert "tells the reader to unlock the door" in compound["sentence"]


def test_planted_missing_absence_criterion_is_found(team):
    planted = replace(CLEAN, criteria=CLEAN.criteria[:6])
    found, _ = fix_first(team, planted)
    [missing] = of(found, "no_absence_criteria")
    assert missing["figure"] == 11
    assert missing["criterion"] is None


def test_a_clean_collection_has_nothing_to_fix_in_its_wording(team):
    found, _ = fix_first(team, CLEAN)
    assert [it for it in found if it["figure"] == 11] == []
