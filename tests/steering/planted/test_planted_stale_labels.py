import pytest

from tests.cast import make_user
from tests.steering.planted.collection import CLEAN, grade

pytestmark = pytest.mark.django_db


def test_planted_stale_labels_are_asked_for_again(team):
    from rubric_studio.grading.labels import set_label
    from rubric_studio.grading.models import Label
    from rubric_studio.steering.report import report_json, report_of

    question, run = grade(team, CLEAN)
    rita = make_user("Rita", team, "reviewer")
    answer, criterion = question.answers.first(), question.criteria.first()
    set_label(answer, criterion.key, rita, verdict="met")
    fresh = report_json(report_of(run))
    assert "stale_labels" not in {it["kind"] for it in fresh["fix_first"]}
    Label.objects.update(grading_hash="0" * 64)
    found = report_json(report_of(run))
    assert "stale_labels" in {it["kind"] for it in found["fix_first"]}
    assert found["figures"]["headroom"]["labels"] == {"current": 0, "stale": 1}
