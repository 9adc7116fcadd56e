"""Each kind of finding leads to where it can be repaired, and that page is there."""

from typing import get_args

import pytest
from django.urls import reverse

from rubric_studio.accounts.models import Role
from rubric_studio.steering.findings import Finding, Kind
from tests.steering.graded import SIX, make_tested
from tests.steering.planted.probing import clean, flipped, grade, steered

pytestmark = pytest.mark.django_db

# The kind, its figure and action, what it names, the button, and what its address holds.
WAYS = [
    ("reversed_sign", 6, "reweight", "c", "Change points", "for=points#c-"),
    ("inversion", 1, "open_criterion", "ca", "Open criterion", "for=text#c-"),
    ("inversion", 1, "open_grades", "a", "Open grades", "&answer="),
    ("anchor_missed", 3, "open_grades", "a", "Open grades", "#head-B"),
    ("stuffable", 10, "reword", "cp", "Reword", "for=text#c-"),
    ("tiers_not_separated", 2, "open_grades", "", "Open grades", "?run="),
    ("compound", 10, "split", "cp", "Split in two", "for=split#c-"),
    ("compound", 11, "split", "c", "Split in two", "for=split#c-"),
    ("spills", 5, "open_criterion", "cp", "Open criterion", "for=text#c-"),
    ("flips", 9, "reword", "c", "Reword", "for=text#c-"),
    ("flips", 4, "open_probe", "p", "Open probe", "/probes?open="),
    ("over_credit", 8, "reword", "ca", "Reword", "for=text#c-"),
    ("over_credit", 8, "open_grades", "", "Open grades", "only=disagreements"),
    ("over_credit", 8, "label_more", "ca", "Label 4 more", "/labels?only="),
    ("dominates", 6, "reweight", "c", "Change points", "for=points#c-"),
    ("band_missed", 3, "open_grades", "a", "Open grades", "#head-B"),
    ("duplicate", 6, "open_criterion", "c", "Open criterion", "for=text#c-"),
    ("unstable_weight", 7, "reweight", "c", "Change points", "for=points#c-"),
    ("dead", 6, "open_criterion", "c", "Open criterion", "for=text#c-"),
    ("always_met", 6, "open_criterion", "c", "Open criterion", "for=text#c-"),
    ("under_credit", 8, "reword", "ca", "Reword", "for=text#c-"),
    ("no_absence_criteria", 11, "add_absence_criterion", "", "Add penalty", "points=-5#new"),
    ("stale_labels", 12, "re_ask", "", "Re-ask only these", "/labels?only=stale"),
    ("lint", 11, "reword", "c", "Reword", "for=fix#c-"),
    ("lint", 11, "reword", "", "Open rubric", "/q/"),
]


def made(question, kind, figure, action, names):
    return Finding(
        kind=kind,
        figure=figure,
        title="",
        sentence="",
        criterion=question.criteria.all()[2].key if "c" in names else None,
        answer=str(question.answers.all()[1].pk) if "a" in names else None,
        probe=str(question.answers.all()[1].pk) if "p" in names else None,
        action=action,
        more=4 if action == "label_more" else 0,
    )


def ways(question, run, *findings, role=Role.AUTHOR):
    from rubric_studio.steering.actions import Ways

    return Ways.of(findings, question, run, role)


def test_every_kind_is_tried_below():
    assert {it[0] for it in WAYS} == set(get_args(Kind))


@pytest.mark.parametrize(("kind", "figure", "action", "names", "words", "part"), WAYS)
def test_each_kind_leads_to_its_repair(
    client, alice, team, kind, figure, action, names, words, part
):
    question, run = make_tested(team, SIX)
    finding = made(question, kind, figure, action, names)
    found = ways(question, run, finding)
    way = found.first(finding)
    assert way.words == words
    assert part in way.url
    client.force_login(alice)
    for each in (way, *found.others(finding)):
        assert client.get(each.url).status_code == 200, each


