"""Figure 11 and what somebody let stand."""

import pytest

from rubric_studio.rubrics.models import LintDismissal
from rubric_studio.steering.report import report_of
from rubric_studio.steering.storing import stored_report
from tests.steering.planted.collection import CLEAN, grade

pytestmark = pytest.mark.django_db
COMPOUND = "Recommends an ambulance and states that driving is unsafe."


def let_stand(question, criterion):
    from rubric_studio.rubrics.draft import draft_document
    from rubric_studio.rubrics.linting import linted

    for it in linted(question, draft_document(question)).of(criterion.key):
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
