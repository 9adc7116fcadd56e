"""Calls to one judge: one HTTP session, many calls in flight, every failure named."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import aiohttp
import orjson
from aiohttp.abc import AbstractResolver

from rubric_studio.engine.document.types import Json
from rubric_studio.engine.judging.addresses import AddressGuard, ForbiddenAddress, GuardedResolver
from rubric_studio.engine.judging.endpoint import KEPT_FIELDS, Endpoint
from rubric_studio.engine.judging.failures import (
    JudgeError,
    JudgeRefused,
    JudgeUnavailable,
    RateLimited,
    failure_in_success,
    failure_of_status,
    names_response_format,
    no_models,
    web_page,
)
from rubric_studio.engine.judging.prompt import Prompt

__all__ = [
    "Completion",
    "JudgeClient",
    "JudgeError",
    "JudgeRefused",
    "JudgeUnavailable",
    "RateLimited",
]

LARGEST_REPLY = 1 << 20  # bytes, after decompression
LONGEST_CONNECT = 10.0  # seconds
MOST_MODELS, LONGEST_MODEL_NAME = 500, 200
COMPLETIONS = "/chat/completions"


@dataclass(frozen=True, slots=True)
class Completion:
    """A judge's reply. Token counts are None when the judge does not report them."""

    text: str
    prompt_tokens: int | None
    completion_tokens: int | None
    seconds: float
    raw_status: int
    cut_off: bool = False


