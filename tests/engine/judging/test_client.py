import asyncio
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from rubric_studio.engine.judging.addresses import AddressGuard
from rubric_studio.engine.judging.answer import AnswerContent
from rubric_studio.engine.judging.client import (
    JudgeClient,
    JudgeError,
    JudgeRefused,
    JudgeUnavailable,
    RateLimited,
)
from rubric_studio.engine.judging.endpoint import Endpoint
from rubric_studio.engine.judging.failures import seconds_to_wait
from rubric_studio.engine.judging.prompt import build_prompt

KEY = "sk-canary-7f3a9c"


@pytest.fixture
def ask(scripted_judge, question, emergency):
    """ask(): one completion; ask(times=2): that many from one client."""

    def run(times=1, **settings):
        values = {"base_url": scripted_judge.base_url, "model": "m", "api_key": KEY, "timeout": 2}
        endpoint = Endpoint(**values | settings)

        async def calls():
            async with JudgeClient(endpoint, AddressGuard(["127.0.0.1"])) as client:
                prompt = build_prompt(question, [emergency], AnswerContent("Call 112."))
                return [await client.complete(prompt) for _ in range(times)]

        return asyncio.run(calls())[-1]

    return run


def test_completion_brings_text_tokens_and_time(ask, scripted_judge):
    completion = ask()
    assert '"verdict"' in completion.text
    assert completion.prompt_tokens > 0
    assert completion.completion_tokens > 0
    assert 0 < completion.seconds < 20
    assert completion.raw_status == 200
    (request,) = scripted_judge.requests()
    assert request["authorization"] == f"Bearer {KEY}"
    assert request["body"]["temperature"] == 0
    assert request["body"]["response_format"]["json_schema"]["strict"] is True


@pytest.mark.parametrize(
    "kind, error, code",
    [
        ("rate_limit", RateLimited, "rate_limited"),
        ("no_credit", JudgeRefused, "quota_exhausted"),
        ("server_error", JudgeUnavailable, "server_error"),
        ("overloaded", JudgeUnavailable, "server_error"),
        ("reset", JudgeUnavailable, "connection_lost"),
        ("half_body", JudgeUnavailable, "connection_lost"),
        ("broken_json", JudgeUnavailable, "broken_body"),
        ("bad_gateway_page", JudgeUnavailable, "server_error"),
        ("error_in_success", JudgeUnavailable, "server_error"),
        ("html", JudgeRefused, "web_page"),
        ("not_chat", JudgeRefused, "not_compatible"),
        ("unauthorized", JudgeRefused, "unauthorized"),
        ("model_not_found", JudgeRefused, "not_found"),
        ("bad_request", JudgeRefused, "bad_request"),
        ("huge", JudgeRefused, "too_large"),
    ],
)
def test_every_failure_has_its_kind_and_never_tells_the_key(ask, scripted_judge, kind, error, code):
    scripted_judge.script({"kind": kind})
    with pytest.raises(JudgeError) as raised:
        ask()
    assert type(raised.value) is error
    assert raised.value.code == code
    assert raised.value.message
    assert KEY not in f"{raised.value!r} {raised.value.message} {raised.value.__dict__}"
    assert len(raised.value.message) < 320


def test_hanging_judge_times_out(ask, scripted_judge):
    scripted_judge.script({"kind": "hang"})
    started = time.monotonic()
    with pytest.raises(JudgeUnavailable) as raised:
        ask(timeout=0.3)
    assert raised.value.code == "timeout"
    assert time.monotonic() - started < 20


def test_judge_that_is_not_running_is_unavailable(ask):
    with pytest.raises(JudgeUnavailable) as raised:
        ask(base_url="http://127.0.0.1:1024/v1")
    assert raised.value.code == "not_reachable"


def test_plain_http_port_asked_for_tls_is_refused(ask, scripted_judge):
    with pytest.raises(JudgeError) as raised:
        ask(base_url=scripted_judge.base_url.replace("http", "https"))
    assert raised.value.code in ("tls", "not_reachable")


def test_judge_without_structured_output_is_asked_for_plain_json_once(ask, scripted_judge):
    scripted_judge.script({"kind": "no_response_format"})
    ask(times=3)
    has_format = ["response_format" in it["body"] for it in scripted_judge.requests()]
    assert has_format == [True, False, False, False]


def test_structured_output_can_be_switched_off(ask, scripted_judge):
    ask(structured_output=False)
    (request,) = scripted_judge.requests()
    assert "response_format" not in request["body"]


def test_extra_body_adds_replaces_and_removes_but_never_redirects_the_question(ask, scripted_judge):
    extra = {
        "top_p": 0.5,
        "max_tokens": None,
        "max_completion_tokens": 99,
        "messages": [],
        "model": "x",
    }
    ask(extra_body=extra, seed=7)
    body = scripted_judge.requests()[0]["body"]
    assert (body["top_p"], body["max_completion_tokens"], body["seed"]) == (0.5, 99, 7)
    assert "max_tokens" not in body
    assert len(body["messages"]) == 2
    assert body["model"] == "m"


def test_key_is_hidden_and_may_hold_no_line_break():
    assert KEY not in repr(Endpoint("https://judge.example/v1", "m", api_key=KEY))
    with pytest.raises(ValueError, match="API key") as raised:
        Endpoint("https://judge.example/v1", "m", api_key=f"{KEY}\r\nX-Evil: 1")
    assert KEY not in str(raised.value)


@pytest.mark.parametrize(
    "settings",
    [
        {"model": " "},
        {"temperature": float("nan")},
        {"temperature": -1},
        {"max_tokens": 0},
        {"timeout": 0},
        {"seed": 2**60},
    ],
)
def test_settings_that_cannot_be_sent_are_refused(settings):
    with pytest.raises(ValueError, match=r"\.$"):
        Endpoint(**{"base_url": "https://judge.example/v1", "model": "m"} | settings)


NOW = datetime(2026, 11, 22, 12, 0, 0, 500_000, tzinfo=UTC)


def at(seconds):
    return format_datetime(NOW.replace(microsecond=0) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    "headers, seconds",
    [
        ({}, None),
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": " 0 "}, 0),
        ({"Retry-After": "1.5"}, 1.5),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-3"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": at(30)}, 29.5),
        ({"Retry-After": at(-30)}, 0),
        ({"Retry-After": at(30), "Date": at(1)}, 29.5),
        ({"Retry-After": at(3630), "Date": at(3600)}, 30),
        ({"retry-after-ms": "250", "Retry-After": "1"}, 0.25),
        ({"x-ratelimit-reset-requests": "6m1s", "x-ratelimit-reset-tokens": "120ms"}, 361),
        ({"x-ratelimit-reset": str(int(NOW.timestamp()) + 10)}, 9.5),
        ({"x-ratelimit-reset": "12"}, 12),
    ],
)
def test_j8_waiting_time_is_read_in_every_form(headers, seconds):
    assert seconds_to_wait(headers, NOW) == pytest.approx(seconds)
