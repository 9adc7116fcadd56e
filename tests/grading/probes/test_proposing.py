"""A model proposes the edit of a steer test: one call, under the guard of every other call."""

import json
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
from django.utils.timezone import now
from redis import Redis

from tests.cast import make_rubric
from tests.grading_cast import make_answers, make_judge

pytestmark = pytest.mark.django_db
CALLS = "Tells the reader to call the emergency number now."
REST = "Tells the reader to sit down and rest."
BASE = "Call the emergency number now. Sit down and rest. Unlock the door."
EDIT = json.dumps({"edited": "Sit down and rest. Unlock the front door."})


@pytest.fixture
def question(team):
    return make_rubric(team, CALLS, REST)


@pytest.fixture
def answer(question):
    return make_answers(question, BASE)[0]


@pytest.fixture
def keys(question):
    return [it.key for it in question.criteria.order_by("position")]


@pytest.fixture
def writer(allow_loopback, team):
    """writer(reply): a judge of the team whose endpoint always says this; what it was asked is in
    its `asked`."""
    servers = []

    def make(reply, status=200):
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers["Content-Length"])
                judge.asked.append(json.loads(self.rfile.read(length)))
                content = {"choices": [{"message": {"content": reply}, "finish_reason": "stop"}]}
                usage = {"usage": {"prompt_tokens": 90, "completion_tokens": 10}}
                body = json.dumps({**content, **usage}).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        address = SimpleNamespace(base_url=f"http://127.0.0.1:{server.server_port}/v1")
        judge = make_judge(team, address, name="Writer", price_in=1, price_out=2)
        judge.asked = []
        return judge

    yield make
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(autouse=True)
def nobody_is_waiting():
    """The room counts a person's tries by number, and each test has a first person."""
    from rubric_studio.grading.tryout.room import room

    room.began.clear()


def propose(client, answer, key, judge):
    data = {"criterion": key, "judge": str(judge.pk)}
    return client.post(f"/answers/{answer.pk}/steer/propose", data, follow=True)


def test_a_model_proposes_and_nothing_is_kept(client, alice, answer, keys, writer):
    from rubric_studio.grading.models import Probe

    judge = writer('{"edited": "Sit down and rest. Unlock the front door."}')
    client.force_login(alice)
    page = propose(client, answer, keys[0], judge).content.decode()
    assert "Proposed by Writer, not kept yet." in page
    assert "Unlock the front door.</textarea>" in page
    assert "The call used 100 tokens, 0.00011." in page
    [asked] = judge.asked
    assert CALLS in asked["messages"][0]["content"]
    assert asked["messages"][1]["content"] == BASE
    assert not Probe.objects.exists()


def test_an_accepted_proposal_names_the_model_and_who_accepted_it(
    client, alice, answer, keys, writer
):
    from rubric_studio.grading.models import Probe

    writer("")
    client.force_login(alice)
    data = {"text": "Rest.", f"down-{keys[0]}": "on", "proposed_by": "Writer"}
    client.post(f"/answers/{answer.pk}/steer?criterion={keys[0]}", data)
    probe = Probe.objects.get()
    assert (probe.family, probe.proposed_by, probe.accepted_by) == ("proposed", "Writer", alice)


@pytest.mark.parametrize(
    "reply, status, words",
    [
        ("I would rather not.", 200, "no edited answer"),
        ('{"edited": ""}', 200, "no edited answer"),
        (json.dumps({"edited": BASE}), 200, "changed nothing"),
        ("", 500, "No proposal came"),
    ],
)
def test_a_proposal_that_is_none_says_what_to_do(
    client, alice, answer, keys, writer, reply, status, words
):
    judge = writer(reply, status)
    client.force_login(alice)
    assert words in propose(client, answer, keys[0], judge).content.decode()


def test_a_private_address_is_not_asked(client, alice, answer, keys, writer, settings):
    judge = writer('{"edited": "Rest."}')
    settings.JUDGE_ENDPOINT_ALLOWLIST = []
    client.force_login(alice)
    assert "No proposal came" in propose(client, answer, keys[0], judge).content.decode()
    assert judge.asked == []


def test_reader_may_not_ask_a_model(client, bob, answer, keys):
    client.force_login(bob)
    data = {"criterion": keys[0]}
    assert client.post(f"/answers/{answer.pk}/steer/propose", data).status_code == 403


def test_the_cost_is_told_before_and_after_and_when_nothing_came_of_it(
    client, alice, answer, keys, writer
):
    judge = writer("I would rather not.")
    client.force_login(alice)
    page = client.get(f"/answers/{answer.pk}/steer?criterion={keys[0]}").text
    assert "Writer, about 0.000" in page
    assert "The call used 100 tokens, 0.00011." in propose(client, answer, keys[0], judge).text


def test_a_judge_that_rests_is_not_asked(client, alice, answer, keys, writer):
    judge = writer(EDIT)
    judge.failing_since, judge.failing_reason = now(), "Connection refused."
    judge.resting_until = now() + timedelta(minutes=5)
    judge.save()
    client.force_login(alice)
    page = propose(client, answer, keys[0], judge).text
    assert "Writer rests. Not answering since" in page
    assert judge.asked == []


def test_a_reply_ends_the_trouble_of_a_judge_that_has_rested(client, alice, answer, keys, writer):
    judge = writer(EDIT)
    judge.failing_since = judge.resting_until = now() - timedelta(minutes=5)
    judge.save()
    client.force_login(alice)
    assert "Proposed by Writer" in propose(client, answer, keys[0], judge).text
    judge.refresh_from_db()
    assert judge.failing_since is None


def test_no_call_is_made_while_others_hold_every_slot(
    client, alice, answer, keys, writer, settings, monkeypatch
):
    """Another process holds the judge's only slot in the broker."""
    from rubric_studio.grading.probes import asking

    judge = writer(EDIT)
    judge.concurrency = 1
    judge.save()
    monkeypatch.setattr(asking, "LONGEST_CALL", 1.0)
    broker = Redis.from_url(settings.CELERY_BROKER_URL)
    expiry = int((time.time() + 60) * 1000)
    broker.hset(f"rs:slots:{judge.pk}", "elsewhere:1", f"{expiry}:1:1")
    client.force_login(alice)
    assert "it is slow, or busy" in propose(client, answer, keys[0], judge).text
    assert judge.asked == []
    broker.delete(f"rs:slots:{judge.pk}")
    assert "Proposed by Writer" in propose(client, answer, keys[0], judge).text


def test_a_judge_that_asks_for_fewer_calls_is_left_alone_by_everybody(
    client, alice, answer, keys, writer, settings
):
    judge = writer("", 429)
    client.force_login(alice)
    assert "No proposal came" in propose(client, answer, keys[0], judge).text
    assert Redis.from_url(settings.CELERY_BROKER_URL).exists(f"rs:silence:{judge.pk}")


def test_proposals_count_among_a_persons_tries(client, alice, answer, keys, writer):
    from rubric_studio.grading.tryout.room import TRIES_A_MINUTE, room

    judge = writer(EDIT)
    client.force_login(alice)
    for _ in range(TRIES_A_MINUTE):
        with room.entered(alice.pk):
            pass
    page = propose(client, answer, keys[0], judge).text
    assert f"more than {TRIES_A_MINUTE} tries in a minute" in page
    assert judge.asked == []
