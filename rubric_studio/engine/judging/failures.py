"""Why a judge gave no reply: temporary or permanent, and what to do about it."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from rubric_studio.engine.document.types import Json

LONGEST_EXCERPT = 200
TRUSTED_CLOCK_SKEW = 2.0  # seconds; a Date header is whole seconds and the network takes its time

_PERMANENT = {
    401: ("unauthorized", "The judge did not accept the API key. Check the key."),
    403: ("forbidden", "The judge refuses this API key. Check what the key may use."),
    404: ("not_found", "The judge knows no such model or address. Check both."),
    413: ("too_long", "The question and answer are too long for this judge."),
}
# Trouble of the endpoint, not of one cell: the next call will meet it too.
_ENDPOINT_WIDE = frozenset(
    {"unauthorized", "forbidden", "not_found", "quota_exhausted", "forbidden_address"}
    | {"tls", "redirect", "web_page", "not_compatible"}
)
# Not of the cell nor of how it was asked: the endpoint itself is not well.
_ENDPOINT_TROUBLE = frozenset(
    {"server_error", "not_reachable", "name_not_found", "timeout", "connection_lost"}
)
_TEMPORARY_STATUSES = frozenset({408, 409, 425})
_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?")
_RESET_HEADERS = ("x-ratelimit-reset-requests", "x-ratelimit-reset-tokens", "x-ratelimit-reset")
_EPOCH = 1_000_000_000  # a larger number of seconds is a moment, not a duration


class JudgeError(Exception):
    """A call brought no reply. `code` for programs, `message` for people; neither holds the key."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class JudgeUnavailable(JudgeError):
    """Temporary: worth another try, not before `retry_after` seconds if the judge named them."""

    def __init__(self, code: str, message: str, retry_after: float | None = None) -> None:
        super().__init__(code, message)
        self.retry_after = retry_after

    @property
    def is_endpoint_trouble(self) -> bool:
        """Whether the endpoint itself is not well, rather than this one call."""
        return self.code in _ENDPOINT_TROUBLE


class RateLimited(JudgeUnavailable):
    """The judge asks for fewer calls. Not the cell's fault, so no attempt is burnt."""


class JudgeRefused(JudgeError):
    """Permanent: the same call would be refused again."""

    @property
    def is_endpoint_wide(self) -> bool:
        """Whether every other call to this endpoint will be refused too."""
        return self.code in _ENDPOINT_WIDE


def failure_of_status(
    status: int, headers: Mapping[str, str], payload: Json, api_key: str
) -> JudgeError:
    """The error for a reply that is not a success.

    `payload` is the body as JSON, or None. Of it only a short excerpt of its error message is
    shown, never for a refused key, since some judges echo the key.
    """
    excerpt = _excerpt(payload, api_key)
    if status == 429:
        if _error_field(payload, "code") == "insufficient_quota":
            return JudgeRefused("quota_exhausted", "The judge's account has no credit left.")
        message = "The judge asks for fewer calls. It is tried again when it allows."
        return RateLimited("rate_limited", message, seconds_to_wait(headers))
    if status >= 500 or status in _TEMPORARY_STATUSES:
        message = f"The judge has trouble of its own (status {status}).{excerpt}"
        return JudgeUnavailable("server_error", message, seconds_to_wait(headers))
    if 300 <= status < 400:
        message = "The judge's address points elsewhere. Enter the address where it really is."
        return JudgeRefused("redirect", message)
    if status in (401, 403):
        excerpt = ""
    code, message = _PERMANENT.get(
        status, ("bad_request", f"The judge did not accept the request (status {status}).")
    )
    return JudgeRefused(code, message + excerpt)


def failure_in_success(payload: Json, api_key: str) -> JudgeError:
    """The error for status 200 with something else than a chat completion inside."""
    if isinstance(payload, dict) and payload.get("error"):
        code = _error_field(payload, "code")
        status = code if isinstance(code, int) and 400 <= code < 600 else 500
        return failure_of_status(status, {}, payload, api_key)
    message = "The address answers, but not as an OpenAI-compatible chat endpoint. Check its path."
    return JudgeRefused("not_compatible", message)


def web_page() -> JudgeRefused:
    """The error for HTML in place of JSON."""
    message = (
        "The address answers with a web page. The path of the API, such as /v1, may be missing."
    )
    return JudgeRefused("web_page", message)


def no_models() -> JudgeRefused:
    """The error for something else than a list of models."""
    return JudgeRefused("no_models", "The address answers, but not with a list of models.")


def names_response_format(payload: Json) -> bool:
    """Whether an error is about structured output, which the judge then lacks."""
    text = str(payload).lower()
    return "response_format" in text or "json_schema" in text


def seconds_to_wait(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds until the judge wants to be called again, >= 0; None when it does not say.

    Reads Retry-After as seconds or as an HTTP date (RFC 9110, 10.2.3), else `retry-after-ms` and
    the largest of the x-ratelimit-reset headers ("6m0s", "120ms", seconds, or a Unix time).
    """
    now = now or datetime.now(UTC)
    retry_after = headers.get("Retry-After", "").strip()
    if (milliseconds := _number(headers.get("retry-after-ms", ""))) is not None:
        return milliseconds / 1000
    if (seconds := _number(retry_after)) is not None:
        return seconds
    if (moment := _http_date(retry_after)) is not None:
        return max(0.0, (moment - _judges_now(headers, now)).total_seconds())
    waits = [_reset(headers.get(name, ""), now) for name in _RESET_HEADERS]
    return max((wait for wait in waits if wait is not None), default=None)


def _judges_now(headers: Mapping[str, str], now: datetime) -> datetime:
    """The judge's date counts by the judge's clock; ours is finer where the two agree."""
    theirs = _http_date(headers.get("Date", ""))
    if theirs is None or abs((theirs - now).total_seconds()) <= TRUSTED_CLOCK_SKEW:
        return now
    return theirs


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _number(text: str) -> float | None:
    text = text.strip()
    return float(text) if re.fullmatch(r"\d{1,15}(\.\d{1,9})?", text) else None


def _reset(text: str, now: datetime) -> float | None:
    number = _number(text)
    if number is not None:
        return max(0.0, number - now.timestamp()) if number > _EPOCH else number
    match = _DURATION.fullmatch(text.strip())
    if match is None or not any(match.groups()):
        return None
    hours, minutes, seconds, milliseconds = (float(group or 0) for group in match.groups())
    return hours * 3600 + minutes * 60 + seconds + milliseconds / 1000


def _error_field(payload: Json, name: str) -> Json:
    error = payload.get("error") if isinstance(payload, dict) else None
    return error.get(name) if isinstance(error, dict) else None


def _excerpt(payload: Json, api_key: str) -> str:
    text = _error_field(payload, "message")
    if text is None and isinstance(payload, dict):
        text = payload.get("error") or payload.get("detail") or payload.get("message")
    if not isinstance(text, str):
        return ""
    if api_key:
        text = text.replace(api_key, "…")
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return f' It says: "{text[:LONGEST_EXCERPT]}"' if text else ""
