import pytest

from tests.steering.planted.probing import clean, report_of_given

pytestmark = pytest.mark.django_db
OURS = {"stuffable", "spills", "compound", "over_credit", "under_credit", "flips"}


def test_clean_probes_and_edits_leave_nothing_to_fix(team):
    report, _ = report_of_given(team, clean())
    assert not OURS & {it["kind"] for it in report["fix_first"]}
    figures = report["figures"]
    assert figures["steer_tests"]["status"] == "ok"
    assert figures["spillover"]["status"] == "ok"
    assert figures["probes"]["status"] == "ok"


def test_probes_are_kept_out_of_the_order(team):
    report, _ = report_of_given(team, clean())
    assert report["figures"]["order"]["n"] == 6
    assert report["figures"]["order"]["concordance"] == 1
