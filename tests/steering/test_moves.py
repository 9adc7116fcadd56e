"""Two large runs side by side: a worker compares them, and nobody waits at an empty page."""

from uuid import uuid4

import pytest
from django.urls import reverse

from rubric_studio.grading.models import RunSeen
from rubric_studio.rubrics.editing import edit_criterion
from rubric_studio.steering import reading
from rubric_studio.steering.loading import material_of
from rubric_studio.steering.models import StoredReport
from rubric_studio.steering.moves import compared
from rubric_studio.steering.moves_stored import regression_as_text, regression_from_text
from rubric_studio.steering.regression import what_moved
from rubric_studio.steering.tasks import measure_report
from tests.cast import make_answer, make_version
from tests.rubrics.pages import page
from tests.steering.graded import SIX, make_graded_run, make_judge_row, make_tested

pytestmark = pytest.mark.django_db
# B and C change places, F and E draw level.
OTHER = (9, 6, 8, 5, 2, 2)


@pytest.fixture
def two(team, client, alice):
    """A published version that was run, and a run of the draft with other points."""
    client.force_login(alice)
    question, before = make_tested(team, SIX, judge=make_judge_row(team))
    make_version(question)
    edit_criterion(question.criteria.first(), alice, 1, points=3)
    make_answer(question, tier=1)
    answers = question.answers.order_by("ordinal")
    met = dict(zip(answers, (*OTHER, 1), strict=True))
    return question, before, make_graded_run(question, met, judge=before.judge)


@pytest.fixture
def large(monkeypatch):
    """Every report counts as too large for a request."""
    monkeypatch.setattr(reading, "MOST_IN_REQUEST", 0)


def measure():
    for row in StoredReport.objects.all():
        measure_report(row.pk)


def beside(client, question, *runs, name="steering", **more):
    one, other = runs
    address = reverse(name, args=[question.pk])
    return client.get(address, {"run": one.pk, "with": other.pk, **more})


def test_what_is_kept_is_what_moved(two):
    _, before, after = two
    moved = what_moved(material_of(before), material_of(after))
    assert moved.lost
    assert any(it.is_new for it in moved.moved)
    assert regression_from_text(regression_as_text(moved)) == moved


def test_small_runs_are_compared_at_once_and_nothing_is_kept(two):
    _, before, after = two
    assert compared(before, after).regression is not None
    assert not StoredReport.objects.exists()


def test_a_worker_compares_large_ones(large, two):
    _, before, after = two
    asked = compared(before, after)
    assert (asked.regression, asked.is_current, asked.is_asked) == (None, False, True)
    measure()
    found = compared(before, after)
    assert found.is_current
    assert found.regression == what_moved(material_of(before), material_of(after))


def test_the_page_says_so_and_shows_it_when_it_is_there(large, client, two, alice):
    question, before, after = two
    html = page(beside(client, question, after, before))
    assert "are being compared" in html
    assert "A worker measures both" in html
    assert not RunSeen.objects.exists()
    poll = beside(client, question, after, before, name="freshness")
    assert "HX-Refresh" not in poll
    measure()
    assert beside(client, question, after, before, name="freshness")["HX-Refresh"] == "true"
    html = page(beside(client, question, after, before))
    assert "is no longer below" in html
    assert "are being compared" not in html
    assert RunSeen.objects.filter(user=alice).count() == 2


def test_what_was_found_before_stays_until_the_next_is_there(large, client, two):
    question, before, after = two
    beside(client, question, before, after)
    measure()
    question.answers.filter(tier=3).update(tier=1)
    html = page(beside(client, question, before, after))
    assert "is no longer below" in html
    assert "a worker is bringing it up to date" in html
    shown = {"name": "freshness", "shown": 1}
    assert "bringing it up to date" in page(beside(client, question, before, after, **shown))
    measure()
    poll = beside(client, question, before, after, **shown)
    assert "The comparison is up to date now" in page(poll)
    assert "HX-Refresh" not in poll


def test_publishing_shows_what_moved_when_it_is_there(large, client, two):
    question, before, after = two
    html = page(client.get(reverse("publish", args=[question.pk])))
    assert f"A worker compares runs {before.ordinal} and {after.ordinal}" in html
    assert beside(client, question, after, before, name="moved").status_code == 204
    measure()
    html = page(beside(client, question, after, before, name="moved"))
    assert "is no longer below" in html
    assert "hx-get" not in html


def test_who_waits_reads_nothing_of_it(large, client, two, django_assert_max_num_queries):
    question, before, after = two
    beside(client, question, before, after)
    measure()
    for name in ("freshness", "moved"):
        question.answers.filter(ordinal=0).update(tier=1 if name == "moved" else 2)
        with django_assert_max_num_queries(80) as queries:
            beside(client, question, before, after, name=name)
        read = [it["sql"].partition(" FROM ")[0] for it in queries.captured_queries]
        assert not [it for it in read if '"figures"' in it]


def test_what_can_no_longer_be_read_is_measured_anew(large, two):
    _, before, after = two
    compared(before, after)
    measure()
    StoredReport.objects.filter(run=after).update(figures="{}")
    assert compared(before, after).regression is None
    measure()
    assert compared(before, after).regression is not None


def test_of_a_run_that_is_gone_nothing_is_kept(large, two):
    _, _, after = two
    StoredReport.objects.create(run=after, verdicts_from=f"since-{uuid4()}")
    measure()
    assert not StoredReport.objects.filter(run=after).exists()


def test_without_a_broker_the_pages_say_so(large, client, two, monkeypatch):
    from rubric_studio.celery import app

    monkeypatch.setattr(app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    question, before, after = two
    said = "The queue to the workers can’t be reached"
    assert said in page(beside(client, question, before, after))
    assert said in page(client.get(reverse("publish", args=[question.pk])))


def test_strangers_learn_nothing_of_it(large, client, two, charlie):
    question, before, after = two
    client.force_login(charlie)
    for name in ("freshness", "moved"):
        assert beside(client, question, before, after, name=name).status_code == 404
