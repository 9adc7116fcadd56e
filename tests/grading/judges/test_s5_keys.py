"""S5: a judge's key, followed through everything that happens to it; it is found nowhere."""

import base64
import json
import logging

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.log import AdminEmailHandler

from rubric_studio.accounts.models import ApiToken
from rubric_studio.grading.judges.editing import endpoint_of
from rubric_studio.grading.models import Judge, Run
from tests.cast import make_rubric
from tests.grading_cast import make_answers, make_run, statuses
from tests.worker import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "sk-canary-9f8e7d6c5b4a3210"
SHAPES = [
    KEY.encode(),
    KEY.encode().hex().encode(),
    KEY.encode()[::-1],
    base64.b64encode(KEY.encode()).rstrip(b"="),
    b"canary-9f8e",
]


def holds_key(data):
    data = data.encode() if isinstance(data, str) else data
    return any(shape in data for shape in SHAPES)


def form_of(scripted, **changes):
    return {
        "name": "Big judge",
        "base_url": scripted.base_url,
        "model": "scripted",
        "api_key": KEY,
        "price_in": "0.1",
        "price_out": "0.4",
        "temperature": "0",
        "max_tokens": "512",
        "concurrency": "4",
        "timeout": "5",
        "structured_output": "on",
        **changes,
    }


