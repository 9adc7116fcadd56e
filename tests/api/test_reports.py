"""The report for programs: whose verdicts, and what they are told while it is being measured."""

from datetime import datetime

import pytest

from rubric_studio.steering import reading
from rubric_studio.steering.models import StoredReport
from rubric_studio.steering.tasks import measure_report
from tests.api.conftest import assert_problem
from tests.steering.planted.collection import CLEAN, grade

pytestmark = pytest.mark.django_db


def test_programs_are_told_when_to_ask_again(api, alice, team, monkeypatch):
    _, run = grade(team, CLEAN)
    monkeypatch.setattr(reading, "MOST_IN_REQUEST", 0)
    client, path = api(alice), f"runs/{run.pk}/steering"
    response = client.get(path)
    assert response.status_code == 202
    assert response.headers["Retry-After"] == "3"
    measure_report(StoredReport.objects.get(run=run).pk)
    report = client.get(path)
    assert report.status_code == 200
    assert len(report.json()["figures"]) == 12
    assert report.json()["is_current"] is True


def test_an_older_report_of_a_run_that_goes_on_says_so(api, alice, team, monkeypatch):
    question, run = grade(team, CLEAN)
    monkeypatch.setattr(reading, "MOST_IN_REQUEST", 0)
    type(run).objects.filter(pk=run.pk).update(status="running")
    client, path = api(alice), f"runs/{run.pk}/steering"
    assert client.get(path).status_code == 202
    row = StoredReport.objects.get(run=run)
    measure_report(row.pk)
    row.refresh_from_db()
    question.answers.filter(tier=3).update(tier=1)
    older = client.get(path).json()
    assert older["is_current"] is False
    assert datetime.fromisoformat(older["measured_at"]) == row.measured_at
    measure_report(row.pk)
    assert client.get(path).json()["is_current"] is True


def test_whose_verdicts_is_said_by_name(api, alice, team):
    _, run = grade(team, CLEAN)
    client, path = api(alice), f"runs/{run.pk}/steering"
    assert client.get(f"{path}?verdicts=labels").json()["verdict"] == "not_tested"
    refused = client.get(f"{path}?verdicts=nobody")
    assert_problem(refused, 400)
    assert "one of: run, labels" in refused.content.decode()
