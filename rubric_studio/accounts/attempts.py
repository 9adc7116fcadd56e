"""How often somebody may fail to sign in: counted in the cache, for an hour."""

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from rubric_studio.errors import DomainError

SECONDS = 3600
FAILURES_OF_ACCOUNT = 10
FAILURES_OF_ADDRESS = 20


class TooManyAttempts(DomainError):
    code = "too-many-attempts"
    message = (
        "Too many failed attempts. Wait an hour, "
        "or ask whoever runs this server for a sign-in link."
    )


def address_of(request: HttpRequest) -> str:
    """The client's address: behind the TLS proxy that HTTPS=true speaks of, the one it saw."""
    if settings.HTTPS:
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded
    return str(request.META.get("REMOTE_ADDR", ""))


@dataclass(frozen=True)
class Attempts:
    """The failures of one account from one address, and of that address with any account."""

    email: str
    address: str

    @property
    def _limits(self) -> dict[str, int]:
        return {
            _key("account", f"{self.email.strip().lower()} {self.address}"): FAILURES_OF_ACCOUNT,
            _key("address", self.address): FAILURES_OF_ADDRESS,
        }

    def refuse_too_many(self) -> None:
        """Raises TooManyAttempts when either limit is reached."""
        counts = cache.get_many(self._limits)
        if any(counts.get(key, 0) >= limit for key, limit in self._limits.items()):
            raise TooManyAttempts

    def note_failure(self) -> None:
        for key in self._limits:
            cache.add(key, 0, timeout=SECONDS)
            cache.incr(key)

    def forget(self) -> None:
        """After a success: mistyping now and then is not held against the account."""
        cache.delete(_key("account", f"{self.email.strip().lower()} {self.address}"))


def _key(kind: str, text: str) -> str:
    return f"sign-in-{kind}-{hashlib.sha256(text.encode()).hexdigest()[:32]}"
