import asyncio
import socket
import threading

import pytest

from rubric_studio.engine.document.types import Criterion, Message, Question
from rubric_studio.engine.judging.addresses import AddressGuard, ForbiddenAddress, GuardedResolver
from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.engine.judging.client import JudgeClient, JudgeRefused
from rubric_studio.engine.judging.endpoint import Endpoint
from rubric_studio.engine.judging.prompt import build_prompt

INSIDE = [
    "http://127.0.0.1:{port}/v1",
    "http://127.1:{port}/v1",
    "http://127.0.1:{port}/v1",
    "http://0x7f.1:{port}/v1",
    "http://0x7f000001:{port}/v1",
    "http://0177.0.0.1:{port}/v1",
    "http://2130706433:{port}/v1",
    "http://127.0.0.1.:{port}/v1",
    "http://0:{port}/v1",
    "http://0.0.0.0:{port}/v1",
    "http://[::1]:{port}/v1",
    "http://[::]:{port}/v1",
    "http://[0:0:0:0:0:0:0:1]:{port}/v1",
    "http://[::ffff:127.0.0.1]:{port}/v1",
    "http://[::ffff:7f00:1]:{port}/v1",
    "http://[::127.0.0.1]:{port}/v1",
    "http://[64:ff9b::127.0.0.1]:{port}/v1",
    "http://[64:ff9b::7f00:1]:{port}/v1",
    "http://[64:ff9b:1::7f00:1]:{port}/v1",
    "http://[2002:7f00:1::]:{port}/v1",
    "http://[fe80::1%25lo]:{port}/v1",
    "http://[fe80::1]:{port}/v1",
    "http://[fc00::1]:{port}/v1",
    "http://[fec0::1]:{port}/v1",
    "http://[ff02::1]:{port}/v1",
    "http://localhost:{port}/v1",
    "http://localhost.:{port}/v1",
    "http://LOCALHOST:{port}/v1",
    "http://judge.localhost:{port}/v1",
    "http://10.0.0.1:{port}/v1",
    "http://172.16.0.1/v1",
    "http://192.168.1.1/v1",
    "http://100.64.0.1/v1",
    "http://169.254.169.254/latest/meta-data/v1",
    "http://168.63.129.16/v1",
    "http://224.0.0.1/v1",
    "http://255.255.255.255/v1",
    "http://user@127.0.0.1:{port}/v1",
    "http://user:pass@example.com/v1",
    "http://example.com@127.0.0.1:{port}/v1",
    "http://127.0.0.1:{port}#@example.com/v1",
    "http://127.0.0.1:{port}\\@example.com/v1",
    "http://example.com\r\nHost: 127.0.0.1/v1",
    "http://example.com/v1\r\nX: y",
    "http://example.com /v1",
    "http://１２７.0.0.1:{port}/v1",
    "http://①②⑦.0.0.1:{port}/v1",
    "http://127。0。0。1:{port}/v1",
    "http://%31%32%37.0.0.1:{port}/v1",
    "http://93.184.216.34:22/v1",
    "http://example.com:25/v1",
    "http://example.com:6379/v1",
    "http://example.com:99999/v1",
    "http://example.com:0/v1",
    "http:///v1",
    "http://./v1",
    "http://1.2.3.4.5/v1",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/_GET",
    "ftp://127.0.0.1:{port}/v1",
    "//127.0.0.1:{port}/v1",
    "127.0.0.1:{port}/v1",
    "",
]


@pytest.fixture
def listener():
    """A loopback port that counts who connects."""
    connected = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept():
            while True:
                try:
                    peer, _ = server.accept()
                except OSError:
                    return
                connected.append(peer)
                peer.close()

        threading.Thread(target=accept, daemon=True).start()
        yield server.getsockname()[1], connected
        server.shutdown(socket.SHUT_RDWR)


