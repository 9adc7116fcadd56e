import pytest
from django.utils.timezone import now

from rubric_studio.grading.answers.editing import delete_answer
from rubric_studio.grading.labelling.adjudicating import settle, unsettle
from rubric_studio.grading.labels import set_label
from rubric_studio.grading.models import Comparison, Probe
from rubric_studio.rubrics.models import LintDismissal
from rubric_studio.steering.inputs import inputs_of
from rubric_studio.steering.report import report_json, report_of
from rubric_studio.steering.storing import stored_report
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
    _, run = grade(team, CLEAN)
    stored_report(run)
    first = kept(run).inputs
    row = kept(run)
    row.figures = row.figures.replace('"is_tested":true', '"is_tested":false')
    row.save()
    assert stored_report(run).verdict == "not_tested"
    assert kept(run).inputs == first


def rank_lower(question, alice):
    question.answers.filter(tier=3).update(tier=1)


def throw_away(question, alice):
    delete_answer(question.answers.first(), alice)


def hold_out(question, alice):
    question.answers.filter(tier=1).update(is_held_out=True)


def state_a_band(question, alice):
    question.answers.filter(tier=1).update(band_low=0.8, band_high=0.9)


def label(question, alice):
    set_label(question.answers.first(), question.criteria.first().key, alice, verdict="met")


def choose(question, alice):
    one, other, *_ = question.answers.all()
    Comparison.objects.create(question=question, author=alice, better=one, worse=other)


def take_a_choice_back(question, alice):
    choose(question, alice)
    before = inputs_of(question.runs.get())
    one, other, *_ = question.answers.all()
    Comparison.objects.create(
        question=question, author=alice, better=one, worse=other, is_withdrawn=True
    )
    assert inputs_of(question.runs.get()) != before


def expect_of_a_probe(question, alice):
    base, probe, *_ = question.answers.all()
    made = Probe.objects.create(
        answer=probe, base=base, kind="steer", family="cut", stated_at=now(), expected={}
    )
    before = inputs_of(question.runs.get())
    Probe.objects.filter(pk=made.pk).update(expected={question.criteria.first().key: "down"})
    assert inputs_of(question.runs.get()) != before


def settle_and_open_again(question, alice):
    answer, key = question.answers.first(), question.criteria.first().key
    set_label(answer, key, alice, verdict="met")
    settle(answer, key, alice, verdict="unmet", note="Because.")
    before = inputs_of(question.runs.get())
    unsettle(answer, key)
    assert inputs_of(question.runs.get()) != before


def rename_an_expert(question, alice):
    label(question, alice)
    before = inputs_of(question.runs.get())
    type(alice).objects.filter(pk=alice.pk).update(name="Alice Other")
    assert inputs_of(question.runs.get()) != before


def let_a_finding_stand(question, alice):
    LintDismissal.objects.create(
        question=question, criterion_key=question.criteria.first().key, rule="L02", reason="It is."
    )


CHANGES = [
    settle_and_open_again,
    rename_an_expert,
    let_a_finding_stand,
    rank_lower,
    throw_away,
    hold_out,
    state_a_band,
    label,
    choose,
    take_a_choice_back,
    expect_of_a_probe,
]


@pytest.mark.parametrize("change", CHANGES, ids=[it.__name__ for it in CHANGES])
def test_a_changed_input_measures_it_anew(team, alice, change):
    question, run = grade(team, CLEAN)
    stored_report(run)
    before = kept(run).inputs
    change(question, alice)
    assert stored_report(run) == report_of(run)
    assert kept(run).inputs != before


def test_each_source_is_kept_by_itself(team):
    from rubric_studio.steering.models import StoredReport

    _, run = grade(team, CLEAN)
    assert stored_report(run, verdicts_from="labels").verdict == "not_tested"
    assert stored_report(run).verdict != "not_tested"
    assert StoredReport.objects.count() == 2
