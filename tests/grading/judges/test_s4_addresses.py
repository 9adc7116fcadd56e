"""S4 through the app: whoever gives the address, and however, nothing inside is connected to."""

import json
import socket
import threading

import pytest
from django.urls import reverse

from rubric_studio.accounts.models import ApiToken
from rubric_studio.grading.judges.editing import try_judge
from rubric_studio.grading.models import Judge
from tests.cast import make_rubric
from tests.engine.judging.test_addresses import INSIDE
from tests.grading_cast import make_answers, make_judge, make_run, statuses, work

pytestmark = pytest.mark.django_db
FORM = {
    "name": "Big",
    "model": "m",
    "price_in": "0",
    "price_out": "0",
    "temperature": "0",
    "max_tokens": "512",
    "concurrency": "1",
    "timeout": "1",
}


@pytest.fixture
def listener():
    """A port on loopback that counts who comes."""
    connected = []

    def accept(server):
        while True:
            try:
                connection, peer = server.accept()
            except OSError:
                return
            connected.append(peer)
            connection.close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=accept, args=(server,), daemon=True).start()
        yield server.getsockname()[1], connected
        server.shutdown(socket.SHUT_RDWR)


@pytest.fixture(autouse=True)
def nothing_allowed(settings):
    settings.JUDGE_ENDPOINT_ALLOWLIST = []
    settings.JUDGE_BASE_URL = settings.JUDGE_MODEL = settings.DEMO_JUDGE_URL = ""


def filled(url, port):
    return url.format(port=port) if "{port}" in url else url


def test_s4_there_are_enough_of_them():
    assert len(INSIDE) >= 45


@pytest.mark.parametrize("url", [url for url in INSIDE if url])
def test_s4_no_inside_address_can_be_given_or_asked(client, team, alice, listener, url):
    port, connected = listener
    url = filled(url, port)
    client.force_login(alice)
    page = client.post(reverse("judge-add", args=[team.pk]), {**FORM, "base_url": url})
    assert page.status_code == 422
    assert page.context["form"].errors["base_url"]
    _, secret = ApiToken.issue(alice, "t", ["runs:write"], 1)
    answer = client.post(
        "/api/v1/judges",
        json.dumps({"name": "Big", "model": "m", "base_url": url}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert answer.status_code == 400
    assert [it["pointer"] for it in answer.json()["errors"]] == ["/base_url"]
    assert not Judge.objects.exists()
    # One that stands in the database all the same: from before a rule, or from a restored backup.
    row = Judge.objects.create(team=team, name="Old", base_url=url, model="m")
    assert try_judge(row).code == "forbidden_address"
    assert connected == []


def test_s4_a_run_by_a_judge_that_is_no_longer_allowed_fails_and_connects_to_nobody(
    team, settings, scripted_judge
):
    settings.JUDGE_ENDPOINT_ALLOWLIST = [f"127.0.0.1:{scripted_judge.port}"]
    judge = make_judge(team, scripted_judge)
    question = make_rubric(team, "Says to call")
    make_answers(question, "Call now.")
    settings.JUDGE_ENDPOINT_ALLOWLIST = []
    run = work(make_run(question, judge))
    assert statuses(run) == {"failed": 1}
    assert run.grades.get().error_code == "forbidden_address"
    assert scripted_judge.stats()["calls"] == 0


@pytest.mark.parametrize("port", [0, 22, 25, 5432, 6379, 11211])
def test_s4_ports_of_other_services_are_refused_even_where_the_host_is_allowed(
    client, team, alice, settings, port
):
    settings.JUDGE_ENDPOINT_ALLOWLIST = ["127.0.0.1"]
    client.force_login(alice)
    url = f"http://127.0.0.1:{port}/v1"
    page = client.post(reverse("judge-add", args=[team.pk]), {**FORM, "base_url": url})
    assert page.status_code == 422
    assert "base_url" in page.context["form"].errors


def test_s4_what_an_inside_address_says_is_never_shown(
    client, team, alice, settings, scripted_judge
):
    settings.JUDGE_ENDPOINT_ALLOWLIST = ["127.0.0.1"]
    judge = make_judge(team, scripted_judge)
    client.force_login(alice)
    for fault in ("html", "bad_gateway_page", "not_chat", "prose", "text", "redirect", "huge"):
        scripted_judge.script({"kind": fault, "text": "http://127.0.0.1:1/inside-secret"})
        page = client.post(reverse("judge-test", args=[judge.pk]), follow=True)
        assert b"inside-secret" not in page.content
        for part in (b"Welcome", b"Bad gateway", b"clearly meets"):
            assert part not in page.content


def test_s4_an_allowed_judge_on_loopback_works(client, team, alice, settings, scripted_judge):
    settings.JUDGE_ENDPOINT_ALLOWLIST = [f"127.0.0.1:{scripted_judge.port}"]
    client.force_login(alice)
    given = {**FORM, "base_url": scripted_judge.base_url}
    assert client.post(reverse("judge-add", args=[team.pk]), given).status_code == 302
    assert try_judge(Judge.objects.get()).ok