class FixedResolver:
    """Name servers of an attacker: each lookup has the next answer."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.lookups = 0

    async def resolve(self, host, port=0, family=socket.AF_INET):
        self.lookups += 1
        addresses = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            {
                "hostname": host,
                "host": address,
                "port": port,
                "family": socket.AF_INET6 if ":" in address else socket.AF_INET,
                "proto": 0,
                "flags": socket.AI_NUMERICHOST,
            }
            for address in addresses
        ]

    async def close(self):
        pass


def call(url, guard, resolver=None):
    question = Question("q", (Message("user", "?"),))
    prompt = build_prompt(question, [Criterion("c", "Is right.", 1)], AnswerContent("x"))

    async def once():
        endpoint = Endpoint(url, "m", timeout=1)
        async with JudgeClient(endpoint, guard, resolver=resolver) as client:
            return await client.complete(prompt)

    return asyncio.run(once())


@pytest.mark.parametrize("url", INSIDE)
def test_s4_inside_addresses_are_never_connected_to(listener, url):
    port, connected = listener
    url = url.format(port=port) if "{port}" in url else url
    with pytest.raises(ForbiddenAddress) as error:
        AddressGuard().check_url(url)
    assert error.value.message
    with pytest.raises(JudgeRefused) as refusal:
        call(url, AddressGuard())
    assert refusal.value.code == "forbidden_address"
    assert connected == []


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["10.0.0.8", "192.168.0.1"],
        ["169.254.169.254"],
    ],
)
def test_s4_name_that_resolves_inside_is_not_connected_to(listener, addresses):
    port, connected = listener
    with pytest.raises(JudgeRefused) as refusal:
        call(f"http://judge.example:{port}/v1", AddressGuard(), FixedResolver(addresses))
    assert refusal.value.code == "forbidden_address"
    assert connected == []


def test_s4_rebinding_name_is_looked_up_once_per_connection(listener):
    """The address that was vetted is the one connected to; a second answer has no chance."""
    port, connected = listener
    resolver = FixedResolver(["203.0.113.7"], ["127.0.0.1"])
    guard = AddressGuard(["203.0.113.0/24"])
    # Nothing lives there, so the connection fails, and the loopback address is never tried.
    with pytest.raises(Exception, match="judge"):
        call(f"http://judge.example:{port}/v1", guard, resolver)
    assert resolver.lookups == 1
    assert connected == []


def test_s4_mixed_answer_keeps_only_permitted_addresses(scripted_judge):
    resolver = FixedResolver(["169.254.169.254", "10.0.0.1", "127.0.0.1"])
    url = f"http://judge.example:{scripted_judge.port}/v1"
    assert call(url, AddressGuard(["127.0.0.1"]), resolver).raw_status == 200


def test_s4_socket_is_refused_even_when_the_address_was_not_looked_up(listener):
    async def open_one():
        resolver = GuardedResolver(AddressGuard(), FixedResolver(["127.0.0.1"]))
        resolver.open_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80)))

    with pytest.raises(ForbiddenAddress):
        asyncio.run(open_one())


@pytest.mark.parametrize(
    "entry",
    [
        "127.0.0.1",
        "127.0.0.0/8",
        "127.0.0.1:{port}",
        "localhost",
        "localhost:{port}",
        " LocalHost. ",
    ],
)
def test_s4_allowed_loopback_judge_works(scripted_judge, entry):
    host = "localhost" if "ocal" in entry else "127.0.0.1"
    guard = AddressGuard([entry.format(port=scripted_judge.port)])
    url = f"http://{host}:{scripted_judge.port}/v1"
    guard.check_url(url)
    assert call(url, guard).raw_status == 200


def test_s4_allowed_host_may_resolve_inside(scripted_judge):
    guard = AddressGuard(["ollama"])
    url = f"http://ollama:{scripted_judge.port}/v1"
    assert call(url, guard, FixedResolver(["127.0.0.1"])).raw_status == 200


@pytest.mark.parametrize(
    "allow, url",
    [
        (["127.0.0.1:9000"], "http://127.0.0.1:9001/v1"),
        (["localhost:9000"], "http://localhost:9001/v1"),
        (["127.0.0.2"], "http://127.0.0.1/v1"),
        (["judge.example"], "http://localhost/v1"),
        (["127.0.0.1"], "http://127.0.0.1:22/v1"),
        (["127.0.0.1"], "http://127.1/v1"),
    ],
)
def test_s4_allowing_one_allows_no_other(allow, url):
    with pytest.raises(ForbiddenAddress):
        AddressGuard(allow).check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.openai.com/v1",
        "https://api.example.com./v1",
        "http://93.184.216.34:8000/v1",
        "https://[2606:2800:220:1:248:1893:25c8:1946]/v1",
        "https://[64:ff9b::5db8:d822]/v1",
        "https://judge-7.example.com:8443/a/b/v1/",
    ],
)
def test_public_addresses_pass(url):
    AddressGuard().check_url(url)


@pytest.mark.parametrize(
    "entry", ["http://x", "a b", "host:port", "host:99999", "127.1", "[::1", "/8"]
)
def test_allow_list_entry_that_means_nothing_is_refused(entry):
    with pytest.raises(ValueError, match="allow-list"):
        AddressGuard([entry])


def test_s4_redirect_is_not_followed(scripted_judge, listener):
    port, connected = listener
    scripted_judge.script({"kind": "redirect", "text": f"http://127.0.0.1:{port}/v1"})
    with pytest.raises(JudgeRefused) as refusal:
        call(scripted_judge.base_url, AddressGuard(["127.0.0.1"]))
    assert refusal.value.code == "redirect"
    assert connected == []
