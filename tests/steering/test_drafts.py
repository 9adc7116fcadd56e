"""Publishing while a worker measures the report: nobody waits, and nothing is signed off unseen."""

import json

import pytest
from django.urls import reverse

from rubric_studio.rubrics.models import Version
from rubric_studio.rubrics.publishing import NotSignedOff, SignOffUnderWay, publish
from rubric_studio.steering import reading
from rubric_studio.steering.models import StoredReport
from rubric_studio.steering.tasks import measure_report
from tests.rubrics.pages import page
from tests.steering.graded import SIX, make_demo_judge, make_graded_run, make_tested

pytestmark = pytest.mark.django_db
UNDER_WAY = "The report is being measured"
GATES = ["Order", "Bands and anchors", "Steer tests", "Exploit probes", "Lint"]


@pytest.fixture(autouse=True)
def large(monkeypatch):
    """Every report counts as too large for a request."""
    monkeypatch.setattr(reading, "MOST_IN_REQUEST", 0)


@pytest.fixture
def tested(team, client, alice):
    client.force_login(alice)
    return make_tested(team, SIX)


@pytest.fixture
def strict(team):
    team.requires_sign_off = True
    team.save()
    return team


def measure():
    for row in StoredReport.objects.all():
        measure_report(row.pk)


def publish_page(client, question):
    return page(client.get(reverse("publish", args=[question.pk])))


def poll(client, question):
    return client.get(reverse("tested-draft", args=[question.pk]))


def test_the_page_opens_at_once_and_takes_the_report_up_by_itself(client, tested):
    question, run = tested
    html = publish_page(client, question)
    assert UNDER_WAY in html
    assert f"A worker is measuring the report on run {run.ordinal}." in html
    assert reverse("tested-draft", args=[question.pk]) in html
    assert poll(client, question).status_code == 204
    measure()
    html = page(poll(client, question))
    assert "Steers on your samples" in html or "Steers, with" in html
    assert "hx-get" not in html
    assert "hx-get" not in publish_page(client, question).partition('id="on-samples"')[2]


def test_who_waits_reads_nothing_of_the_report(client, tested, django_assert_max_num_queries):
    question, _ = tested
    publish_page(client, question)
    measure()
    question.answers.filter(tier=3).update(tier=1)
    with django_assert_max_num_queries(30) as queries:
        assert poll(client, question).status_code == 204
    read = [it["sql"].partition(" FROM ")[0] for it in queries.captured_queries]
    assert not [it for it in read if '"figures"' in it]


def test_an_older_report_is_shown_and_said_to_be_one(client, tested):
    question, _ = tested
    publish_page(client, question)
    measure()
    question.answers.filter(tier=3).update(tier=1)
    html = publish_page(client, question)
    assert "a worker is bringing it up to date" in html
    assert "on your samples" in html


def test_nobody_is_kept_from_publishing_where_nothing_is_required(tested, alice):
    question, _ = tested
    version = publish(question, alice, note="First.")
    assert (version.override_reason, version.overridden) == ("", [])


def test_where_it_is_required_one_is_told_to_try_again(strict, client, tested, alice):
    question, run = tested
    with pytest.raises(SignOffUnderWay) as refusal:
        publish(question, alice, note="First.")
    assert f"A worker is measuring the report on run {run.ordinal}." in refusal.value.message
    assert StoredReport.objects.get(run=run).asked_at is not None

    refused = client.post(reverse("publish", args=[question.pk]), {"note": "First."})
    assert refused.status_code == 422
    assert "try again in a few seconds" in page(refused)
    assert refused.context["form"]["note"].value() == "First."
    assert "as soon as the report is measured" in page(refused)
    assert not Version.objects.exists()
    measure()
    html = page(poll(client, question))
    assert 'hx-swap-oob="true"' in html
    assert "Open: " in html
    with pytest.raises(NotSignedOff) as refusal:
        publish(question, alice, note="First.")
    assert "Order" not in refusal.value.gates


def test_an_older_report_signs_nothing_off(strict, tested, alice):
    question, _ = tested
    with pytest.raises(SignOffUnderWay):
        publish(question, alice, note="First.")
    measure()
    question.answers.filter(tier=3).update(tier=1)
    with pytest.raises(SignOffUnderWay) as refusal:
        publish(question, alice, note="First.")
    assert "has changed; a worker is bringing it up to date" in refusal.value.message


def test_a_reason_publishes_with_every_gate_open(strict, tested, alice):
    version = publish(tested[0], alice, note="First.", override="The trial starts today.")
    assert version.overridden == GATES


def test_nobody_waits_for_a_report_that_signs_nothing_off(strict, tested, alice):
    question, _ = tested
    answers = question.answers.order_by("ordinal")
    met = dict(zip(answers, (it[0] for it in SIX), strict=True))
    make_graded_run(question, met, judge=make_demo_judge(strict))
    with pytest.raises(NotSignedOff):
        publish(question, alice, note="First.")


def test_without_a_broker_it_is_said_and_a_reason_still_publishes(
    strict, tested, alice, monkeypatch
):
    from rubric_studio.celery import app

    monkeypatch.setattr(app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    question, _ = tested
    with pytest.raises(SignOffUnderWay) as refusal:
        publish(question, alice, note="First.")
    assert "the queue to the workers can’t be reached" in refusal.value.message
    assert publish(question, alice, note="First.", override="It starts today.").overridden == GATES


def test_programs_are_told_when_to_try_again(strict, client, tested, alice):
    from rubric_studio.accounts.models import ApiToken

    question, _ = tested
    _, secret = ApiToken.issue(alice, "test", ["rubrics:read", "rubrics:write"])
    client.logout()
    refused = client.post(
        f"/api/v1/questions/{question.pk}/versions",
        json.dumps({"note": "First."}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert refused.status_code == 409
    assert refused.json()["type"].endswith("sign_off_under_way")
    assert refused.headers["Retry-After"] == "3"


def test_a_draft_changed_meanwhile_is_not_published_unseen(strict, tested, alice, settings):
    settings.SIGN_OFF = f"{__name__}.changes_meanwhile"
    with pytest.raises(Exception, match="has just been changed"):
        publish(tested[0], alice, note="First.", override="It starts today.")
    assert not Version.objects.exists()


def changes_meanwhile(question, draft):
    from rubric_studio.steering.sign_off import sign_off_of

    question.criteria.filter(position=question.criteria.first().position).update(points=9)
    return sign_off_of(question, draft)


def test_strangers_and_readers_learn_nothing(client, tested, charlie, team):
    from tests.cast import make_user

    question, _ = tested
    client.force_login(charlie)
    assert poll(client, question).status_code == 404
    client.force_login(make_user("Reviewer", team, "reviewer"))
    assert poll(client, question).status_code == 403
