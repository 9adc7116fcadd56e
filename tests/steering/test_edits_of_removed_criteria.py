"""Edits whose criterion was taken out of the rubric after they were made."""

import pytest
from django.urls import reverse

from rubric_studio.grading.models import Probe
from rubric_studio.steering.report import report_json, report_of
from tests.steering.planted.probing import clean, grade, steered

pytestmark = pytest.mark.django_db


@pytest.fixture
def question_and_run(team):
    """Five edits stated to turn two criteria, made for one that the rubric no longer has."""
    given = [steered(0, 0, "0010") for _ in range(5)]
    question, run = grade(team, [*clean(), *given])
    late = Probe.objects.filter(kind="steer").order_by("-answer__ordinal")[:5]
    keys = list(question.criteria.order_by("position").values_list("key", flat=True))
    stated = dict.fromkeys(["c-gone", *keys[:2]], "down")
    Probe.objects.filter(pk__in=[it.pk for it in late]).update(
        criterion_key="c-gone", expected=stated
    )
    return question, run


def test_the_report_stands(question_and_run, client, alice):
    question, run = question_and_run
    client.force_login(alice)
    response = client.get(reverse("steering", args=[question.pk]), {"run": run.pk})
    assert response.status_code == 200


def test_they_count_for_the_criteria_that_are_left_and_spill_from_none(question_and_run):
    question, run = question_and_run
    figures = report_json(report_of(run))["figures"]
    first = question.criteria.order_by("position")[0].key
    flips = {it["criterion"]: it["of"] for it in figures["steer_tests"]["criteria"]}
    assert flips[first] == 10
    assert "c-gone" not in str(figures["spillover"])
