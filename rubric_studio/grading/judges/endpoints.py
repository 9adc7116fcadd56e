"""From a judge's row to the endpoint that is called, key included, and to its identity."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from rubric_studio.engine.document.types import Json
from rubric_studio.engine.judging.addresses import AddressGuard, ForbiddenAddress
from rubric_studio.engine.judging.endpoint import Endpoint
from rubric_studio.errors import DomainError
from rubric_studio.grading.judges.secrets import decrypt
from rubric_studio.grading.models import Judge

DEMO_MODEL = "smollm2-135m"
DEMO_NAME = "SmolLM2-135M (demo)"
# The demo judge moves to another port now and then; its verdicts stay the same.
DEMO_ADDRESS = "demo"
SHORTEST_HINTED_KEY = 12  # four letters of a shorter key would give too much of it away


class JudgeGone(DomainError):
    code = "judge_gone"
    message = "This judge is no longer set up here. Choose another one."


def endpoint_of(judge: Judge) -> Endpoint:
    """Where the judge is asked, key included. Raises JudgeGone, SecretUnreadable."""
    if judge.is_panel:
        raise JudgeGone("A panel has no endpoint of its own. Test each of its judges.")
    return endpoint_with(judge, _key_of(judge))


def identity_of(judge: Judge) -> Mapping[str, Json]:
    """What of the judge can change a verdict: part of every fingerprint."""
    identity = endpoint_with(judge, "").identity()
    return {**identity, "base_url": DEMO_ADDRESS} if judge.is_demo else identity


def settings_problems() -> list[str]:
    """What is missing or wrong in the operator's settings of judges, for the operator to read."""
    found = []
    if settings.JUDGE_BASE_URL and not settings.JUDGE_MODEL:
        found.append(
            "JUDGE_BASE_URL is set, but JUDGE_MODEL is missing, so there is no default judge. Set "
            "JUDGE_MODEL to a model that the endpoint has."
        )
    if settings.JUDGE_MODEL and not settings.JUDGE_BASE_URL:
        found.append(
            "JUDGE_MODEL is set, but JUDGE_BASE_URL is missing, so there is no default judge."
        )
    if settings.JUDGE_BASE_URL:
        try:
            address_guard().check_url(settings.JUDGE_BASE_URL)
        except ForbiddenAddress as error:
            found.append(f"JUDGE_BASE_URL can't be asked. {error.message}")
    return found


def address_guard() -> AddressGuard:
    """Which addresses may be called: public ones, and those that the operator set or allowed."""
    return AddressGuard(allowed_addresses())


def allowed_addresses() -> tuple[str, ...]:
    own = (settings.JUDGE_BASE_URL, settings.DEMO_JUDGE_URL)
    return (*settings.JUDGE_ENDPOINT_ALLOWLIST, *(_host_and_port(url) for url in own if url))


def hint_of(key: str) -> str:
    """The end of a key, to tell keys apart; nothing of a short one."""
    return key[-4:] if len(key) >= SHORTEST_HINTED_KEY else ""


def _key_of(judge: Judge) -> str:
    if judge.kind == Judge.Kind.ADDED:
        if judge.deleted_at is not None:
            raise JudgeGone
        if judge.key_encrypted is None:
            return ""
        return decrypt(bytes(judge.key_encrypted), aad_of(judge))
    if not is_same_judge(judge, installed_judges().get(judge.kind)):
        raise JudgeGone
    return str(settings.DEMO_JUDGE_KEY if judge.kind == Judge.Kind.DEMO else settings.JUDGE_API_KEY)


def endpoint_with(judge: Judge, key: str) -> Endpoint:
    """The endpoint of a row with this key. Raises ValueError for what can't be sent."""
    return Endpoint(
        base_url=settings.DEMO_JUDGE_URL or judge.base_url if judge.is_demo else judge.base_url,
        model=judge.model,
        api_key=key,
        temperature=judge.temperature,
        max_tokens=judge.max_tokens,
        timeout=judge.timeout,
        extra_body=judge.extra_body,
        structured_output=judge.structured_output,
        seed=judge.seed,
        price_in=Decimal(judge.price_in),
        price_out=Decimal(judge.price_out),
    )


def installed_judges() -> dict[str, dict[str, Any]]:
    """The judges that the installation brings, by kind, as fields of their rows."""
    found: dict[str, dict[str, Any]] = {}
    if settings.JUDGE_BASE_URL and settings.JUDGE_MODEL:
        found[Judge.Kind.ENVIRONMENT] = {
            "name": settings.JUDGE_MODEL[:120],
            "base_url": settings.JUDGE_BASE_URL.rstrip("/"),
            "model": settings.JUDGE_MODEL,
            "key_hint": hint_of(settings.JUDGE_API_KEY),
        }
    if settings.DEMO_JUDGE_URL:
        found[Judge.Kind.DEMO] = {
            "name": DEMO_NAME,
            "base_url": settings.DEMO_JUDGE_URL.rstrip("/"),
            "model": DEMO_MODEL,
            "max_tokens": 200,
            "concurrency": 2,
        }
    return found


def is_same_judge(judge: Judge, fields: Mapping[str, Any] | None) -> bool:
    """Whether the row is the judge that the settings describe, so that its grades still count."""
    if fields is None:
        return False
    same_place = judge.is_demo or judge.base_url == fields["base_url"]
    return bool(same_place and judge.model == fields["model"])


def aad_of(judge: Judge) -> bytes:
    """What binds an encrypted key to its row."""
    return b"judge " + judge.pk.bytes


def _host_and_port(url: str) -> str:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = parts.hostname or ""
    if not host:
        return ""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
