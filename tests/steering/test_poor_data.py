"""Whatever the data: page and REST stand, show no number that is none, and say what is missing."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from math import isfinite

import pytest
from django.urls import reverse
from django.utils.timezone import now

from rubric_studio.accounts.models import ApiToken
from rubric_studio.grading.models import Label
from tests.api.conftest import ApiClient
from tests.steering.graded import make_graded_run
from tests.steering.planted.experts import label, make_experts
from tests.steering.planted.probing import clean
from tests.steering.planted.probing import grade as grade_probed
from tests.steering.poor import LEVELS, Poor, grade, ranked, rubric_of

pytestmark = pytest.mark.django_db

THREE = rubric_of(5, 3, -4)
TIERS = (3, 3, 2, 2, 1, 1)
CASES = {
    "no criteria": Poor(tuple(({"tier": it}, "") for it in TIERS), ()),
    "one answer": Poor(ranked((3,), "110"), THREE),
    "two answers": Poor(ranked((3, 1), "110 001"), THREE),
    "no tiers": Poor(ranked((None,) * 6, "110 110 100 100 001 001"), THREE),
    "one tier": Poor(ranked((2,) * 6, "110 110 100 100 001 001"), THREE),
    "all tied": Poor(ranked(TIERS, "100 100 100 100 100 100"), THREE),
    "all met": Poor(ranked(TIERS, "111 111 111 111 111 111"), THREE),
    "none met": Poor(ranked(TIERS, "000 000 000 000 000 000"), THREE),
    "a column that does not apply": Poor(
        ranked(TIERS, "11- 11- 10- 10- 00- 00-"), rubric_of(5, 3, -4, may_not_apply=True)
    ),
    "nothing applies": Poor(ranked(TIERS, "--- " * 6), rubric_of(5, 3, -4, may_not_apply=True)),
    "failed cells": Poor(ranked(TIERS, "11! 1!0 !!! 100 0!1 001"), THREE, status="incomplete"),
    "all failed": Poor(ranked(TIERS, "!!! " * 6), THREE, status="incomplete"),
    "cannot be told": Poor(ranked(TIERS, "11? ??? 1?0 100 001 ?01"), THREE),
    "unfinished": Poor(ranked(TIERS, "110 11. ... ... ... ..."), THREE, status="running"),
    "not begun": Poor(ranked(TIERS, "... " * 6), THREE, status="queued"),
    "cancelled": Poor(ranked(TIERS, "110 ... ... ... ... ..."), THREE, status="cancelled"),
    "levels": Poor(ranked(TIERS, "11h h1h hh0 0h0 00h h00"), rubric_of(5, 3, -4, levels=LEVELS)),
    "levels of one value": Poor(ranked(TIERS, "hhh " * 6), rubric_of(5, 3, -4, levels=LEVELS)),
    "one criterion": Poor(ranked(TIERS, "1 1 1 0 0 0"), rubric_of(5)),
    "penalties only": Poor(ranked(TIERS, "00 00 10 01 11 11"), rubric_of(-3, -5)),
    "a gate": Poor(ranked(TIERS, "110 111 101 100 001 000"), rubric_of(5, 3, 2, gate={"cap": 0})),
    "repeats that fail": Poor(
        ranked(TIERS, "110|1!0|!!! 110|110|110 100|000|100 1!!|!!!|!!! 001|001|001 001|011|001"),
        THREE,
    ),
    "repeats all failed": Poor(ranked(TIERS, "!!!|!!! " * 6), THREE, status="incomplete"),
    "bands that cannot be met": Poor(
        (
            ({"tier": 3, "band_low": 0.9, "band_high": 1.0}, "1!0"),
            ({"band_low": -1.0, "band_high": -0.9}, "110"),
            ({"anchor": "ideal"}, "!!!"),
            ({"anchor": "empty"}, "001"),
        ),
        THREE,
    ),
    "no answers": Poor((), THREE),
    "experts' labels": Poor(ranked(TIERS, "110 110 1.0 100 ..1 001"), THREE, source="experts"),
    "all held out": Poor(tuple(({"tier": it, "is_held_out": True}, "110") for it in TIERS), THREE),
}
# Where no tiers can be told apart, figures 1 and 2 have nothing to say.
UNORDERED = {
    "no criteria",
    "one answer",
    "no tiers",
    "one tier",
    "nothing applies",
    "all failed",
    "unfinished",
    "not begun",
    "cancelled",
    "repeats all failed",
    "no answers",
    "all held out",
    "penalties only",
}
# Words of programs, which no sentence and no cell of a table should hold.
NO_NUMBERS = re.compile(r"\b(nan|inf|infinity|NaN|None|null|undefined)\b")


class Reader(HTMLParser):
    """The words that are seen, and where a picture is, the words read out for it."""

    def __init__(self):
        super().__init__()
        self.words, self.titles, self.hidden, self.in_title = [], [], 0, False

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in ("script", "style", "template")
        given = dict(attrs)
        self.in_title = (given.get("id") or "").endswith("-says")
        self.words += [given[it] for it in ("aria-label", "title", "data-label") if given.get(it)]
        for name in ("x", "y", "cx", "cy", "x1", "x2", "y1", "y2", "width", "height", "r"):
            if name in given and tag != "a":
                assert re.fullmatch(r"-?[\d.]+(e-\d+)?%?|auto", given[name]), (tag, given)

    def handle_endtag(self, tag):
        self.hidden -= tag in ("script", "style", "template")
        if tag in ("h3", "h2"):
            self.in_title = False

    def handle_data(self, words):
        if self.hidden:
            return
        self.words.append(words)
        if self.in_title:
            self.titles.append(words.strip())


def numbers(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for it in value:
            yield from numbers(it)
    elif isinstance(value, float):
        yield value


def read_page(client, user, question, run, **query):
    client.force_login(user)
    address = reverse("steering", args=[question.pk])
    response = client.get(address, {"run": run.pk, **query})
    assert response.status_code == 200
    reader = Reader()
    reader.feed(response.content.decode())
    found = NO_NUMBERS.search(" ".join(reader.words))
    assert not found, " ".join(reader.words)[max(found.start() - 80, 0) : found.end() + 40]
    assert len(reader.titles) == 12
    for said in reader.titles:
        assert said.endswith((".", ".”")), said
    return " ".join(reader.words)


def read_rest(user, run, verdicts="run"):
    _, secret = ApiToken.issue(user, "test", ["rubrics:read"])
    response = ApiClient(secret).get(f"runs/{run.pk}/steering?verdicts={verdicts}")
    assert response.status_code == 200
    # What JSON has no word for is refused rather than read.
    report = json.loads(response.content, parse_constant=lambda it: pytest.fail(it))
    assert all(isfinite(it) for it in numbers(report))
    assert len(report["figures"]) == 12
    for figure in report["figures"].values():
        assert figure["sentence"].endswith((".", ".”")), figure["sentence"]
        assert not NO_NUMBERS.search(figure["sentence"])
        assert figure["n"] or figure["status"] != "stop"
    for finding in report["fix_first"]:
        assert finding["sentence"].endswith((".", ".”"))
    return report


@pytest.mark.parametrize("name", CASES)
def test_the_report_stands_and_says_what_it_lacks(name, client, team, alice):
    question, run = grade(team, CASES[name])
    words = read_page(client, alice, question, run)
    report = read_rest(alice, run)
    figures = report["figures"]
    if name in UNORDERED:
        assert report["verdict"] in ("not_tested", "too_little_data")
        assert "not enough data" in words
    for key in ("order", "separation") if name in UNORDERED else ():
        assert figures[key]["status"] == "none"
    for key in ("steer_tests", "spillover", "probes", "agreement"):
        assert figures[key]["status"] == "none"
    read_page(client, alice, question, run, verdicts="labels")
    read_rest(alice, run, "labels")


def test_two_answers_in_two_tiers_are_too_little(client, team, alice):
    question, run = grade(team, Poor(ranked((3, 1), "110 001"), THREE))
    assert "3 more" in read_page(client, alice, question, run)
    report = read_rest(alice, run)
    assert report["verdict"] == "too_little_data"
    assert report["figures"]["order"]["status"] == "none"
    assert report["fix_first"] == []


def test_answers_that_are_all_in_the_trash_count_for_nothing(client, team, alice):
    question, run = grade(team, CASES["all met"])
    question.answers.update(deleted_at=now())
    read_page(client, alice, question, run)
    report = read_rest(alice, run)
    assert report["verdict"] == "not_tested"
    assert {it["status"] for key, it in report["figures"].items() if key != "lint"} == {"none"}


def test_an_expert_who_labelled_twice_counts_once(client, team, alice):
    question, run = grade(team, CASES["no tiers"])
    [expert] = make_experts(team, 1)
    label(question, [expert], 0, "000000")
    once = read_rest(alice, run)["figures"]["agreement"]["n"]
    label(question, [expert], 0, "111111")
    assert read_rest(alice, run)["figures"]["agreement"]["n"] == once
    assert Label.objects.count() == 12
    for verdicts in ("run", "labels", f"expert-{expert.pk}"):
        read_page(client, alice, question, run, verdicts=verdicts)


def test_labels_that_cannot_tell_or_do_not_apply_are_no_verdicts(client, team, alice):
    poor = Poor(ranked(TIERS, "11- 110 10- 100 00- 001"), rubric_of(5, 3, -4, may_not_apply=True))
    question, run = grade(team, poor)
    experts = make_experts(team, 2)
    label(question, experts, 0, "??????")
    label(question, experts, 2, "nnnnnn")
    for verdicts in ("run", "labels"):
        read_page(client, alice, question, run, verdicts=verdicts)
        read_rest(alice, run, verdicts)


def test_probes_of_a_deleted_answer_are_left_out(client, team, alice):
    question, run = grade_probed(team, clean())
    before = read_rest(alice, run)["figures"]["probes"]["n"]
    question.answers.exclude(origin="probe").update(deleted_at=now())
    read_page(client, alice, question, run)
    report = read_rest(alice, run)
    assert report["figures"]["probes"]["n"] < before
    assert report["figures"]["steer_tests"]["status"] == "none"
    assert [it for it in report["fix_first"] if it["probe"]] == []


def test_probes_and_edits_without_a_verdict_show_no_number(client, team, alice):
    given = [replace(it, verdicts="!!!!") for it in clean()]
    question, run = grade_probed(team, given)
    read_page(client, alice, question, run)
    figures = read_rest(alice, run)["figures"]
    for key in ("steer_tests", "spillover", "probes"):
        assert figures[key]["status"] == "none"
    assert figures["probes"]["n"] == 0
    for key in ("sensitivity", "invariance"):
        assert figures["steer_tests"][key]["share"] is None


def test_a_run_of_a_rubric_whose_criteria_are_gone_still_reads(client, team, alice):
    question, run = grade(team, CASES["failed cells"])
    question.criteria.update(deleted_at=now())
    read_page(client, alice, question, run)
    read_rest(alice, run)
    assert client.get(reverse("write", args=[question.pk])).status_code == 200


@pytest.mark.parametrize("name", ["one answer", "all failed", "no answers", "levels"])
def test_poor_runs_beside_each_other_read_as_well(name, client, team, alice):
    question, run = grade(team, CASES[name])
    other = make_graded_run(question, dict.fromkeys(question.answers.all()))
    client.force_login(alice)
    address = reverse("steering", args=[question.pk])
    response = client.get(address, {"run": run.pk, "with": other.pk})
    assert response.status_code == 200
    reader = Reader()
    reader.feed(response.content.decode())
    assert not NO_NUMBERS.search(" ".join(reader.words))