@dataclass(frozen=True, slots=True)
class _Response:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def payload(self) -> Json:
        """The body as JSON, None when it is none."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return None

    @property
    def is_web_page(self) -> bool:
        is_html = "html" in self.headers.get("Content-Type", "")
        return is_html or self.body[:100].lstrip().startswith(b"<")


class JudgeClient:
    """An async context manager around one HTTP session to one endpoint.

    `connections` is the most that are open at once. `resolver` replaces the system's name lookup;
    whatever it answers passes the guard.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        guard: AddressGuard,
        *,
        connections: int = 64,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self.endpoint = endpoint
        self._guard = guard
        self._connections = connections
        self._inner_resolver = resolver
        self._base = endpoint.base_url.rstrip("/")
        self._is_address_checked = False
        self._is_structured = endpoint.structured_output
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        resolver = GuardedResolver(self._guard, self._inner_resolver)
        connector = aiohttp.TCPConnector(
            limit=self._connections, resolver=resolver, socket_factory=resolver.open_socket
        )
        longest = self.endpoint.timeout
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.endpoint.api_key:
            headers["Authorization"] = f"Bearer {self.endpoint.api_key}"
        self._session = aiohttp.ClientSession(
            connector=connector,
            headers=headers,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(
                total=longest, sock_connect=min(longest, LONGEST_CONNECT)
            ),
        )
        return self

    async def __aexit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def complete(self, prompt: Prompt, *, structured: bool = True) -> Completion:
        """One reply. `structured` False asks for plain JSON even where a schema would be taken.

        A judge that refuses the schema is asked again without it, and never offered one again by
        this client. Raises JudgeUnavailable (RateLimited among them) or JudgeRefused.
        """
        started = time.perf_counter()
        if not self._is_address_checked:
            self._check_address()
        structured = structured and self._is_structured
        response = await self._send("POST", COMPLETIONS, self._body(prompt, structured))
        if structured and response.status in (400, 422) and names_response_format(response.payload):
            self._is_structured = False
            body = self._body(prompt, structured=False)
            response = await self._send("POST", COMPLETIONS, body)
        return self._completion(response, time.perf_counter() - started)

    @property
    def takes_schema(self) -> bool:
        """Whether a schema is still offered: false once the judge has refused one."""
        return self._is_structured

    async def model_names(self) -> list[str]:
        """The models that the endpoint names at /models, as it orders them; at most 500.

        Raises JudgeUnavailable or JudgeRefused, as `complete` does, also when what comes back is no
        list of models.
        """
        if not self._is_address_checked:
            self._check_address()
        response = await self._send("GET", "/models")
        if response.status != 200:
            key = self.endpoint.api_key
            raise failure_of_status(response.status, response.headers, response.payload, key)
        payload = response.payload
        listed = payload.get("data") if isinstance(payload, dict) else None
        if not isinstance(listed, list):
            raise web_page() if response.is_web_page else no_models()
        names = (it.get("id") for it in listed[:MOST_MODELS] if isinstance(it, dict))
        return [it for it in names if isinstance(it, str) and 0 < len(it) <= LONGEST_MODEL_NAME]

    def _check_address(self) -> None:
        try:
            self._guard.check_url(self._base)
        except ForbiddenAddress as error:
            raise JudgeRefused("forbidden_address", error.message) from error
        self._is_address_checked = True

    def _body(self, prompt: Prompt, structured: bool) -> bytes:
        endpoint = self.endpoint
        fields: dict[str, Json] = {
            "model": endpoint.model,
            "messages": prompt.messages,
            "temperature": endpoint.temperature,
            "max_tokens": endpoint.max_tokens,
            "stream": False,
        }
        if endpoint.seed is not None:
            fields["seed"] = endpoint.seed
        if structured:
            schema = {"name": "verdicts", "strict": True, "schema": prompt.schema}
            fields["response_format"] = {"type": "json_schema", "json_schema": schema}
        for name, value in endpoint.extra_body.items():
            if name in KEPT_FIELDS:
                continue
            fields[name] = value
            if value is None:
                del fields[name]
        return orjson.dumps(fields)

    async def _send(self, method: str, path: str, body: bytes | None = None) -> _Response:
        if self._session is None:
            raise RuntimeError("Use the client inside `async with`.")
        try:
            async with self._session.request(
                method, self._base + path, data=body, allow_redirects=False
            ) as response:
                content = await _read_capped(response)
                return _Response(response.status, response.headers, content)
        except ForbiddenAddress as error:
            raise JudgeRefused("forbidden_address", error.message) from error
        except TimeoutError as error:
            seconds = f"{self.endpoint.timeout:g}"
            message = f"The judge gave no reply within {seconds} seconds."
            raise JudgeUnavailable("timeout", message) from error
        except aiohttp.InvalidURL as error:
            message = "The judge's address is not a valid URL. Type it again."
            raise JudgeRefused("forbidden_address", message) from error
        except aiohttp.ClientConnectorCertificateError as error:
            message = "The judge's certificate is not valid for its address. Check the address."
            raise JudgeRefused("tls", message) from error
        except aiohttp.ClientSSLError as error:
            message = (
                "The judge's address begins with https, but no secure connection can be made. "
                "Try it with http:// if the server speaks plain HTTP."
            )
            raise JudgeRefused("tls", message) from error
        except aiohttp.ClientConnectorDNSError as error:
            message = "The name in the judge's address was not found. Check the address."
            raise JudgeUnavailable("name_not_found", message) from error
        except aiohttp.ClientConnectorError as error:
            message = "The judge cannot be reached. Check that it is running."
            raise JudgeUnavailable("not_reachable", message) from error
        except (aiohttp.ClientError, ConnectionError) as error:
            message = "The judge broke off the connection."
            raise JudgeUnavailable("connection_lost", message) from error

    def _completion(self, response: _Response, seconds: float) -> Completion:
        key = self.endpoint.api_key
        payload = response.payload
        if response.status != 200:
            raise failure_of_status(response.status, response.headers, payload, key)
        if payload is None:
            if response.is_web_page:
                raise web_page()
            raise JudgeUnavailable("broken_body", "The judge's response broke off half-way.")
        choice = _first_choice(payload)
        if choice is None:
            raise failure_in_success(payload, key)
        usage = payload.get("usage")
        return Completion(
            text=_text(choice["message"].get("content")),
            prompt_tokens=_count(usage, "prompt_tokens"),
            completion_tokens=_count(usage, "completion_tokens"),
            seconds=seconds,
            raw_status=response.status,
            cut_off=choice.get("finish_reason") == "length",
        )


async def _read_capped(response: aiohttp.ClientResponse) -> bytes:
    chunks = bytearray()
    async for chunk in response.content.iter_any():
        chunks += chunk
        if len(chunks) > LARGEST_REPLY:
            response.close()
            raise JudgeRefused("too_large", "The judge's response is larger than 1 MiB.")
    return bytes(chunks)


def _first_choice(payload: Json) -> dict[str, Json] | None:
    choices = payload.get("choices") if isinstance(payload, dict) else None
    choice = choices[0] if isinstance(choices, list) and choices else None
    if isinstance(choice, dict) and isinstance(choice.get("message"), dict):
        return choice
    return None


def _text(content: Json) -> str:
    """The content of a message: a text, or a list of parts with texts; anything else is empty."""
    if isinstance(content, list):
        return "".join(_text(part.get("text")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def _count(usage: Json, name: str) -> int | None:
    value = usage.get(name) if isinstance(usage, dict) else None
    is_count = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if is_count else None
