"""The report for its readers: small ones at once, large ones by a worker, never half of one."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from rubric_studio.grading.labels import clear_label, set_label
from rubric_studio.grading.models import RunSeen
from rubric_studio.steering import reading
from rubric_studio.steering.models import StoredReport
from rubric_studio.steering.reading import ask_for, is_small, measure_ahead, read_report
from rubric_studio.steering.tasks import measure_report
from tests.grading_cast import make_answers, make_judge, make_run
from tests.rubrics.pages import page
from tests.scripted_judge import JudgeProcess
from tests.steering.planted.collection import CLEAN, grade

pytestmark = pytest.mark.django_db

UNDER_WAY = "The report is being measured"
CHANGED = "Something it rests on has changed"


@pytest.fixture
def tested(team, client, alice):
    client.force_login(alice)
    return grade(team, CLEAN)


@pytest.fixture
def large(monkeypatch):
    """Every report counts as too large for a request."""
    monkeypatch.setattr(reading, "MOST_IN_REQUEST", 0)


def steering(client, question):
    return page(client.get(reverse("steering", args=[question.pk])))


def test_a_small_report_is_there_at_once(tested):
    _, run = tested
    assert read_report(run).is_current
    assert StoredReport.objects.get(run=run).asked_at is None


def test_labels_make_a_report_large_too(tested, monkeypatch, rita, olga):
    question, run = tested
    monkeypatch.setattr(reading, "MOST_IN_REQUEST", run.grades.count() + 1)
    answer, key = question.answers.first(), question.criteria.first().key
    set_label(answer, key, rita, verdict="met")
    assert is_small(run)
    set_label(answer, key, olga, verdict="met")
    assert not is_small(run)
    set_label(answer, key, olga, verdict="unmet")
    clear_label(answer, key, olga)
    assert is_small(run)


def test_a_large_report_comes_from_a_worker(large, client, tested):
    question, run = tested
    assert UNDER_WAY in steering(client, question)
    row = StoredReport.objects.get(run=run)
    assert row.asked_at is not None
    measure_report(row.pk)
    html = steering(client, question)
    assert UNDER_WAY not in html
    assert CHANGED not in html
    assert "Order recovered" in html
    row.refresh_from_db()
    assert row.asked_at is None


def test_the_last_report_stays_until_the_next_one_is_there(large, client, tested):
    question, run = tested
    ask_for(run, "run")
    row = StoredReport.objects.get(run=run)
    measure_report(row.pk)
    question.answers.filter(tier=3).update(tier=1)
    html = steering(client, question)
    assert CHANGED in html
    assert "Order recovered" in html
    address = reverse("freshness", args=[question.pk])
    shown = {"run": run.pk, "verdicts": "run", "shown": 1}
    assert CHANGED in page(client.get(address, shown))
    measure_report(row.pk)
    response = client.get(address, shown)
    assert "up to date now" in page(response)
    assert "HX-Refresh" not in response
    assert client.get(address, {"run": run.pk})["HX-Refresh"] == "true"
    assert CHANGED not in steering(client, question)


def test_a_worker_is_asked_once_for_all_who_wait(large, tested):
    _, run = tested
    for _ in range(3):
        assert read_report(run).report is None
    row = StoredReport.objects.get(run=run)
    first = row.asked_at
    read_report(run)
    row.refresh_from_db()
    assert row.asked_at == first
    StoredReport.objects.filter(pk=row.pk).update(asked_at=first - timedelta(minutes=2))
    read_report(run)
    row.refresh_from_db()
    assert row.asked_at >= first


def test_without_a_broker_the_page_stands_and_the_next_reader_asks_again(
    large, client, tested, monkeypatch
):
    from rubric_studio.celery import app

    question, run = tested
    monkeypatch.setattr(app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    html = steering(client, question)
    assert UNDER_WAY in html
    assert "The queue to the workers can’t be reached" in html
    assert StoredReport.objects.get(run=run).asked_at is None


def test_a_worker_measures_anew_what_can_no_longer_be_read(large, tested):
    _, run = tested
    ask_for(run, "run")
    row = StoredReport.objects.get(run=run)
    measure_report(row.pk)
    StoredReport.objects.filter(pk=row.pk).update(figures='{"is_tested":true,"figures":{}}')
    assert read_report(run).report is None
    measure_report(row.pk)
    assert read_report(run).is_current


def test_those_who_wait_do_not_read_what_they_wait_for(
    large, client, tested, django_assert_max_num_queries
):
    question, run = tested
    address = reverse("freshness", args=[question.pk])
    client.get(address, {"run": run.pk})
    measure_report(StoredReport.objects.get(run=run).pk)
    for answers in ("up to date now", CHANGED):
        with django_assert_max_num_queries(32) as queries:
            assert answers in page(client.get(address, {"run": run.pk, "shown": 1}))
        read = [it["sql"].partition(" FROM ")[0] for it in queries.captured_queries]
        assert not [it for it in read if '"figures"' in it]
        question.answers.filter(tier=3).update(tier=1)


def test_a_poll_never_takes_what_can_not_be_read_for_the_report(large, client, tested):
    question, run = tested
    ask_for(run, "run")
    measure_report(StoredReport.objects.get(run=run).pk)
    StoredReport.objects.update(figures='{"is_tested":true,"figures":{}}')
    assert UNDER_WAY in steering(client, question)
    waiting = client.get(reverse("freshness", args=[question.pk]), {"run": run.pk})
    assert "HX-Refresh" not in waiting


def test_of_a_run_that_goes_on_the_page_says_until_when_it_counts(large, client, tested):
    question, run = tested
    type(run).objects.filter(pk=run.pk).update(status="running")
    run.refresh_from_db()
    ask_for(run, "run")
    measure_report(StoredReport.objects.get(run=run).pk)
    question.answers.filter(tier=3).update(tier=1)
    at = StoredReport.objects.get(run=run).measured_at
    assert f"what was graded by {at:%H:%M} UTC" in steering(client, question)


def test_whoever_waits_for_the_report_has_seen_no_score(large, client, tested, alice):
    question, run = tested
    assert UNDER_WAY in steering(client, question)
    assert not RunSeen.objects.filter(run=run, user=alice).exists()
    measure_report(StoredReport.objects.get(run=run).pk)
    steering(client, question)
    assert RunSeen.objects.filter(run=run, user=alice).exists()


def test_strangers_learn_nothing_of_a_report_under_way(large, client, tested, charlie):
    question, run = tested
    client.force_login(charlie)
    address = reverse("freshness", args=[question.pk])
    assert client.get(address, {"run": run.pk}).status_code == 404


def test_a_report_of_an_older_kind_is_measured_anew(tested):
    _, run = tested
    whole = read_report(run).report
    for text in ("{}", '{"is_tested":true,"figures":{}}', "no JSON"):
        StoredReport.objects.filter(run=run).update(figures=text)
        assert read_report(run).report == whole


def test_runs_that_ended_lately_are_measured_ahead(tested):
    _, run = tested
    run.finished_at = now() - timedelta(seconds=5)
    run.save()
    measure_ahead()
    row = StoredReport.objects.get(run=run)
    assert row.asked_at is not None
    measure_report(row.pk)
    measure_ahead()
    row.refresh_from_db()
    assert row.asked_at is None
    type(run).objects.filter(pk=run.pk).update(finished_at=now() - timedelta(days=3))
    StoredReport.objects.all().delete()
    measure_ahead()
    assert not StoredReport.objects.exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_measures_what_it_graded(workers):
    from tests.cast import make_rubric, make_team

    team = make_team()
    with JudgeProcess(delay=0.01, rule="met") as judge:
        question = make_rubric(team, "Says to call.", "Says to wait.")
        make_answers(question, "Call now.", "Wait a while.")
        run = make_run(question, make_judge(team, judge))
        with workers.start():
            workers.sweep_until(lambda: has_ended(run), 60)
            measure_ahead()
            workers.sweep_until(
                lambda: StoredReport.objects.filter(run=run).exclude(figures="").exists(), 30
            )
    row = StoredReport.objects.get(run=run)
    assert row.verdict == "too_little_data"
    run.refresh_from_db()
    assert read_report(run).is_current


def has_ended(run):
    run.refresh_from_db()
    return run.status == "done"
