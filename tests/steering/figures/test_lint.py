"""Figure 11 and what somebody let stand."""

from dataclasses import replace

import pytest
from django.urls import reverse

from rubric_studio.rubrics.models import LintDismissal
from rubric_studio.steering.report import report_of
from rubric_studio.steering.storing import stored_report
from tests.steering.planted.collection import CLEAN, grade

pytestmark = pytest.mark.django_db
COMPOUND = "Recommends an ambulance and states that driving is unsafe."


def let_stand(question, criterion):
    from rubric_studio.rubrics.draft import draft_document
    from rubric_studio.rubrics.linting import linted

    found = linted(question, draft_document(question)).of(criterion.key)
    for it in (it for it in found if it.is_serious):
        LintDismissal.objects.create(
            question=question,
            criterion_key=criterion.key,
            rule=it.finding.rule.id,
            subject_hash=it.subject_hash,
            reason="It is one act.",
        )


def test_a_finding_that_was_let_stand_stops_no_sign_off(team):
    question, run = grade(team, CLEAN, c0={"text": COMPOUND})
    criterion = question.criteria.get(text=COMPOUND)
    assert stored_report(run).figure("lint").status == "stop"
    let_stand(question, criterion)
    assert report_of(run).figure("lint").status == "ok"
    assert stored_report(run).figure("lint").status == "ok"


def test_what_was_let_stand_is_shown_with_its_reason(team, client, alice):
    question, run = grade(team, CLEAN, c0={"text": COMPOUND})
    criterion = question.criteria.get(text=COMPOUND)
    let_stand(question, criterion)
    figure = report_of(run).figure("lint")
    [told] = figure.as_json()["let_stand"]
    assert (told["rule"], told["criterion"], told["reason"]) == (
        "L01",
        criterion.key,
        "It is one act.",
    )
    assert "L01" not in {it["rule"] for it in figure.as_json()["lint"]}
    client.force_login(alice)
    html = client.get(reverse("steering", args=[question.pk])).content.decode()
    assert "1 let stand, with the reason" in html


def test_a_finding_on_the_whole_is_let_stand_too(team):
    from rubric_studio.rubrics.draft import draft_document
    from rubric_studio.rubrics.linting import linted

    question, run = grade(team, replace(CLEAN, criteria=CLEAN.criteria[:6]))
    assert "no_absence_criteria" in {it.first.kind for it in report_of(run).fix_first}
    [whole] = linted(question, draft_document(question)).whole
    LintDismissal.objects.create(
        question=question,
        rule=whole.finding.rule.id,
        subject_hash=whole.subject_hash,
        reason="Facts only.",
    )
    assert "no_absence_criteria" not in {it.first.kind for it in report_of(run).fix_first}
    assert [it.reason for it in report_of(run).figure("lint").let_stand] == ["Facts only."]
