import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import make_criterion, make_rubric
from tests.rubrics.pages import HTMX, editor_fields, page

pytestmark = pytest.mark.django_db
COMPOUND = "Recommends an ambulance and states that driving is unsafe."


def named(criterion, rule):
    from rubric_studio.rubrics.draft import draft_document
    from rubric_studio.rubrics.linting import linted

    draft = linted(criterion.question, draft_document(criterion.question))
    return next((it.name for it in draft.of(criterion.key) if it.finding.rule.id == rule), None)


def fix(client, criterion, rule, **fields):
    given = {"finding": named(criterion, rule), "revision": criterion.revision, **fields}
    return client.post(reverse("lint-fix", args=[criterion.pk]), given, headers=HTMX)


def dismiss(client, criterion, rule, reason="It is one act.", **fields):
    name = named(criterion, rule)
    given = {"finding": name, f"reason.{name}": reason, **fields}
    return client.post(reverse("lint-dismiss", args=[criterion.pk]), given, headers=HTMX)


@pytest.fixture
def compound(client, team, alice):
    client.force_login(alice)
    question = make_rubric(team)
    criterion = make_criterion(question, COMPOUND, points=5, guidance="Any vehicle.")
    make_criterion(question, "Names sildenafil.", points=3)
    return criterion


def test_a_finding_stands_under_the_open_sentence_and_in_its_row(client, compound):
    opened = page(client.get(f"/q/{compound.question.pk}/", {"open": compound.pk}))
    closed = page(client.get(f"/q/{compound.question.pk}/"))
    assert "Two things in one sentence" in opened
    assert "<i>States that driving is unsafe.</i> (+2)" in opened
    assert 'aria-label="Lint: Two things in one sentence"' in closed


def test_a_split_makes_two_criteria_that_share_the_points(client, compound):
    assert fix(client, compound, "L01").status_code == 200
    rows = list(compound.question.criteria.live())
    assert [(it.text, it.points) for it in rows] == [
        ("Recommends an ambulance.", 3),
        ("States that driving is unsafe.", 2),
        ("Names sildenafil.", 3),
    ]
    assert rows[1].guidance == "Any vehicle."
    assert compound.question.revisions.filter(subject_key=rows[0].key).count() == 2


def test_a_split_of_a_changed_criterion_is_refused_whole(client, compound, alice):
    from rubric_studio.rubrics.editing import edit_criterion

    edit_criterion(compound, alice, None, points=9)
    assert fix(client, compound, "L01").status_code == 409
    assert compound.question.criteria.live().count() == 2


def test_the_sign_can_be_turned(client, team, alice):
    client.force_login(alice)
    criterion = make_criterion(make_rubric(team), "Fabricates a citation.", points=4)
    assert fix(client, criterion, "L08").status_code == 200
    criterion.refresh_from_db()
    assert criterion.points == -4


def test_a_double_negation_is_reworded(client, team, alice):
    client.force_login(alice)
    criterion = make_criterion(make_rubric(team), "Does not fail to mention the dose.")
    fix(client, criterion, "L08")
    criterion.refresh_from_db()
    assert criterion.text == "Mentions the dose."


def test_what_is_dismissed_stays_so_until_the_sentence_changes(client, compound, alice):
    from rubric_studio.rubrics.editing import edit_criterion

    html = page(dismiss(client, compound, "L01"))
    assert "Two things" not in html
    edit_criterion(compound, alice, None, points=7)
    assert "Two things" not in page(client.get(f"/q/{compound.question.pk}/"))
    edit_criterion(compound, alice, None, text=COMPOUND.replace("driving", "walking"))
    assert "Two things" in page(client.get(f"/q/{compound.question.pk}/"))


def test_a_dismissal_needs_a_reason(client, compound):
    from rubric_studio.rubrics.models import LintDismissal

    assert dismiss(client, compound, "L01", reason="  ").status_code == 409
    assert not LintDismissal.objects.exists()


@pytest.mark.parametrize("statement", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}"])
def test_a_dismissal_is_never_changed(client, compound, statement):
    dismiss(client, compound, "L01")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format("rubrics_lintdismissal"))


@pytest.mark.parametrize("action", ["lint-fix", "lint-dismiss"])
def test_readers_may_not_and_strangers_find_nothing(client, compound, bob, charlie, action):
    url = reverse(action, args=[compound.pk])
    name = named(compound, "L01")
    client.force_login(bob)
    assert client.post(url, {"finding": name}).status_code == 403
    client.force_login(charlie)
    assert client.post(url, {"finding": name}).status_code == 404
    assert client.get(url).status_code == 405


@pytest.mark.parametrize("action", ["lint-fix", "lint-dismiss"])
def test_a_finding_that_is_gone_is_refused(client, compound, action):
    given = {"finding": "L01.gone", "reason.L01.gone": "why"}
    response = client.post(reverse(action, args=[compound.pk]), given, headers=HTMX)
    assert response.status_code == 409
    assert compound.question.criteria.live().count() == 2


def test_saving_a_sentence_brings_its_findings(client, compound):
    url = reverse("criterion-edit", args=[compound.pk])
    fields = editor_fields(compound, text="Gives a comprehensive explanation of the risks.")
    html = page(client.post(url, fields, headers=HTMX))
    assert "Rewards length" in html
    assert "Two things" not in html


def test_without_scripts_a_repair_leads_back_to_the_page(client, compound):
    given = {"finding": named(compound, "L01"), "revision": compound.revision}
    response = client.post(reverse("lint-fix", args=[compound.pk]), given)
    assert response.status_code == 302
    assert f"open={compound.pk}" in response["Location"]


def test_lint_takes_one_query_however_many_criteria(client, compound):
    from rubric_studio.rubrics.draft import draft_document
    from rubric_studio.rubrics.linting import linted

    document = draft_document(compound.question)
    with CaptureQueriesContext(connection) as queries:
        assert linted(compound.question, document).serious == 1
    assert len(queries) == 1
