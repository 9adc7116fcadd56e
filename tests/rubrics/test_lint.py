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
    assert "Let stand: Two things in one sentence. <q>It is one act.</q>" in html
    assert "lint-note-error" not in html
    marked = "Lint: Two things"
    edit_criterion(compound, alice, None, points=7)
    assert marked not in page(client.get(f"/q/{compound.question.pk}/"))
    edit_criterion(compound, alice, None, text=COMPOUND.replace("driving", "walking"))
    assert marked in page(client.get(f"/q/{compound.question.pk}/"))


def test_a_dismissal_needs_a_reason(client, compound):
    from rubric_studio.rubrics.models import LintDismissal

    assert dismiss(client, compound, "L01", reason="  ").status_code == 409
    assert not LintDismissal.objects.exists()


@pytest.mark.parametrize("statement", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}"])
def test_a_dismissal_is_never_changed(client, compound, statement):
    dismiss(client, compound, "L01")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format("rubrics_lintdismissal"))


@pytest.mark.parametrize("action", ["lint-fix", "lint-dismiss", "lint-bring-back"])
def test_readers_may_not_and_strangers_find_nothing(client, compound, bob, charlie, action):
    url = reverse(action, args=[compound.pk])
    name = named(compound, "L01")
    client.force_login(bob)
    assert client.post(url, {"finding": name}).status_code == 403
    client.force_login(charlie)
    assert client.post(url, {"finding": name}).status_code == 404
    assert client.get(url).status_code == 405


@pytest.mark.parametrize("action", ["lint-fix", "lint-dismiss", "lint-bring-back"])
def test_a_finding_that_is_gone_is_refused(client, compound, action):
    given = {"finding": "L01.gone", "reason.L01.gone": "why", "revision": compound.revision}
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


def test_what_was_let_stand_can_be_brought_back_and_let_stand_again(client, compound):
    name = named(compound, "L01")
    dismiss(client, compound, "L01")
    url = reverse("lint-bring-back", args=[compound.pk])
    html = page(client.post(url, {"finding": name}, headers=HTMX))
    assert "lint-note-error" in html
    assert "Let stand" not in html
    assert client.post(url, {"finding": name}, headers=HTMX).status_code == 409
    assert "<q>Still one act.</q>" in page(dismiss(client, compound, "L01", "Still one act."))
    assert compound.question.dismissals.count() == 3


def test_enter_in_a_reason_dismisses_that_finding(client, team, alice):
    client.force_login(alice)
    text = "Gives a comprehensive and appropriate account."
    criterion = make_criterion(make_rubric(team), text)
    wordy, vague = named(criterion, "L04"), named(criterion, "L03")
    given = {f"reason.{wordy}": "", f"reason.{vague}": "The panel knows what is."}
    url = reverse("lint-dismiss", args=[criterion.pk])
    html = page(client.post(url, given, headers=HTMX))
    assert "Let stand: A vague word. <q>The panel knows what is.</q>" in html
    assert "<b>Rewards length:</b>" in html


def test_the_gravest_findings_stand_open_and_the_others_wait(client, team, alice):
    client.force_login(alice)
    text = "Ideally gives better appropriate detailed reasons mentioned above."
    criterion = make_criterion(make_rubric(team), text)
    html = page(client.get(f"/q/{criterion.question.pk}/", {"open": criterion.pk}))
    shown, waiting = html.split('<details class="lint-more">')
    assert shown.count('class="lint-note') == 3
    assert shown.index("lint-note-error") < shown.index('class="lint-note"')
    assert waiting.count('class="lint-note') >= 1


@pytest.fixture
def without_absence(client, team, alice):
    client.force_login(alice)
    names = ("aspirin", "the court", "copper", "Lisbon", "the Tagus")
    return make_rubric(team, *(f"Names {it} first." for it in names))


def whole_name(question):
    from rubric_studio.rubrics.draft import draft_document
    from rubric_studio.rubrics.linting import linted

    draft = linted(question, draft_document(question))
    return next(it.name for it in draft.whole if it.finding.rule.id == "R01")


def test_the_rubric_as_a_whole_has_its_findings_on_the_page(client, without_absence):
    html = page(client.get(f"/q/{without_absence.pk}/"))
    assert "The rubric as a whole: Too little is taken off" in html


def test_a_finding_on_the_whole_is_let_stand_with_a_reason_and_brought_back(
    client, without_absence
):
    name = whole_name(without_absence)
    address = f"/q/{without_absence.pk}/"
    url = reverse("rubric-lint-dismiss", args=[without_absence.pk])
    back = reverse("rubric-lint-bring-back", args=[without_absence.pk])
    assert client.post(url, {"finding": name, f"reason.{name}": ""}).status_code == 409
    assert not without_absence.dismissals.exists()
    response = client.post(url, {"finding": name, f"reason.{name}": "Facts only."})
    assert response["Location"].endswith("?lint=whole#lint-whole")
    html = page(client.get(address, {"lint": "whole"}))
    assert "<q>Facts only.</q>" in html
    assert 'id="lint-whole" open' in html
    client.post(back, {"finding": name})
    assert "Facts only." not in page(client.get(address))


def test_a_reason_on_the_whole_outlives_other_criteria(client, without_absence):
    name = whole_name(without_absence)
    url = reverse("rubric-lint-dismiss", args=[without_absence.pk])
    client.post(url, {"finding": name, f"reason.{name}": "Facts only."})
    make_criterion(without_absence, "Names the emergency number.")
    assert "<q>Facts only.</q>" in page(client.get(f"/q/{without_absence.pk}/"))


@pytest.mark.parametrize("action", ["rubric-lint-dismiss", "rubric-lint-bring-back"])
def test_readers_may_not_let_the_whole_stand(client, without_absence, bob, charlie, action):
    url = reverse(action, args=[without_absence.pk])
    assert client.get(url).status_code == 405
    client.force_login(bob)
    assert client.post(url, {"finding": "R01.x"}).status_code == 403
    client.force_login(charlie)
    assert client.post(url, {"finding": "R01.x"}).status_code == 404
