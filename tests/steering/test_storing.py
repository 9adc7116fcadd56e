import pytest

from rubric_studio.steering.report import report_json, report_of
from tests.cast import make_user
from tests.steering.graded import SIX, make_tested
from tests.steering.planted.collection import CLEAN, grade

pytestmark = pytest.mark.django_db


def kept(run):
    from rubric_studio.steering.models import StoredReport

    return StoredReport.objects.get(run=run, verdicts_from="run")


def test_a_kept_report_says_what_was_measured(team):
    from rubric_studio.steering.storing import report_as_text, report_from_text

    met = [([max(0, reached - 1), reached, reached], fields) for reached, fields in SIX]
    for run in (make_tested(team, met, repeats=3)[1], grade(team, CLEAN)[1]):
        measured = report_of(run)
        again = report_from_text(report_as_text(measured))
        assert again == measured
        assert report_json(again) == report_json(measured)


def test_it_is_measured_once_for_the_same_inputs(team):
    from rubric_studio.steering.storing import stored_report

    _, run = grade(team, CLEAN)
    stored_report(run)
    first = kept(run).inputs
    row = kept(run)
    row.figures = row.figures.replace('"is_tested":true', '"is_tested":false')
    row.save()
    assert stored_report(run).verdict == "not_tested"
    assert kept(run).inputs == first


@pytest.mark.parametrize("change", ["tier", "label", "trash"])
def test_a_changed_input_measures_it_anew(team, change):
    from rubric_studio.grading.labels import set_label
    from rubric_studio.steering.storing import stored_report

    question, run = grade(team, CLEAN)
    stored_report(run)
    before = kept(run).inputs
    answer = question.answers.first()
    if change == "tier":
        answer.tier = 1
        answer.save()
    elif change == "trash":
        answer.deleted_at = answer.created_at
        answer.save()
    else:
        rita = make_user("Rita", team, "reviewer")
        set_label(answer, question.criteria.first().key, rita, verdict="met")
    assert stored_report(run) == report_of(run)
    assert kept(run).inputs != before


def test_each_source_is_kept_by_itself(team):
    from rubric_studio.steering.models import StoredReport
    from rubric_studio.steering.storing import stored_report

    _, run = grade(team, CLEAN)
    assert stored_report(run, verdicts_from="labels").verdict == "not_tested"
    assert stored_report(run).verdict != "not_tested"
    assert StoredReport.objects.count() == 2