def everything_in_the_database():
    """Each row of each table as text, as a dump has it."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT {name}::text FROM {name}")
            for (row,) in cursor.fetchall():
                yield table, row


def everything_in_the_broker(url):
    """Each key with its value, messages unpacked."""
    import redis

    client = redis.Redis.from_url(url)
    for key in client.scan_iter():
        kind = client.type(key)
        match kind:
            case b"string":
                values = [client.get(key)]
            case b"list":
                values = client.lrange(key, 0, -1)
            case b"hash":
                values = [part for pair in client.hgetall(key).items() for part in pair]
            case b"set":
                values = list(client.smembers(key))
            case b"zset":
                values = client.zrange(key, 0, -1)
            case _:
                raise AssertionError(kind)
        for value in values:
            yield key, value
            if b'"body"' in value:
                message = json.loads(value)
                message = message[0] if isinstance(message, list) else message
                yield key, base64.b64decode(message["body"])


def assert_nowhere(places):
    seen = 0
    for place, value in places:
        seen += 1
        assert not holds_key(value), place
    return seen


@pytest.fixture
def desk(alice):
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    return client


@pytest.fixture
def keyed_judge(desk, team, allow_loopback, scripted_judge):
    """A judge added with the form; the pages that showed up on the way hold no key."""
    address = reverse("judge-add", args=[team.pk])
    refused = desk.post(address, form_of(scripted_judge, model=""))
    added = desk.post(address, form_of(scripted_judge), follow=True)
    assert (refused.status_code, added.status_code) == (422, 200)
    assert not holds_key(refused.content)
    assert not holds_key(added.content)
    return Judge.objects.get()


def test_s5_no_page_and_no_answer_of_rest_shows_a_key(
    desk, team, alice, keyed_judge, scripted_judge, caplog
):
    pages = [reverse("judges"), reverse("judge-edit", args=[keyed_judge.pk])]
    pages += [f"{reverse('judge-add', args=[team.pk])}?copy={keyed_judge.pk}"]
    pages += [reverse("judges-prompt", args=[team.pk])]
    for fault in ("unauthorized", "bad_request", "server_error", "prose", "html"):
        scripted_judge.script({"kind": fault})
        for headers in ({}, {"HX-Request": "true"}):
            address = reverse("judge-test", args=[keyed_judge.pk])
            assert not holds_key(desk.post(address, headers=headers, follow=True).content)
    assert scripted_judge.requests()[0]["authorization"] == f"Bearer {KEY}"
    for page in pages:
        answer = desk.get(page)
        assert answer.status_code == 200
        assert not holds_key(answer.content)
    edited = form_of(scripted_judge, price_in="-1")
    assert not holds_key(desk.post(reverse("judge-edit", args=[keyed_judge.pk]), edited).content)
    _, secret = ApiToken.issue(alice, "t", ["rubrics:read", "runs:write"], 1)
    headers = {"Authorization": f"Bearer {secret}"}
    listed = desk.get("/api/v1/judges", headers=headers)
    assert listed.status_code == 200
    given = {"name": "R", "base_url": scripted_judge.base_url, "model": "m", "api_key": KEY}
    for changes, status in (({}, 201), ({"base_url": "http://10.0.0.1/v1"}, 400)):
        made = desk.post(
            "/api/v1/judges", {**given, **changes}, "application/json", headers=headers
        )
        assert made.status_code == status
        assert not holds_key(made.content)
    assert not holds_key(listed.content)
    assert not holds_key(caplog.text)


def test_s5_a_crash_with_a_key_in_hand_shows_and_logs_none(
    desk, team, settings, scripted_judge, caplog, capfd
):
    # A setting that cannot be read: nothing but a crash can come of it.
    settings.JUDGE_ENDPOINT_ALLOWLIST = ["127.1"]
    page = desk.post(reverse("judge-add", args=[team.pk]), form_of(scripted_judge))
    assert page.status_code == 500
    assert not holds_key(page.content)
    assert "ValueError" in caplog.text
    assert not holds_key(caplog.text)
    printed = capfd.readouterr()
    assert not holds_key(printed.out + printed.err)


@pytest.mark.parametrize("way", ["form", "rest"])
@pytest.mark.filterwarnings("ignore:Django 2028")
def test_s5_a_report_of_a_crash_that_is_mailed_holds_none(
    desk, team, alice, settings, scripted_judge, mailoutbox, way
):
    settings.JUDGE_ENDPOINT_ALLOWLIST = ["127.1"]
    settings.ADMINS = ["operator@example.com"]
    handler = AdminEmailHandler(include_html=True)
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        if way == "form":
            desk.post(reverse("judge-add", args=[team.pk]), form_of(scripted_judge))
        else:
            _, secret = ApiToken.issue(alice, "t", ["runs:write"], 1)
            given = {"name": "R", "base_url": "https://a.example/v1", "model": "m", "api_key": KEY}
            headers = {"Authorization": f"Bearer {secret}"}
            desk.post("/api/v1/judges", given, "application/json", headers=headers)
    finally:
        logger.removeHandler(handler)
    assert mailoutbox
    for mail in mailoutbox:
        assert "ValueError" in mail.body
        for text in (mail.body, *(content for content, _ in mail.alternatives)):
            assert not holds_key(text)


def test_s5_runs_leave_no_key_in_messages_rows_logs_or_exports(
    workers, desk, team, alice, keyed_judge, scripted_judge
):
    question = make_rubric(team, "Says to call", "Names the signs")
    make_answers(question, "Call now.", "Wait.")
    scripted_judge.script({"kind": "unauthorized"})
    run = make_run(question, keyed_judge)
    assert assert_nowhere(everything_in_the_broker(workers.broker.url)) >= 2
    with workers.start():
        for fault in ("bad_request", "prose", "echo", None):
            wait_until(lambda run=run: not Run.objects.get(pk=run.pk).is_live, 60, workers.log)
            assert set(statuses(run)) == {"failed"}
            scripted_judge.script(*([{"kind": fault}] if fault else []))
            run = make_run(question, keyed_judge)
        wait_until(lambda: not Run.objects.get(pk=run.pk).is_live, 60, workers.log)
    assert set(statuses(run)) == {"graded"}
    assert {it["authorization"] for it in scripted_judge.requests()} == {f"Bearer {KEY}"}

    assert_nowhere(everything_in_the_broker(workers.broker.url))
    assert assert_nowhere(everything_in_the_database()) > 20
    lines = [line for worker in workers.running for line in worker.lines]
    assert assert_nowhere([("log", "".join(lines))]) == 1
    _, secret = ApiToken.issue(alice, "t", ["rubrics:read", "export:read"], 1)
    headers = {"Authorization": f"Bearer {secret}"}
    exported = f"collections/{question.collection.slug}/export?format=rubric-studio&drafts=true"
    for path in (f"runs/{run.pk}", f"runs/{run.pk}/grades", f"{exported}&answers=true"):
        answer = desk.get(f"/api/v1/{path}", headers=headers)
        assert answer.status_code == 200
        assert not holds_key(b"".join(answer) if answer.streaming else answer.content)
    for page in (reverse("grade", args=[question.pk]), reverse("run-facts", args=[run.pk])):
        assert not holds_key(desk.get(page).content)


def test_s5_what_is_stored_is_no_use_without_the_secret(keyed_judge, settings):
    assert not any(holds_key(row) for _, row in everything_in_the_database())
    assert endpoint_of(keyed_judge).api_key == KEY
    settings.SECRET_KEY = "another secret " * 4
    answer = Client()
    answer.force_login(keyed_judge.created_by)
    page = answer.post(reverse("judge-test", args=[keyed_judge.pk]))
    assert page.status_code == 409
    assert b"SECRET_KEY_FALLBACKS" in page.content
