from collections import Counter

import pytest

from bench.lint import OF_SENTENCES, measure, measure_rubrics, read_labelled
from bench.lint_rubrics import OF_RUBRICS, read_rubrics

LEAST_POSITIVES = 8


@pytest.fixture(scope="module")
def measured():
    return {**measure(read_labelled()), **measure_rubrics()}


def test_no_rule_ships_below_four_fifths_precision(measured):
    assert {rule: it for rule, it in measured.items() if (it.precision or 0) < 0.8} == {}


def test_every_rule_is_measured_on_eight_that_it_should_find(measured):
    assert set(measured) == OF_SENTENCES | OF_RUBRICS
    few = {rule for rule, it in measured.items() if it.right + it.missed < LEAST_POSITIVES}
    assert few == set()


def test_there_are_two_hundred_labelled_criteria_and_some_held_back():
    labelled = read_labelled()
    assert len(labelled) >= 200
    assert sum(it.is_held_back for it in labelled) >= 40


def test_there_are_near_misses_in_plenty():
    clean = sum(not it.rules for it in read_labelled())
    assert clean >= 100
    assert sum(not it.rules for it in read_rubrics()) >= 30


def test_no_labelled_sentence_stands_twice_with_the_same_points():
    seen = Counter((it.text, it.points) for it in read_labelled())
    assert [it for it, times in seen.items() if times > 1] == []
