"""The scripted judge's HTTP side: reads the prompt as a model would, decides by a rule, counts."""

import asyncio
import json
import math
import random
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from email.utils import formatdate

from aiohttp import web

from tests.scripted_faults import CONTENT_FAULTS, Fault, reply_text
from tests.scripted_responses import error, plain_fault
from tests.scripted_rules import RULES, by_words, read_prompt

# A call that was on its way when the judge asked for silence is not early. A machine that does much
# else takes its time to bring it; who has not heard of the silence calls on to its end.
ON_ITS_WAY = 0.5


@dataclass
class Bucket:
    """A judge's own rate limit: calls per second, with `burst` saved up at most."""

    per_second: float
    burst: float = 1.0
    form: str = "seconds"
    tokens: float = field(default=-1.0, init=False)
    filled_at: float = field(default=0.0, init=False)

    def seconds_until_free(self):
        """0 when the call may pass (and then takes a token)."""
        now = time.monotonic()
        gained = (now - self.filled_at) * self.per_second
        self.tokens = self.burst if self.tokens < 0 else min(self.burst, self.tokens + gained)
        self.filled_at = now
        if self.tokens >= 1:
            self.tokens -= 1
            return 0.0
        return (1 - self.tokens) / self.per_second


@dataclass
class Settings:
    """What a script may set. `rule` names a rule, `rules` is {part of the answer: verdict}."""

    delay: float = 0.0
    rule: object = "hash"
    rules: dict | None = None
    faults: list = field(default_factory=list)
    bucket: Bucket | None = None
    api_key: str = ""
    seed: int = 0
    keep_requests: bool = True
    model: str = "scripted"

    @classmethod
    def read(cls, values):
        settings = cls(**values)
        settings.faults = [Fault(**it) if isinstance(it, dict) else it for it in settings.faults]
        if isinstance(settings.bucket, dict):
            settings.bucket = Bucket(**settings.bucket)
        return settings

    def decide(self, criterion, answer):
        if self.rules is not None:
            return by_words(self.rules)(criterion, answer)
        rule = RULES[self.rule] if isinstance(self.rule, str) else self.rule
        return rule(criterion, answer)