@pytest.mark.parametrize(("role", "may_label"), [(Role.READER, False), (Role.REVIEWER, True)])
def test_nobody_is_led_to_where_they_may_not_go(client, bob, rita, team, role, may_label):
    question, run = make_tested(team, SIX)
    client.force_login(rita if may_label else bob)
    findings = [made(question, *it[:4]) for it in WAYS]
    found = ways(question, run, *findings, role=role)
    words = set()
    for finding in findings:
        way = found.first(finding)
        words.add(way.words)
        for each in (way, *found.others(finding)):
            assert client.get(each.url).status_code == 200, each
    assert words - {"Label 4 more", "Re-ask only these"} == {
        "Open criterion", "Open grades", "Open probe", "Open rubric",
    }  # fmt: skip
    assert ("Label 4 more" in words) == may_label
    html = client.get(reverse("steering", args=[question.pk])).content.decode()
    assert ("/labels" in html) == may_label


def test_what_fooled_a_criterion_can_be_read_beside_its_repair(team):
    question, run = make_tested(team, SIX)
    finding = made(question, "stuffable", 10, "reword", "cp")
    (other,) = ways(question, run, finding).others(finding)
    assert other.words == "Probe B and its verdict"
    assert other.url.endswith(f"&cell=B.{finding.criterion}#cell")


def test_a_criterion_in_the_trash_leaves_what_shows_the_fault(alice, team):
    from rubric_studio.rubrics.editing import delete_criterion

    question, run = make_tested(team, SIX)
    finding = made(question, "over_credit", 8, "reword", "ca")
    row = question.criteria.get(key=finding.criterion)
    delete_criterion(row, alice, row.revision)
    found = ways(question, run, finding)
    assert found.first(finding).words == "Open grades"
    assert f"cell=B.{finding.criterion}" in found.first(finding).url
    assert found.others(finding) == ()


def test_two_queries_lead_from_any_number_of_findings(team, django_assert_num_queries):
    question, run = make_tested(team, SIX)
    findings = [made(question, it[0], it[1], it[2], it[3]) for it in WAYS]
    with django_assert_num_queries(2):
        found = ways(question, run, *findings)
        for it in findings:
            found.first(it)
            found.others(it)


@pytest.mark.parametrize(("asked", "points"), [("-5", "-5"), ("nan", "5"), ("x", "5"), ("", "5")])
def test_a_new_penalty_has_its_points_ready(client, alice, team, asked, points):
    question, _ = make_tested(team, SIX)
    client.force_login(alice)
    html = client.get(reverse("write", args=[question.pk]), {"new": "", "points": asked})
    assert f'name="points" inputmode="decimal" autocomplete="off" value="{points}"' in (
        html.content.decode()
    )


def test_the_report_offers_the_probe_beside_the_repair(client, alice, team):
    given = [it for it in clean() if it.criterion != 0]
    question, run = grade(team, [*given, *(steered(0, 0, "1110") for _ in range(5))])
    assert flipped(0, 0) == "0110"
    client.force_login(alice)
    page = client.get(reverse("steering", args=[question.pk]), {"run": run.pk})
    html = page.content.decode()
    key = question.criteria.order_by("position")[0].key
    assert "for=text#c-" in html
    assert f".{key}#cell" in html
    assert "and its verdict" in html


def test_the_probe_that_was_asked_for_is_open(client, alice, team):
    question, _ = grade(team, clean())
    probe = question.answers.filter(origin="probe").first()
    client.force_login(alice)
    html = client.get(reverse("probes", args=[question.pk]), {"open": probe.pk}).content.decode()
    assert f'<details id="probe-{probe.pk}" open>' in html
    assert html.count(" open>") == 1


def test_labels_are_asked_for_also_where_the_same_criterion_is_reworded(client, alice, team):
    from rubric_studio.steering.findings import Fix
    from rubric_studio.steering.page import fix_rows

    question, run = make_tested(team, SIX)
    reword = made(question, "over_credit", 8, "reword", "ca")
    again = made(question, "stale_labels", 12, "re_ask", "c")
    [row] = fix_rows((Fix((reword, again)),), question, run, Role.AUTHOR)
    assert row.button.words == "Reword"
    assert "Re-ask only these" in [it.words for it in row.links]
    [row] = fix_rows((Fix((again,)),), question, run, Role.AUTHOR)
    assert (row.button.words, row.links) == ("Re-ask only these", ())
