import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from tests.cast import make_answer, make_criterion, make_rubric
from tests.grading_cast import make_answers, make_judge, make_run, work

pytestmark = pytest.mark.django_db
CALLS = "Tells the reader to call the emergency number now."
REST = "Tells the reader to sit down and rest."
BASE = "Call the emergency number now. Sit down and rest. Unlock the door."


@pytest.fixture
def question(team):
    return make_rubric(team, CALLS, REST)


@pytest.fixture
def answer(question):
    return make_answers(question, BASE)[0]


@pytest.fixture
def keys(question):
    return [it.key for it in question.criteria.order_by("position")]


def keep(client, answer, key, text, **ticks):
    ticked = {f"{way}-{it}": "on" for it, way in ticks.items()}
    return client.post(f"/answers/{answer.pk}/steer?criterion={key}", {"text": text, **ticked})


def test_the_wizard_offers_to_cut_what_a_criterion_asks_for(client, alice, answer, keys):
    client.force_login(alice)
    assert CALLS in client.get(f"/answers/{answer.pk}/steer").content.decode()
    page = client.get(f"/answers/{answer.pk}/steer?criterion={keys[0]}").content.decode()
    assert "Sit down and rest. Unlock the door.</textarea>" in page
    assert f'name="down-{keys[0]}" aria-label="1 is no longer true" checked' in page


def test_an_edit_is_kept_with_what_its_author_states(client, alice, answer, keys):
    from rubric_studio.grading.models import Probe

    client.force_login(alice)
    text = "Sit down and rest. Unlock the door."
    assert keep(client, answer, keys[0], text, **{keys[0]: "down"}).status_code == 302
    probe = Probe.objects.get()
    assert (probe.kind, probe.base, probe.criterion_key) == ("steer", answer, keys[0])
    assert probe.expected == {keys[0]: "down"}
    assert probe.stated_at is not None
    assert probe.accepted_by == alice
    assert probe.answer.origin == "probe"
    assert "1 of 5 tests" in client.get(f"/answers/{answer.pk}/steer").content.decode()


def test_a_text_made_by_rule_says_so_until_it_is_changed_by_hand(client, alice, answer, keys):
    from rubric_studio.grading.models import Probe

    client.force_login(alice)
    keep(client, answer, keys[0], "Sit down and rest. Unlock the door.", **{keys[0]: "down"})
    keep(client, answer, keys[0], "Sit down. Unlock the door.", **{keys[0]: "down"})
    by_rule, by_hand = Probe.objects.order_by("pk")
    assert (by_rule.family, by_hand.family) == ("cut_sentence", "by_hand")
    assert "Call the emergency number now." in by_rule.does
    assert by_hand.does == ""


def test_several_flips_may_be_stated(client, alice, answer, keys):
    from rubric_studio.grading.models import Probe

    client.force_login(alice)
    keep(client, answer, keys[0], "Unlock the door.", **{keys[0]: "down", keys[1]: "down"})
    assert Probe.objects.get().expected == {keys[0]: "down", keys[1]: "down"}


@pytest.mark.parametrize(
    "text, ticks, words",
    [
        (BASE, {0: "down"}, "still the answer’s own"),
        ("Unlock the door.", {1: "down"}, "criterion that you edit for"),
    ],
)
def test_an_edit_that_tests_nothing_is_refused_with_its_text_kept(
    client, alice, answer, keys, text, ticks, words
):
    from rubric_studio.grading.models import Probe, SampleAnswer

    client.force_login(alice)
    page = keep(client, answer, keys[0], text, **{keys[at]: way for at, way in ticks.items()})
    assert page.status_code == 422
    assert words in page.content.decode()
    assert text in page.content.decode()
    assert not Probe.objects.exists()
    assert SampleAnswer.objects.count() == 1


def test_a_criterion_can_not_become_true_and_untrue(client, alice, answer, keys):
    client.force_login(alice)
    both = {f"up-{keys[0]}": "on", f"down-{keys[0]}": "on", "text": "Unlock the door."}
    page = client.post(f"/answers/{answer.pk}/steer?criterion={keys[0]}", both)
    assert page.status_code == 422
    assert "at once" in page.content.decode()


def test_another_form_is_kept_as_one_that_changes_nothing(client, alice, answer):
    from rubric_studio.grading.models import Probe

    client.force_login(alice)
    page = client.get(f"/answers/{answer.pk}/steer?criterion=nothing").content.decode()
    assert "- Sit down and rest." in page
    bullets = "- Call the emergency number now.\n- Sit down and rest.\n- Unlock the door."
    keep(client, answer, "nothing", bullets)
    probe = Probe.objects.get()
    assert (probe.kind, probe.expected, probe.criterion_key) == ("invariant", {}, "")


def test_what_the_judge_quoted_is_cut(client, alice, judge, question, keys):
    # No sentence has the criterion's words, so only the quote says what to cut.
    question.criteria.filter(key=keys[0]).update(text="Urges haste.")
    [answer] = make_answers(question, "Ring them at once. Then wait inside.")
    run = work(make_run(question, judge, answers=[answer]))
    quoted = [{"text": "Ring them at once.", "start": 0, "end": 18, "found": True}]
    run.grades.filter(criterion_key=keys[0]).update(quotes=quoted, value=1.0, status="graded")
    client.force_login(alice)
    page = client.get(f"/answers/{answer.pk}/steer?criterion={keys[0]}").content.decode()
    assert "Takes out what the judge quoted" in page
    assert "Then wait inside.</textarea>" in page


def test_a_met_example_is_put_in(client, alice, question, answer):
    example = {"answer": "Chew one aspirin of 300 mg.", "verdict": "met"}
    added = make_criterion(question, "Advises aspirin.", examples=[example])
    client.force_login(alice)
    page = client.get(f"/answers/{answer.pk}/steer?criterion={added.key}").content.decode()
    assert "Chew one aspirin of 300 mg.</textarea>" in page
    assert f'name="up-{added.key}"' in page


def test_a_transcript_has_no_steer_test(client, alice, question, keys):
    talk = make_answer(question, messages=[{"role": "assistant", "content": "Call now."}])
    client.force_login(alice)
    assert "transcript" in client.get(f"/answers/{talk.pk}/steer").content.decode()
    page = keep(client, talk, keys[0], "Other.", **{keys[0]: "down"})
    assert page.status_code == 422


def test_a_criterion_that_is_gone_leads_back_to_the_choice(client, alice, answer):
    client.force_login(alice)
    page = client.get(f"/answers/{answer.pk}/steer?criterion=c-gone").content.decode()
    assert "Criterion to edit for" in page


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
    assert "The call used 100 tokens" in page
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