class ScriptedServer:
    """State and handlers. Everything runs on the one event loop of its server."""

    def __init__(self, settings):
        self.first_settings = settings
        self.reset()

    def reset(self):
        self.apply(self.first_settings)
        self.calls = self.replies = self.in_flight = self.max_in_flight = self.early_calls = 0
        self.cells = Counter()
        self.requests = []
        self.happened = Counter()
        self.silent_since = self.silent_until = 0.0
        self.started_at = self.last_call_at = None

    def apply(self, settings):
        self.settings = settings
        self.chance = random.Random(settings.seed)

    def app(self):
        app = web.Application(client_max_size=1 << 26)
        app.router.add_post("/v1/chat/completions", self.complete)
        app.router.add_get("/v1/models", self.models)
        app.router.add_get("/stats", self.get_stats)
        app.router.add_get("/cells", self.get_cells)
        app.router.add_get("/requests", self.get_requests)
        app.router.add_post("/reset", self.post_reset)
        app.router.add_post("/script", self.post_script)
        return app

    # --- the judge

    async def models(self, request):
        return web.json_response({"object": "list", "data": [{"id": self.settings.model}]})

    async def complete(self, request):
        self.in_flight += 1
        self.max_in_flight = max(self.max_in_flight, self.in_flight)
        try:
            return await self._complete(request)
        finally:
            self.in_flight -= 1

    async def _complete(self, request):
        body = json.loads(await request.read())
        asked = read_prompt(body["messages"])
        self._count(request, body, asked)
        if refusal := self._refusal(request):
            return refusal
        cell_calls = max(self.cells[criterion.text, asked.answer] for criterion in asked.criteria)
        fault = self._fault(body, asked, cell_calls)
        if self.settings.delay:
            await asyncio.sleep(self.settings.delay)
        if fault is not None and fault.kind not in CONTENT_FAULTS:
            response = await self._transport_fault(fault, request)
            if response is not None:
                return response
        self.replies += 1
        return web.Response(
            body=self._completion(fault, body, asked), content_type="application/json"
        )

    def _count(self, request, body, asked):
        now = time.time()
        self.calls += 1
        self.started_at = self.started_at or now
        self.last_call_at = now
        self.early_calls += self.silent_since + ON_ITS_WAY < now < self.silent_until
        for criterion in asked.criteria:
            self.cells[criterion.text, asked.answer] += 1
        if self.settings.keep_requests:
            self.requests.append(
                {
                    "number": self.calls,
                    "at": now,
                    "criteria": [criterion.text for criterion in asked.criteria],
                    "answer": asked.answer,
                    "authorization": request.headers.get("Authorization", ""),
                    "body": body,
                }
            )

    def _refusal(self, request):
        key = self.settings.api_key
        if key and request.headers.get("Authorization") != f"Bearer {key}":
            return error(401, "Incorrect API key provided.")
        wait = self.settings.bucket.seconds_until_free() if self.settings.bucket else 0
        if wait:
            self.happened["rate_limit"] += 1
            return self._rate_limited(wait, self.settings.bucket.form)
        return None

    def _fault(self, body, asked, cell_calls):
        for fault in self.settings.faults:
            if fault.kind == "no_response_format" and "response_format" not in body:
                continue
            if fault.strikes(self.calls, asked, cell_calls, self.chance):
                self.happened[fault.kind] += 1
                return fault
        return None

    async def _transport_fault(self, fault, request):
        match fault.kind:
            case "delay":
                await asyncio.sleep(fault.seconds or 1)
                return None
            case "rate_limit":
                return self._rate_limited(1 if fault.seconds is None else fault.seconds, fault.form)
            case "overloaded":
                headers = {"Retry-After": str(fault.seconds or 1)}
                return error(503, "Overloaded.", headers=headers)
            case "hang":
                await asyncio.sleep(fault.seconds or 3600)
                return error(500, "Woke up.")
            case "reset":
                request.transport.abort()
                return web.Response()
            case "half_body":
                response = web.StreamResponse(headers={"Content-Length": "1000"})
                response.content_type = "application/json"
                await response.prepare(request)
                await response.write(b'{"choices": [{"message": {"content": "{')
                request.transport.close()
                return response
            case "redirect":
                return web.Response(status=307, headers={"Location": fault.text})
        return plain_fault(fault, request)

    def _rate_limited(self, wait, form):
        now = time.time()
        headers = {}
        if form == "seconds":
            headers["Retry-After"] = str(math.ceil(wait))
            until = now + math.ceil(wait)
        elif form == "date":
            until = math.ceil(now + wait)
            headers["Retry-After"] = formatdate(until, usegmt=True)
        else:
            until = now
        if until > self.silent_until:
            self.silent_since = now if now > self.silent_until else self.silent_since
            self.silent_until = until
        return error(429, "Slow down.", headers=headers)

    def _completion(self, fault, body, asked):
        decisions = {
            criterion.label: {
                "reason": "Because the script says so.",
                "quotes": [asked.answer[:40]] if asked.answer.strip() else [],
                "verdict": self.settings.decide(criterion, asked.answer),
            }
            for criterion in asked.criteria
        }
        text = reply_text(fault, decisions, asked)
        prompt_tokens = sum(len(message["content"]) for message in body["messages"]) // 4
        is_cut = fault is not None and fault.kind == "truncated"
        return json.dumps(
            {
                "object": "chat.completion",
                "model": self.settings.model,
                "choices": [
                    {
                        "index": 0,
                        "message": {"role": "assistant", "content": text},
                        "finish_reason": "length" if is_cut else "stop",
                    }
                ],
                "usage": {"prompt_tokens": prompt_tokens, "completion_tokens": len(text) // 4},
            }
        ).encode()

    # --- control

    def stats(self):
        return {
            "calls": self.calls,
            "replies": self.replies,
            "cells": len(self.cells),
            "max_calls_per_cell": max(self.cells.values(), default=0),
            "in_flight": self.in_flight,
            "max_in_flight": self.max_in_flight,
            "early_calls": self.early_calls,
            "faults": dict(self.happened),
            "first_call_at": self.started_at,
            "last_call_at": self.last_call_at,
        }

    async def get_stats(self, request):
        return web.json_response(self.stats())

    async def get_cells(self, request):
        rows = [{"criterion": c, "answer": a, "calls": n} for (c, a), n in self.cells.items()]
        return web.json_response(rows)

    async def get_requests(self, request):
        return web.json_response(self.requests)

    async def post_reset(self, request):
        self.reset()
        return web.json_response(self.stats())

    async def post_script(self, request):
        kept = {
            name: value
            for name, value in vars(self.settings).items()
            if name not in ("faults", "bucket")
        }
        values = await request.json()
        unchanged = {"faults": self.settings.faults, "bucket": self.settings.bucket}
        self.apply(Settings.read(kept | unchanged | values))
        return web.json_response({"faults": [asdict(it) for it in self.settings.faults]})
