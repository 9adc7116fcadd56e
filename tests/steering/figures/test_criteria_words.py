"""Figure 6 in a sentence, where few criteria or one make all of the differences."""

import pytest

from rubric_studio.steering.report import report_json, report_of
from tests.steering.poor import Poor, grade, ranked, rubric_of

pytestmark = pytest.mark.django_db

TIERS = (3, 3, 2, 2, 1, 1)


@pytest.mark.parametrize(
    ("points", "cells", "said"),
    [
        ((5,), "1 1 1 0 0 0", "1 criterion makes all of the differences between your answers."),
        ((5, 3), "11 11 11 01 01 01", "between your answers; the other adds none."),
        ((5, 3, 2), "111 110 100 000 000 001", "between your answers; the other 2 share the rest."),
    ],
)
def test_no_others_are_said_to_make_what_is_not_left(team, points, cells, said):
    _, run = grade(team, Poor(ranked(TIERS, cells), rubric_of(*points)))
    assert said in report_json(report_of(run))["figures"]["criteria"]["sentence"]


def test_no_criterion_makes_more_than_all(team):
    cells = "10 10 11 00 00 01"
    _, run = grade(team, Poor(ranked(TIERS, cells), rubric_of(9, -2)))
    figure = report_json(report_of(run))["figures"]["criteria"]
    assert not [it for it in figure["sentence"].split() if it.isdigit() and int(it) > 100]


def test_a_share_above_the_whole_is_written_as_all(team):
    cells = "11 11 11 00 00 00"
    _, run = grade(team, Poor(ranked(TIERS, cells), rubric_of(9, -2)))
    figure = report_json(report_of(run))["figures"]["criteria"]
    assert max(it["effective_weight"] for it in figure["criteria"]) > 1
    assert "Criterion 1 alone makes all of the differences" in figure["sentence"]
